"""Build the notes with the engine alone, without MkDocs and its theme: a tenth of the time, and the same problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from garden.build import Built, Project, SourceFile
from garden.build import build as build_site
from garden.lint import rules
from garden.markdown.convert import MarkdownSettings
from garden.model.report import Report
from garden.model.settings import Settings
from garden.runtime.published import BROWSER
from garden.snippets.library import Library
from garden.source import settings
from garden.theme.bundle import THEME


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a mkdocs.yml says, as far as the engine has to do with it."""

    markdown: MarkdownSettings
    settings: Settings


class _Loader(yaml.UnsafeLoader):
    """Reads mkdocs.yml, which names a function; what it takes from the environment is nothing here."""


_Loader.add_constructor("!ENV", lambda *_: None)


def build(
    root: Path,
    configuration: Configuration,
    report: Report,
    *,
    pages: bool = True,
    required: bool = False,
    topics: Mapping[str, Sequence[str]] | None = None,
    theme: Path = THEME,
    browser: Path = BROWSER,
) -> Built:
    """Build and check the notes in ``root/docs`` as a ``configuration`` says; what is wrong goes to ``report``.

    With ``pages``, snippets have theirs; with ``required``, they must have proofs. ``topics`` are those of the map;
    ``theme`` and ``browser`` are the folders of what pages load.
    """
    wanted = replace(configuration.settings, proofs="required" if required else "optional")
    # Without pages, what is wrong with a snippet matters where a note shows it, and is reported there.
    library = Library(root, wanted, report if pages else Report())
    project = Project(
        docs=root / "docs",
        files=sources(root / "docs"),
        library=library,
        markdown=configuration.markdown,
        settings=wanted,
        snippet_pages={path: address(path) for path in library.pages} if pages else None,
        topics=topics or {},
        theme=theme,
        browser=browser,
    )
    built = build_site(project, report)
    rules.check(built.notes.values(), report)
    return built


def configuration(config: Path) -> Configuration:
    """Return what a mkdocs.yml says; raise `Unreadable`."""
    found = settings.load(config)
    text = config.read_text(encoding="utf-8")
    try:
        given = yaml.load(text, _Loader)  # noqa: S506  (as MkDocs reads it)
    except yaml.YAMLError as error:
        raise settings.Unreadable(settings.no_yaml(error, config.name, text)) from None
    return Configuration(_markdown(given), found)


def _markdown(given: Mapping[str, Any] | None) -> MarkdownSettings:
    """Return the Markdown extensions that are named, after those that MkDocs adds, and their options."""
    names, options = ["toc", "tables", "fenced_code"], {}
    for item in (given or {}).get("markdown_extensions") or ():
        name, option = next(iter(item.items())) if isinstance(item, dict) else (item, {})
        names.append(name)
        options[name] = option or {}
    return MarkdownSettings(list(dict.fromkeys(names)), options)


def address(path: str) -> str:
    """Return the address that MkDocs gives a file below docs/, with directory URLs."""
    if not path.endswith(".md"):
        return quote(path)
    stem = path.removesuffix(".md")
    folder = stem.removesuffix("index") if stem == "index" or stem.endswith("/index") else stem + "/"
    return quote(folder)


def sources(docs: Path) -> list[SourceFile]:
    """Return what MkDocs would publish: nothing that is hidden, and a folder only if it is a link."""
    found = []
    for file in sorted(docs.rglob("*")):
        path = file.relative_to(docs)
        hidden = any(part.startswith(".") for part in path.parts)
        if not hidden and path.parts[0] != "templates" and (file.is_symlink() or not file.is_dir()):
            found.append(SourceFile(path.as_posix(), file, address(path.as_posix())))
    return found
