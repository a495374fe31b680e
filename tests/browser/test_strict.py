"""Problems under MkDocs: printed one a line, fatal when the build is strict."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from tests.browser.conftest import Project, build

TEN = {"index.md": "# Home\n\n" + "\n".join(f"- [[missing {number}]]" for number in range(10)) + "\n"}


def test_ten_broken_links_give_ten_lines_and_a_failed_build(project: Project) -> None:
    outcome = build(project(TEN), "--strict")
    advice = "write the title, file name or alias of a note [link-missing]"
    assert outcome.problems == [
        f"docs/index.md:{3 + number}: no note is called [[missing {number}]]; {advice}" for number in range(10)
    ]
    assert outcome.status == 1
    assert "Aborted with 10 warnings in strict mode!" in outcome.output


def test_the_same_problems_do_not_fail_a_build_that_is_not_strict(project: Project) -> None:
    outcome = build(project(TEN))
    assert len(outcome.problems) == 10
    assert outcome.status == 0
    assert '<span class="broken-link">missing 0</span>' in outcome.page("index.html")


def test_a_note_linked_from_nowhere_is_told_but_not_fatal(project: Project) -> None:
    outcome = build(project({"index.md": "# Home\n", "alone.md": "# Alone\n"}), "--strict")
    what = "no note links here; link to it where a reader would want it, for example from a map [note-unlinked]"
    assert outcome.problems == [f"docs/alone.md:1: {what}"]
    assert outcome.status == 0


def test_whatever_is_wrong_with_the_files_the_build_ends_without_a_traceback(project: Project) -> None:
    folder = project(
        {
            "index.md": '# Home\n\n```python\n--8<-- "missing.py"\n```\n\n```dataview\nTASK\n```\n',
            "deep.md": "# Deep\n\n" + "\n".join("    " * depth + "- x" for depth in range(300)) + "\n",
            "front.md": "---\ntitle: [\n---\n\n# Front\n\n[[Home]]\n",
            "empty.md": "",
        }
    )
    (folder / "docs/bytes.md").write_bytes(b"# Bytes\n\n\xff\n")
    (folder / "docs/out.md").symlink_to("/etc/hostname")
    outcome = build(folder)
    assert "Traceback" not in outcome.output
    assert outcome.status == 0
    files = {problem.partition(":")[0] for problem in outcome.problems}
    assert files == {f"docs/{name}.md" for name in ("index", "deep", "front", "empty", "bytes", "out")}
    assert not (outcome.folder / "out").exists()


def test_a_first_line_with_a_colon_stays_on_the_page(project: Project) -> None:
    outcome = build(project({"index.md": "Note: this is text.\n\n# Home\n"}), "--strict")
    assert "<p>Note: this is text.</p>" in outcome.page("index.html")


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
]


class Acting(HTMLParser):
    """What of a page would run: scripts with this text, event handlers, addresses with a scheme that runs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes."""
        self._script = tag == "script"
        for name, value in attrs:
            runs = name in ("href", "src", "action", "formaction") and (value or "").startswith("javascript:")
            if runs or name.startswith("on"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        """A script ends where its tag does."""
        self._script = False

    def handle_data(self, data: str) -> None:
        """Look into scripts."""
        if self._script and "alert(1)" in data:
            self.found.append(data)


def test_a_hostile_name_is_inert_in_the_whole_page_and_in_the_search(project: Project) -> None:
    notes = {"index.md": "# Home\n\n" + "".join(f"See [[hostile {number}]].\n" for number in range(len(HOSTILE)))}
    for number, name in enumerate(HOSTILE):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        front = f'---\ntitle: "{quoted}"\ndescription: "{quoted}"\naliases: ["{quoted} too"]\n---\n\n'
        title = name.replace("<", chr(92) + "<")
        notes[f"hostile {number}.md"] = f"{front}# {title}\n\nBack to [[Home]].\n"
    outcome = build(project(notes))
    assert outcome.problems == []
    assert "Traceback" not in outcome.output
    for file in sorted(outcome.folder.rglob("*.html")):
        assert Acting(file.read_text(encoding="utf-8")).found == [], file
    # The search shows texts as texts; what it loads is one call with plain data.
    index = json.loads(outcome.page("assets/search-index.js").removeprefix("guideIndex(").removesuffix(");\n"))
    assert {note["title"] for note in index["notes"]} >= set(HOSTILE)
