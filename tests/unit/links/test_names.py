"""A title or an alias belongs to one note."""

from __future__ import annotations

from tests.unit.conftest import Vault
from tests.unit.reading import body, links


def test_links_lead_to_the_one_that_is_called_like_its_file(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Pool size]]\n", "a.md": "\n# Pool size\n", "pool-size.md": "# Pool size\n"})
    assert links(body(site["index.md"])) == ["pool-size/"]
    assert site.fatal == ["docs/a.md:2: docs/pool-size.md has this title already; choose another [title-taken]"]


def test_a_title_is_stronger_than_an_alias(vault: Vault) -> None:
    site = vault({"a.md": "---\naliases: [one, ONE]\n---\n# A\n", "b.md": "---\ntags: [x]\ntitle: One\n---\n"})
    what = "`aliases` holds `one`, which is the title of docs/b.md already; remove it from one of the two [alias-taken]"
    assert site.fatal == [f"docs/a.md:2: {what}"]


def test_but_not_than_an_alias_like_the_name_of_the_file(vault: Vault) -> None:
    site = vault({"a.md": "---\ntags: [x]\ntitle: One\n---\n", "one.md": "---\naliases: [one]\n---\n# A\n"})
    assert site.fatal == ["docs/a.md:3: docs/one.md has this title among its aliases; choose another [title-taken]"]


def test_an_underlined_title_and_none(vault: Vault) -> None:
    site = vault({"a.md": "# X\n", "b.md": "X\n===\n", "c.md": "---\ntags: [a]\n---\n\nText.\n", "d/c.md": "Text.\n"})
    assert [problem for problem in site.fatal if "no title" not in problem] == [
        "docs/b.md:1: docs/a.md has this title already; choose another [title-taken]",
        "docs/d/c.md:1: docs/c.md has this title already; choose another [title-taken]",
    ]
