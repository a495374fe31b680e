"""A note's file name is of small letters, digits and hyphens, since it becomes an address."""

from __future__ import annotations

import pytest

from garden.commands import check
from garden.lint import file_names
from tests.unit.repository import Repository

WHAT = "the file's name becomes the page's address: small letters, digits and hyphens"
HOME = {"docs/index.md": "# Home\n\nRead [[Pools]].\n"}


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Pools.md", 'run `make rename FROM="docs/Pools.md" TO=docs/pools.md` [file-name]'),
        ("a b/c_d.md", 'run `make rename FROM="docs/a b/c_d.md" TO=docs/a-b/c-d.md` [file-name]'),
        ("Größe.md", 'run `make rename FROM="docs/Größe.md" TO=docs/groe.md` [file-name]'),
        ("池.md", 'run `make rename FROM="docs/池.md" TO=docs/topic/name.md` [file-name]'),
        # Pasted, it would run what somebody else has written.
        ("$(shell id).md", "call it docs/shell-id.md [file-name]"),
        ("a`id`.md", "call it docs/a-id.md [file-name]"),
    ],
)
def test_another_is_told_with_what_to_do(repository: Repository, name: str, advice: str) -> None:
    root = repository(HOME | {f"docs/{name}": "# Pools\n\nSee [[Home]].\n"})
    assert [str(problem) for problem in check.problems(root)] == [f"docs/{name}:1: {WHAT}; {advice}"]


def test_what_is_advised_is_what_rename_takes(repository: Repository) -> None:
    root = repository(HOME | {"docs/two-pools/of-3.md": "# Pools\n\nSee [[Home]].\n"})
    assert check.problems(root) == []
    assert file_names.proposed_path("Two pools/of_3.md") == "two-pools/of-3.md"
    assert file_names.proposed_path("two-pools/of-3.md") == "two-pools/of-3.md"
