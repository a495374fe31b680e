"""Build the notes with the engine alone, without MkDocs and its theme: a tenth of the time, and the same problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from markdown import Markdown

from garden.build import Build, SourceFile
from garden.model.problem import Problem
from garden.model.site import CONFIG
from garden.pages.assemble import Page
from garden.runtime.published import BROWSER
from garden.snippets.library import Library
from garden.source import frontmatter
from garden.theme.bundle import THEME


class Unreadable(ValueError):
    """The configuration is not YAML; ``problem`` tells where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Loader(yaml.UnsafeLoader):
    """Reads mkdocs.yml, which names a function; what it takes from the environment is nothing here."""


_Loader.add_constructor("!ENV", lambda *_: None)


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build, its pages by path, and the paths of the files that were in the notes' folder."""

    build: Build
    pages: dict[str, Page]
    files: tuple[str, ...]


def build(
    root: Path,
    extensions: list[str],
    options: dict[str, Any],
    *,
    pages: bool = True,
    required: bool = False,
    topics: Mapping[str, Sequence[str]] | None = None,
    theme: Path = THEME,
    browser: Path = BROWSER,
) -> Built:
    """Build the notes in ``root/docs`` with these Markdown extensions and their ``options``.

    With ``pages``, snippets have theirs; with ``required``, they must have proofs. ``topics`` are those of the map.
    """
    docs = root / "docs"
    files = [SourceFile(path, file, address(path)) for path, file in _files(docs)]

    def make_markdown() -> Markdown:
        own = {
            "pymdownx.snippets": options["pymdownx.snippets"] | {"base_path": [str(root / "snippets")]},
            "pymdownx.superfences": {"custom_fences": made.extension.fences()},
        }
        return Markdown(extensions=[*extensions, made.extension], extension_configs=options | own)

    library = Library(root, required=required)
    addresses = {path: address(path) for path in library.pages} if pages else None
    made = Build(files, docs, library, make_markdown, addresses, topics=topics, theme=theme, browser=browser)
    for note in list(made.notes.values()):
        text = made.begin(note)
        made.rendered(note, make_markdown().convert(text))
    return Built(made, made.finish(), tuple(file.path for file in files))


def markdown_config(config: Path) -> tuple[list[str], dict[str, Any]]:
    """Return the Markdown extensions that a mkdocs.yml names, after those that MkDocs adds, and their options.

    Raises `Unreadable`.
    """
    text = config.read_text(encoding="utf-8")
    try:
        given = yaml.load(text, _Loader)  # noqa: S506  (as MkDocs reads it)
    except yaml.YAMLError as error:
        line, reason = frontmatter.where(error, text)
        what = f"is not YAML: {reason}; correct this line"
        if "\t" in "".join(text.split("\n")[line : line + 1]):
            what = "has a tab on this line; write spaces instead"
        raise Unreadable(Problem(CONFIG, line + 1, what)) from None
    names, options = ["toc", "tables", "fenced_code"], {}
    for item in given["markdown_extensions"]:
        name, option = next(iter(item.items())) if isinstance(item, dict) else (item, {})
        names.append(name)
        options[name] = option or {}
    return list(dict.fromkeys(names)), options


def address(path: str) -> str:
    """Return the address that MkDocs gives a file below docs/, with directory URLs."""
    if not path.endswith(".md"):
        return quote(path)
    stem = path.removesuffix(".md")
    folder = stem.removesuffix("index") if stem == "index" or stem.endswith("/index") else stem + "/"
    return quote(folder)


def _files(docs: Path) -> list[tuple[str, Path]]:
    """Return what MkDocs would publish, by path: nothing that is hidden, and a folder only if it is a link."""
    found = []
    for file in sorted(docs.rglob("*")):
        path = file.relative_to(docs)
        hidden = any(part.startswith(".") for part in path.parts)
        if not hidden and path.parts[0] != "templates" and (file.is_symlink() or not file.is_dir()):
            found.append((path.as_posix(), file))
    return found
