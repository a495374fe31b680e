"""Rows with more cells than their table has columns."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

HEAD = "| a | b |\n| --- | --- |\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}| 1 | 2 |\n| 1 |\n1 | 2\n\na | b | c",
        f"{HEAD}| `1|2` | 2\\|3 |\n| ``1`|2`` | %%a|b%% [[index\\|c]] |",
        f"```text\n{HEAD}| 1 | 2 | 3 |\n```",
        "Code:\n\n    | a | b |\n    |---|---|\n    | 1 | 2 | 3 |",
        "| --- | --- |\n| 1 | 2 | 3 |",
        "***\n\na",
        "a\n---\n\n| b",
    ],
)
def test_no_problem(vault: Vault, text: str) -> None:
    assert [what for what in vault({"index.md": f"# Home\n\n{text}\n"}).fatal if "cells, and" in what] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}| 1 | 2 | 3 |", 5),
        ("a | b\n---|---\n1 | 2\n1 | 2 | 3", 6),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 | 3 |", 5),
        ("- item\n\n    | a | b |\n    |---|---|\n    | 1 | 2 | 3 |", 7),
    ],
)
def test_a_row_with_more(vault: Vault, text: str, line: int) -> None:
    what = "this row has 3 cells, and its table's head 2; write a bar of the text as \\|"
    assert vault({"index.md": f"# Home\n\n{text}\n"}).fatal == [f"docs/index.md:{line}: {what}"]
