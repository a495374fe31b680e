"""How many words a note has is the site's decision; those of this one have from 600 to 1,500."""

from __future__ import annotations

import pytest

from garden.commands import check
from garden.model.settings import Length
from tests.unit.repository import CONFIG, SETTINGS, Repository

FEW = "say what shows it and when it is wrong, or put it into another note [note-length]"


def said(repository: Repository, text: str, config: str = "") -> list[str]:
    home = "# Home\n\nRead [[Pools]].\n"
    own = config or CONFIG.replace("fewest: 0", "fewest: 600")
    root = repository({"docs/index.md": home, "docs/pools.md": text, "mkdocs.yml": own})
    return [str(problem) for problem in check.problems(root)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (598, [f"docs/pools.md:1: has 599 words, and a note has at least 600; {FEW}"]),
        (599, []),
        (1499, []),
        (
            1500,
            ["docs/pools.md:1: has 1,501 words, and a note has at most 1,500; cut it, or make two of it [note-length]"],
        ),
    ],
)
def test_the_title_counts_too(repository: Repository, words: int, found: list[str]) -> None:
    assert said(repository, f"# Pools\n\n{'word ' * (words - 1)}word.\n") == found


def test_code_and_lists_that_are_computed_do_not_count(repository: Repository) -> None:
    others = "```text\nand so on\n```\n\n```query\nLIST FROM [[Pools]]\n```\n"
    assert said(repository, f"# Pools\n\n{'word ' * 598}word.\n\n{others}") == []
    short = f"docs/pools.md:1: has 599 words, and a note has at least 600; {FEW}"
    assert said(repository, f"# Pools\n\n{'word ' * 597}word.\n\n{others}") == [short]


def test_a_site_that_sets_no_limit_has_none(repository: Repository) -> None:
    plain = "site_name: Notes\nplugins: [garden]\n"
    assert said(repository, f"# Pools\n\n{'word ' * 2000}word.\n", plain) == []
    assert said(repository, "# Pools\n", plain) == []
    assert Length() == Length(fewest=0, most=0, exempt=())
    assert "length: {fewest: 600, most: 1500" in SETTINGS
