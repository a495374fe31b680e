"""A note has from 600 to 1,500 words of prose."""

from __future__ import annotations

import pytest

from garden.commands import check
from tests.unit.repository import Repository

FEW = "say what shows it and when it is wrong, or put it into another note"


def said(repository: Repository, text: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    root = repository({"docs/index.md": "# Home\n\nRead [[Pools]].\n", "docs/pools.md": text})
    monkeypatch.undo()  # it is about short ones
    return [str(problem) for problem in check.problems(root)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (598, [f"docs/pools.md:1: has 599 words, and a note has at least 600; {FEW}"]),
        (599, []),
        (1499, []),
        (1500, ["docs/pools.md:1: has 1,501 words, and a note has at most 1,500; cut it, or make two of it"]),
    ],
)
def test_the_title_counts_too(
    repository: Repository, words: int, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(repository, f"# Pools\n\n{'word ' * (words - 1)}word.\n", monkeypatch) == found


def test_code_and_lists_that_are_computed_do_not_count(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    others = "```text\nand so on\n```\n\n```query\nLIST FROM [[Pools]]\n```\n"
    assert said(repository, f"# Pools\n\n{'word ' * 598}word.\n\n{others}", monkeypatch) == []
    short = f"docs/pools.md:1: has 599 words, and a note has at least 600; {FEW}"
    assert said(repository, f"# Pools\n\n{'word ' * 597}word.\n\n{others}", monkeypatch) == [short]
