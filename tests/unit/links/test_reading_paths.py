"""Reading paths: the numbered list below a heading that the front matter names."""

from __future__ import annotations

import pytest

from garden.links.reading_paths import PathStop, ReadingPaths
from garden.model.report import Report
from tests.unit.conftest import Site, Vault

LIST = "---\npaths: [First steps]\n---\n\n# Start\n\n## First steps\n\n1. [[A]]: so.\n2. [[B#Part]]\n3. [[C]]\n"
NOTES = {"a.md": "# A\n", "b.md": "# B\n\n## Part\n", "c.md": "# C\n"}


def stops(site: Site, path: str) -> list[tuple[str, str, int]]:
    """Return the paths that a note is on: the title of each list's note, its heading, the index."""
    found = site.build.reading_paths.stops(site.build.notes[path])
    return [(stop.path.home.title, stop.path.heading, stop.index) for stop in found]


def beside(stop: PathStop) -> tuple[str | None, str | None]:
    links = (stop.previous, stop.following)
    previous, following = (f"{link.note.title}{link.fragment}" if link else None for link in links)
    return previous, following


def test_the_first_link_of_each_item_is_a_step(vault: Vault) -> None:
    site = vault({"start.md": LIST, "index.md": "# Home\n\n[[Start]]\n", **NOTES})
    assert site.problems == []
    assert [stops(site, path) for path in ("a.md", "b.md", "c.md")] == [
        [("Start", "First steps", 0)],
        [("Start", "First steps", 1)],
        [("Start", "First steps", 2)],
    ]
    neighbors = [beside(site.build.reading_paths.stops(site.build.notes[path])[0]) for path in ("a.md", "b.md", "c.md")]
    assert neighbors == [(None, "B#Part"), ("A", "C"), ("B#Part", None)]


def test_a_note_on_no_path_has_no_stop(vault: Vault) -> None:
    site = vault({"start.md": LIST, "index.md": "# Home\n\n[[Start]]\n", **NOTES})
    assert stops(site, "index.md") == []


def test_of_several_paths_those_of_notes_at_the_top_come_first(vault: Vault) -> None:
    two = "# Map\n\n## Order\n\n1. [[C]]\n2. [[A]]\n"
    docs = {
        "maps/all.md": f"---\npaths: [Order]\n---\n\n{two}",
        "start.md": LIST,
        "index.md": "# Home\n\n[[Start]] [[Map]]\n",
        **NOTES,
    }
    site = vault(docs)
    assert stops(site, "a.md") == [("Start", "First steps", 0), ("Map", "Order", 1)]


def test_the_list_ends_with_its_section_and_code_and_comments_are_none_of_it(vault: Vault) -> None:
    text = (
        '---\npaths: ["One and two"]\n---\n\n# Home\n\n## `One` and two {#one}\n\n'
        "```text\n1. [[C]]\n```\n\n%%\n1. [[C]]\n%%\n\n1. [[A]]\n\n### Below\n\n2. [[B]]\n\n## Next\n\n1. [[C]]\n"
    )
    site = vault({"index.md": text, **NOTES})
    assert site.problems == []
    assert [len(stops(site, path)) for path in ("a.md", "b.md", "c.md")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("items", "line", "what"),
    [
        ("1. [[A]]\n2. nothing\n3. [[B]]", 10, "this step of “First steps” leads to no note; "),
        ("1. [[A]]\n2. [[x.png]]\n3. [[B]]", 10, "this step of “First steps” leads to no note; "),
        (
            "1. [[A]]\n2. [[B]]\n3. [[A]]",
            11,
            "[[A]] stands in “First steps” already; keep one of the two steps [reading-path-step]",
        ),
        (
            "1. [[A]]",
            2,
            "“First steps” is no path: it has fewer than two steps; "
            "write them below it as `1. [[a note]]` [reading-path-step]",
        ),
        (
            "[[A]] [[B]]",
            2,
            "“First steps” is no path: it has fewer than two steps; "
            "write them below it as `1. [[a note]]` [reading-path-step]",
        ),
    ],
)
def test_a_list_that_cannot_be_followed_is_a_problem(vault: Vault, items: str, line: int, what: str) -> None:
    start = f"---\npaths: [First steps]\n---\n\n# Home\n\n## First steps\n\n{items}\n\n[[C]]\n"
    site = vault({"index.md": start, "x.png": b"", **NOTES})
    advice = "let its line begin with one, such as [[a note]] [reading-path-step]" if what.endswith("; ") else ""
    assert [p for p in site.problems if "no note links here" not in p] == [f"docs/index.md:{line}: {what}{advice}"]


def test_a_heading_that_is_not_there_is_a_problem(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: Home\npaths:\n  - Nowhere\n---\n\n## Somewhere\n"})
    what = "`paths` names “Nowhere”, which is no heading of this note; write one of its headings [reading-path-heading]"
    assert site.problems == [f"docs/index.md:4: {what}"]


def test_a_step_with_a_broken_link_is_told_once(vault: Vault) -> None:
    start = "---\npaths: [Go]\n---\n\n# Home\n\n## Go\n\n1. [[A]]\n2. [[B]]\n3. [[none]]\n4. [[C]]\n"
    site = vault({"index.md": start, **NOTES})
    advice = "write the title, file name or alias of a note [link-missing]"
    assert site.problems == [f"docs/index.md:11: no note is called [[none]]; {advice}"]


def test_no_notes_no_paths(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n"})
    assert ReadingPaths([], site.build.resolver, Report()).stops(site.build.notes["index.md"]) == ()
