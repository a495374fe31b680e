"""The table of all rules comes from where they are declared."""

from __future__ import annotations

from garden.model.rules import Rule
from tests.unit.conftest import Vault
from tests.unit.reading import ids


def test_every_rule_is_in_the_table(vault: Vault) -> None:
    page = vault({"index.md": "# Home\n\n```rules\n```\n"})["index.md"]
    assert [ident for ident in ids(page) if ident.startswith("rule:")] == sorted(f"rule:{rule}" for rule in Rule)
    assert "<td>review</td>" in page
