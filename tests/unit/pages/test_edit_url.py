"""Where a page is edited: the file that it is made of."""

from __future__ import annotations

import pytest

from garden.pages import edit_url
from tests.unit.conftest import Vault

HOST = "https://github.com/owner/name"


def test_each_page_leads_to_the_file_behind_it(vault: Vault) -> None:
    site = vault(
        {"index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n', "maps/what é.md": "# What\n\n[[index]]\n"},
        {"a/b.py": '"""A snippet."""\n'},
        pages=True,
    )
    assert {path: edit_url.address(HOST, note) for path, note in site.build.notes.items()} == {
        "index.md": f"{HOST}/edit/main/docs/index.md",
        "maps/what é.md": f"{HOST}/edit/main/docs/maps/what%20%C3%A9.md",
        "snippets/index.md": "",
        "snippets/a/b.md": f"{HOST}/edit/main/snippets/a/b.py",
    }


@pytest.mark.parametrize("repository", [HOST, f"{HOST}/", "https://git.example.org/group/sub.group/a-name"])
def test_an_address(vault: Vault, repository: str) -> None:
    note = vault({"index.md": "# Home\n"}).build.notes["index.md"]
    assert edit_url.address(repository, note) == f"{repository.rstrip('/')}/edit/main/docs/index.md"


def test_no_address_no_link(vault: Vault) -> None:
    note = vault({"index.md": "# Home\n"}).build.notes["index.md"]
    assert edit_url.address("", note) == ""
