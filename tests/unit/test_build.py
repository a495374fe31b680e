"""A build: what it publishes, the order of its problems, and that nothing of it stays for the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from garden.build import Project, SourceFile, build
from garden.markdown.convert import MarkdownSettings
from garden.model.report import Report
from garden.model.settings import Settings
from garden.snippets.library import Library
from tests.unit.conftest import Vault, build_site

ORPHAN = "no note links here; link to it where a reader would want it, for example from a map [note-unlinked]"


# Problems


def test_problems_stand_in_the_order_of_files_and_lines(vault: Vault) -> None:
    docs = {
        "b.md": "# B\n\n[[none1]]\n\n```python\nx\n```\n\n[[none2]]\n",
        "a/z.md": "---\nfoo: 1\n---\n\n[[index]]\n",
        "index.md": "# Home\n\n[[b]] [[z]]\n\n```dataview\nTASK\n```\n",
    }
    site = vault(docs)
    assert [problem.split(": ")[0] for problem in site.problems] == [
        "docs/a/z.md:1",
        "docs/a/z.md:2",
        "docs/b.md:3",
        "docs/b.md:5",
        "docs/b.md:9",
        "docs/index.md:6",
    ]


def test_healthy_site_has_no_problems(vault: Vault) -> None:
    assert vault({"index.md": "# Home\n\n[[a]]\n", "a.md": "# A\n"}).problems == []


def test_problem_without_a_link_has_its_line(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: Home\n---\n\n[[none]]\n\n<script>x</script>\n"})
    assert [problem.split(" ")[0] for problem in site.problems] == ["docs/index.md:5:", "docs/index.md:7:"]


def test_problem_of_a_note_that_cannot_be_read_again(tmp_path: Path) -> None:
    class TooDeep(Preprocessor):
        def run(self, lines: list[str]) -> list[str]:
            if any("\ue000" in line for line in lines):
                raise RecursionError
            return lines

    class Deep(Extension):
        def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
            md.preprocessors.register(TooDeep(md), "too-deep", 100)

    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("---\ntitle: Home\n---\n\n[[none]]\n")
    source = SourceFile("index.md", tmp_path / "docs/index.md", "")
    report = Report()
    library = Library(tmp_path, Settings(), report)
    build(Project(tmp_path / "docs", [source], library, MarkdownSettings([Deep()])), report)
    assert [(problem.file, problem.line) for problem in report.problems] == [("docs/index.md", 4)]


# Notes that nothing links to


def test_orphan_is_told_and_not_fatal(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n", "a.md": "# A\n\n[[index]]\n"})
    assert site.problems == [f"docs/a.md:1: {ORPHAN}"]
    assert site.fatal == []


def test_entry_needs_no_link(vault: Vault) -> None:
    assert vault({"index.md": "# Home\n"}).problems == []
    assert vault({"index.md": "# Home\n", "sub/index.md": "# Sub\n"}).problems == [f"docs/sub/index.md:1: {ORPHAN}"]


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("[[a]]", True),
        ("[A](a.md)", True),
        ("[A][a]\n\n[a]: a.md", True),
        ("![[a]]", True),
        ("[[a#B]]", True),
        ("```dataview\nLIST\n```", False),
        ("```dataview\nTABLE file.link FROM outgoing([[a]]) OR [[a]]\n```", False),
        ("`[[a]]`", False),
        ("<!-- [[a]] -->", False),
        ("```text\n[[a]]\n```", False),
    ],
)
def test_what_counts_as_a_link(vault: Vault, text: str, linked: bool) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "a.md": "# A\n\n## B\n"})
    assert site.problems == ([] if linked else [f"docs/a.md:1: {ORPHAN}"])


def test_link_to_itself_does_not_count(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n", "a.md": "# A\n\n[[a]] [[#A]]\n"})
    assert site.problems == [f"docs/a.md:1: {ORPHAN}"]


# Files


@pytest.mark.parametrize("path", ["a.markdown", "sub/a.mkd", "a.MD", "a.mdown", "a.mkdn"])
def test_note_that_does_not_end_in_md(vault: Vault, path: str) -> None:
    site = vault({"index.md": "# Home\n", path: "# A\n"})
    assert site.problems == [f"docs/{path}:1: is a note that does not end in .md; rename it to a.md [file-ending]"]
    assert site.build.refused == {path}
    assert set(site.pages) == {"index.md"}


def test_two_files_of_one_address(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[a]] [[a/index]]\n", "a.md": "# A\n", "a/index.md": "# B\n"})
    assert [problem for problem in site.problems if "address" in problem] == [
        "docs/a.md:1: has the address of docs/a/index.md, so that only one of them is published; "
        "rename one [file-address]"
    ]


def test_files_that_are_no_notes_are_left_alone(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[x](data.csv) ![A](img/a.png)\n", "data.csv": b"\xff", "img/a.png": b"\x00"})
    assert site.problems == []
    assert 'href="data.csv"' in site["index.md"]
    assert 'src="img/a.png"' in site["index.md"]


def test_no_files_at_all(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    site = build_site(tmp_path)
    assert site.pages == {}
    assert site.problems == []


# Nothing stays


def test_second_build_sees_nothing_of_the_first(vault: Vault, tmp_path: Path) -> None:
    docs = {"index.md": "# Home\n\n[[a]] [[none]]\n", "a.md": '# A\n\n[[index]]\n\n```python\n--8<-- "x.py"\n```\n'}
    first = vault(docs, {"x.py": "# --8<-- [end:x]\n"})
    assert len(first.problems) == 3
    assert "Linked from" in first["index.md"]
    (tmp_path / "docs/a.md").unlink()
    second = vault({"index.md": '# Home\n\n```python\n--8<-- "x.py"\n```\n'}, {"x.py": "x = 1\n"})
    assert second.problems == []
    assert set(second.pages) == {"index.md"}
    assert "Linked from" not in second["index.md"]


def test_builds_of_the_same_files_are_the_same(vault: Vault) -> None:
    docs = {"index.md": "# Home\n\n[[a]] [[none]]\n\n```dataview\nLIST\n```\n", "a.md": "# A\n\n![[index]] [[b]]\n"}
    first, second = vault(docs), vault(docs)
    assert first.pages == second.pages
    assert first.problems == second.problems
