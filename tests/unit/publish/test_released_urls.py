"""What a release has published must lead somewhere in the next."""

from __future__ import annotations

from pathlib import Path

from garden.model.rules import Severity
from garden.publish import released_urls

PAGES = {"": set(), "pool/": {"how", "why"}, "old/": {"how", "why"}}
RELEASED = "tools/released-urls.txt"
REST = "or remove this line if nobody can miss it [released-address]"


def problems(root: Path, *lines: str) -> list[str]:
    (root / "tools").mkdir()
    (root / RELEASED).write_text("\n".join(lines) + "\n")
    found = list(released_urls.problems(root, RELEASED, PAGES, {"snippets.json"}))
    return [f"{problem}{'' if problem.severity is Severity.ERROR else ' (told)'}" for problem in found]


def test_the_list_has_pages_with_their_headings_and_files() -> None:
    listed = released_urls.listing({"pool/": ["how", "why"], "": []}, ["snippets.json", "llms.txt"])
    assert listed == "/\n/pool/\n/pool/#how\n/pool/#why\n/llms.txt\n/snippets.json\n"


def test_what_is_still_there_is_fine(tmp_path: Path) -> None:
    assert problems(tmp_path, "/", "/pool/", "/pool/#how", "/old/", "/old/#why", "/snippets.json") == []


def test_without_a_release_nothing_is_missed(tmp_path: Path) -> None:
    assert list(released_urls.problems(tmp_path, RELEASED, {}, set())) == []


def test_a_page_that_is_gone_is_a_problem_with_its_line(tmp_path: Path) -> None:
    advice = "add `moved_from: [gone/]` to the note that took its place"
    assert problems(tmp_path, "/", "/gone/", "/gone/#part") == [
        f"tools/released-urls.txt:2: /gone/ was published and is gone; {advice}, {REST}"
    ]


def test_a_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    what = "tools/released-urls.txt:1: /llms.txt was published and is gone; publish it again"
    assert problems(tmp_path, "/llms.txt") == [f"{what}, {REST}"]


def test_a_heading_that_is_gone_is_told(tmp_path: Path) -> None:
    what = (
        "/pool/#when was published, and no heading leads there now; "
        "end the one that took its place with { #when } [released-heading]"
    )
    assert problems(tmp_path, "/pool/#when") == [f"tools/released-urls.txt:1: {what} (told)"]
