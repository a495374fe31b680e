"""Numbered lists inside lists need four spaces; with fewer, Markdown makes one list of both."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n    1. b\n        1. c\n2. d",
        "1. a\n\n    text\n\n    1. b",
        "> 1. a\n> 2. b",
        "- a\n\n    ```text\n      1. code\n    ```",
        "```text\n1. a\n  1. b\n```",
        "A version, such as\n  2.0, or 1.4.",
    ],
)
def test_no_problem(vault: Vault, text: str) -> None:
    assert vault({"index.md": f"# Home\n\n{text}\n"}).fatal == []


@pytest.mark.parametrize(
    ("text", "line", "found", "wanted"),
    [
        ("- a\n  1. b", 4, 2, 4),
        ("1. a\n   1. b", 4, 3, 4),
        ("1. a\n\n  1. b", 5, 2, 4),
        ("1. a\n    1. b\n      10. c", 5, 6, 8),
        ("> - a\n>   1. b", 4, 2, 4),
    ],
)
def test_an_item_that_is_indented_too_little(vault: Vault, text: str, line: int, found: int, wanted: int) -> None:
    advice = f"indent it by {wanted} for a list inside that item, or as far as that item [list-indent]"
    what = f"an item indented by {found} is in the list of the one above; {advice}"
    assert vault({"index.md": f"# Home\n\n{text}\n"}).fatal == [f"docs/index.md:{line}: {what}"]
