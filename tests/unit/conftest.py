"""A vault in a folder, built by the engine with the site's own Markdown extensions, without MkDocs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from garden.build import Built
from garden.commands import project
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.settings import Settings
from garden.pages.assemble import Page
from garden.pages.margin import Margin, Margins
from tests.unit.reading import assert_sound
from tests.unit.repository import repository as repository

SETTINGS = project.configuration(Path(__file__).parents[2] / "mkdocs.yml")
# A vault of a test has no more than the test writes.
SETTINGS = replace(SETTINGS, settings=replace(SETTINGS.settings, synonyms=""))


@dataclass
class Site:
    """What a build made: pages and their margins by path, problems, the build itself, and the paths of its files."""

    pages: dict[str, str]
    report: Report
    build: Built
    files: list[str]
    margins: dict[str, Margin]

    def __getitem__(self, path: str) -> str:
        return self.pages[path]

    @property
    def problems(self) -> list[str]:
        """What is wrong, as it is printed."""
        return [str(problem) for problem in self.report.problems]

    @property
    def fatal(self) -> list[str]:
        """The problems that fail a strict build."""
        return [str(problem) for problem in self.report.problems if problem.severity is Severity.ERROR]

    @property
    def finished(self) -> Mapping[str, Page]:
        """The pages as the build finished them."""
        return self.build.pages


def build_site(
    root: Path,
    *,
    pages: bool = False,
    required: bool = False,
    topics: Mapping[str, list[str]] | None = None,
    settings: Settings = SETTINGS.settings,
) -> Site:
    """Build the vault in ``root/docs`` with the snippets in ``root/snippets``, as MkDocs would with directory URLs.

    With ``pages``, snippets have theirs; with ``required``, they must have proofs. ``topics`` are those of its map,
    ``settings`` those of this site, unless a test has its own.
    """
    (root / "snippets").mkdir(exist_ok=True)
    report = Report()
    built = project.build(
        root,
        replace(SETTINGS, settings=settings),
        report,
        pages=pages,
        required=required,
        topics=topics,
        theme=root / "theme",
        browser=root / "browser",
    )
    beside = Margins(built.addresses, built.links)
    margins = {path: beside.of(note) for path, note in built.notes.items()}
    whole = {path: page.html + margins[path].around + margins[path].backlinks for path, page in built.pages.items()}
    sources = [source.path for source in project.sources(root / "docs")]
    return Site(whole, report, built, [*sources, *built.assets], margins)


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
