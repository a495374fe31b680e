"""A vault in a folder, built by the engine with the site's own Markdown extensions, without MkDocs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from garden import Build, Library, SourceFile
from garden.pages import Page
from markdown import Markdown

from .reading import assert_sound

ROOT = Path(__file__).parents[2]


class Loader(yaml.UnsafeLoader):
    """Reads mkdocs.yml; what it takes from the environment is nothing here."""


Loader.add_constructor("!ENV", lambda loader, node: None)


def markdown_config() -> tuple[list[str], dict[str, Any]]:
    """Return the extensions of mkdocs.yml and their options."""
    config = yaml.load((ROOT / "mkdocs.yml").read_text(), Loader)
    names, options = ["toc", "tables", "fenced_code"], {}
    for item in config["markdown_extensions"]:
        name, option = next(iter(item.items())) if isinstance(item, dict) else (item, {})
        names.append(name)
        options[name] = option or {}
    return list(dict.fromkeys(names)), options


EXTENSIONS, OPTIONS = markdown_config()


@dataclass
class Site:
    """What a build made: pages by path, problems as printed, the build itself, and the pages as it finished them."""

    pages: dict[str, str]
    problems: list[str]
    build: Build
    files: list[str]
    finished: dict[str, Page]

    def __getitem__(self, path: str) -> str:
        return self.pages[path]

    @property
    def fatal(self) -> list[str]:
        """The problems that fail a strict build."""
        return [str(problem) for problem in self.build.problems if problem.fatal]


def build_site(
    root: Path,
    *,
    pages: bool = False,
    required: bool = False,
    topics: Mapping[str, list[str]] | None = None,
) -> Site:
    """Build the vault in ``root/docs`` with the snippets in ``root/snippets``, as MkDocs would with directory URLs.

    With ``pages``, snippets have theirs; with ``required``, they must have proofs. ``topics`` are those of its map.
    """
    docs, snippets = root / "docs", root / "snippets"
    snippets.mkdir(exist_ok=True)
    files = [
        SourceFile(path, file, address(path))
        for file in sorted(docs.rglob("*"))
        if not file.is_dir() and (path := file.relative_to(docs).as_posix())
    ]

    def make_markdown() -> Markdown:
        options = {**OPTIONS, "pymdownx.snippets": OPTIONS["pymdownx.snippets"] | {"base_path": [str(snippets)]}}
        options["pymdownx.superfences"] = {"custom_fences": build.extension.fences()}
        return Markdown(extensions=[*EXTENSIONS, build.extension], extension_configs=options)

    library = Library(root, required=required)
    addresses = {path: address(path) for path in library.pages} if pages else None
    build = Build(files, docs, library, make_markdown, addresses, topics=topics)
    for note in list(build.notes.values()):
        text = build.begin(note)
        build.rendered(note, make_markdown().convert(text))
    finished = build.finish()
    whole = {path: page.html + page.around + page.backlinks for path, page in finished.items()}
    published = [*(file.path for file in files), *build.assets]
    return Site(whole, [str(problem) for problem in build.problems], build, published, finished)


def address(path: str) -> str:
    """Return the address that MkDocs gives a file, with directory URLs."""
    from urllib.parse import quote

    if not path.endswith(".md"):
        return quote(path)
    stem = path.removesuffix(".md")
    folder = stem.removesuffix("index") if stem == "index" or stem.endswith("/index") else stem + "/"
    return quote(folder)


Vault = Callable[..., Site]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Return a function that writes files and builds them: ``vault({"a.md": "# A"}, {"topic/name.py": "…"})``.

    What it builds is sound, unless a test says otherwise: no id twice, no link that leads nowhere.
    """

    def build(
        docs: dict[str, str | bytes],
        snippets: dict[str, str] | None = None,
        *,
        sound: bool = True,
        others: dict[str, str] | None = None,
        **options: Any,
    ) -> Site:
        for folder, files in (("docs", docs), ("snippets", snippets or {}), ("", others or {})):
            for path, content in files.items():
                file = tmp_path / folder / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content if isinstance(content, bytes) else content.encode())
        site = build_site(tmp_path, **options)
        if sound:
            assert_sound(site)
        return site

    return build
