"""Code is fenced: what is indented has no language, no button to copy it, and no test."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

WHAT = "is shown as code, because it is indented; write it between lines of ```, and Python as a snippet"


@pytest.mark.parametrize("code", ["    x = 1", "\tx = 1", "    x = 1\n    y = 2", "    x = 1\n\nText."])
def test_code_that_is_indented_is_told_once(vault: Vault, code: str) -> None:
    assert vault({"index.md": f"# Home\n\nText:\n\n{code}\n"}).fatal == [f"docs/index.md:5: {WHAT}"]


@pytest.mark.parametrize(
    "text",
    [
        "Text\n    that goes on.",
        "- an item\n\n    that goes on",
        "```text\na\n\n    b\n```",
        "%%\n\n    a comment\n\n%%",
        "!!! note\n\n    Text.",
    ],
)
def test_what_is_no_code_is_not(vault: Vault, text: str) -> None:
    assert vault({"index.md": f"# Home\n\n{text}\n"}).fatal == []
