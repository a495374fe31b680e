"""Other words for what the notes say, and what is wrong with them, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from garden.model.report import Report
from garden.source import synonyms

SHOWN = "docs/words.txt"


def read(folder: Path, text: str) -> tuple[dict[str, str], list[str]]:
    (folder / "words.txt").write_text(text, encoding="utf-8")
    report = Report()
    found = synonyms.read(folder / "words.txt", SHOWN, report)
    return dict(found), [str(problem) for problem in report.problems]


def test_each_of_the_typed_words_means_all_behind_the_colon(tmp_path: Path) -> None:
    text = "# What people type.\n\nstuck,  take too  long : slow wait\nleaf: leaves\n"
    meant = {"stuck": "slow wait", "take too long": "slow wait", "leaf": "leaves"}
    assert read(tmp_path, text) == (meant, [])


FORM = "is not `typed words, other words: words of the notes`; write it so, or begin it with `#`"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("stuck slow", FORM),
        ("stuck:", FORM),
        (": slow", FORM),
        ("stuck, : slow", FORM),
        ("stuck, Hung: slow", "`Hung` has capital letters, which do not matter to the search; write `hung`"),
        (
            "it takes too long: slow",
            "`it takes too long` is more than 3 words, which the search does not look up together; shorten it",
        ),
        ("slow, stuck: slow wait", "`slow` means itself; remove it on one side of the colon"),
        ("known: wait", "`known` is there already; write all that it means behind one colon"),
        ("hung, hung: wait", "`hung` is there already; write all that it means behind one colon"),
    ],
)
def test_a_line_that_is_wrong_counts_for_none(tmp_path: Path, line: str, what: str) -> None:
    found = read(tmp_path, f"known: slow\n{line}\nleaf: leaves\n")
    assert found == ({"known": "slow", "leaf": "leaves"}, [f"{SHOWN}:2: {what} [search-synonym]"])


def test_a_file_that_is_named_and_not_there(tmp_path: Path) -> None:
    report = Report()
    found = synonyms.read(tmp_path / "words.txt", SHOWN, report)
    what = f"is not there, and the setting `synonyms` names it; write {SHOWN}, or remove the setting"
    assert (found, [str(problem) for problem in report.problems]) == ({}, [f"{SHOWN}:1: {what} [search-synonym]"])
