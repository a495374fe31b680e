"""A site that names no Markdown extension has those that the engine needs; one that sets options has its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from garden.commands import project
from garden.markdown.convert import MarkdownSettings
from garden.model.report import Report
from garden.model.settings import Settings
from tests.unit.conftest import SETTINGS

NOTES = {
    "index.md": '# Home\n\n## What `x` is?\n\n```python\n--8<-- "a/b.py:one"\n```\n\nSee [[Words]]. {: .large }\n',
    "words.md": "# Words\n\nLeaf\n:   Of a tree, see [[Home]].\n\n| A | B |\n| --- | ---: |\n| 1 | 2 |\n",
}
SNIPPET = '"""One.\n\nUse it.\n"""\n\n\n# --8<-- [start:one]\ndef one():\n    return 1\n# --8<-- [end:one]\n'


def pages(folder: Path, markdown: MarkdownSettings) -> dict[str, str]:
    for path, text in {f"docs/{path}": text for path, text in NOTES.items()}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "snippets/a").mkdir(parents=True, exist_ok=True)
    (folder / "snippets/a/b.py").write_text(SNIPPET)
    report = Report()
    built = project.build(folder, project.Configuration(markdown, Settings()), report)
    assert [str(problem) for problem in report.problems] == []
    return {path: page.html for path, page in built.pages.items()}


def test_a_site_needs_to_name_none(tmp_path: Path) -> None:
    assert SETTINGS.markdown.extensions
    assert pages(tmp_path, MarkdownSettings()) == pages(tmp_path, SETTINGS.markdown)


def test_options_that_a_site_sets_are_those_that_count(tmp_path: Path) -> None:
    assert 'id="what-x-is"' in pages(tmp_path, MarkdownSettings())["index.md"]
    own = replace(SETTINGS.markdown, options={"toc": {"permalink": "¶"}, "tables": {}})
    home, words = (pages(tmp_path, own)[path] for path in ("index.md", "words.md"))
    assert "¶" in home
    assert 'class="align-right"' in words
