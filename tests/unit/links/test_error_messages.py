"""Error messages: the list of them all, where a note shows its own, and what a search reads of a page."""

from __future__ import annotations

import re

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import assert_inert, body, marked

LIST = "```errors\n```"
TITLE = '<p class="errors-title">This page explains:</p>'


def note(*messages: str, text: str = "First.\n\nSecond.", title: str = "# Note\n\n") -> str:
    """Return a note that explains ``messages``, which stand from line 3 on."""
    listed = "".join(f"  - '{message.replace(chr(39), chr(39) * 2)}'\n" for message in messages)
    return f"---\nerrors:\n{listed}---\n\n{title}{text}\n"


def listed(html: str) -> list[tuple[str, str, str]]:
    """Return the entries of the list: message, address and title."""
    return re.findall(r'<dt><code>(.*?)</code></dt>\n<dd><a href="(.*?)">(.*?)</a></dd>', html)


def test_all_messages_by_their_letters_with_the_note_that_explains_each(vault: Vault) -> None:
    site = vault(
        {
            "index.md": f"# Home\n\n{LIST}\n",
            "b.md": note("too many", "'Engine' has <no>", "(2006) gone"),
            "a/c.md": note("apart", "123"),
        }
    )
    assert listed(site["index.md"]) == [
        ("123", "a/c/", "Note"),
        ("apart", "a/c/", "Note"),
        ("&#x27;Engine&#x27; has &lt;no&gt;", "b/", "Note"),
        ("(2006) gone", "b/", "Note"),
        ("too many", "b/", "Note"),
    ]
    assert_inert(site.pages.values())


def test_from_a_folder_and_embedded(vault: Vault) -> None:
    site = vault({"x/list.md": f"# List\n\n{LIST}\n", "index.md": "# Home\n\n![[List]]\n", "b.md": note("one")})
    assert listed(site["x/list.md"]) == [("one", "../../b/", "Note")]
    assert listed(site["index.md"]) == [("one", "b/", "Note")]


def test_no_message(vault: Vault) -> None:
    assert body(vault({"index.md": f"# Home\n\n{LIST}\n"})["index.md"]) == '<p class="query-empty">No note has any.</p>'


def test_the_list_is_no_link_to_the_notes(vault: Vault) -> None:
    site = vault({"index.md": f"# Home\n\n{LIST}\n", "b.md": note("one")})
    assert marked(site["b.md"]) == {}


def test_a_message_that_two_notes_claim(vault: Vault) -> None:
    site = vault({"a.md": note("x", "too many"), "b.md": note("y", "Too  MANY", "too many"), "index.md": LIST})
    what = "is explained by docs/a.md already; keep it in one of the two [error-message-taken]"
    assert [problem for problem in site.fatal if "explained" in problem] == [
        f"docs/b.md:4: `Too  MANY` {what}",
        f"docs/b.md:5: `too many` {what}",
    ]
    assert [message for message, _, _ in listed(site["index.md"])] == ["too many", "x", "y"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ('title: A\nerrors: ["it\\u0073"]', 3),
        ('errors:\n  - "it\\u0073"', 2),
        ('"errors": ["it\\u0073"]', 1),
    ],
)
def test_a_message_that_is_written_otherwise_is_told_where_they_begin(vault: Vault, head: str, line: int) -> None:
    site = vault({"a.md": note("its"), "b.md": f"---\n{head}\n---\n\n# B\n"})
    assert [p for p in site.fatal if "explained" in p] == [
        f"docs/b.md:{line}: `its` is explained by docs/a.md already; keep it in one of the two [error-message-taken]"
    ]


def test_a_note_shows_its_messages_below_its_first_paragraph(vault: Vault) -> None:
    site = vault({"index.md": note("a <b>", "gone")})
    assert body(site["index.md"]) == (
        f'<p>First.</p>\n{TITLE}\n<ul class="errors">\n'
        "<li><code>a &lt;b&gt;</code></li>\n<li><code>gone</code></li>\n</ul>\n"
        "<p>Second.</p>"
    )


@pytest.mark.parametrize(
    ("text", "title", "begins"),
    [
        ("> A quote", "# Note\n\n", TITLE),
        ("> A quote\n\nFirst.", "# Note\n\n", f"<blockquote>\n<p>A quote</p>\n</blockquote>\n<p>First.</p>\n{TITLE}"),
        ("First.", "", f"<p>First.</p>\n{TITLE}"),
        ("## Section\n\nFirst.", "", TITLE),
    ],
)
def test_a_note_that_begins_otherwise(vault: Vault, text: str, title: str, begins: str) -> None:
    site = vault({"a.md": note("x", text=text, title=title)}, sound=False)
    assert body(site["a.md"]).startswith(begins)


def test_what_the_text_begins_with_is_not_shown_again(vault: Vault) -> None:
    text = "> `one Thing` of it\n\nFirst.\n\n## Section\n\ntwo"
    assert re.findall("<li><code>(.*)</code></li>", vault({"a.md": note("One  thing", "two", text=text)})["a.md"]) == [
        "two"
    ]
    assert "errors" not in vault({"a.md": note("one thing", text=text)})["a.md"]


def test_a_page_of_a_snippet_counts_for_less_in_the_search(vault: Vault) -> None:
    docs = {"index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n'}
    site = vault(docs, {"a/b.py": '"""A pool.\n\nFor pools.\n"""\n'}, pages=True)
    boosts = {path: note.meta.as_dict().get("search", {}).get("boost", 1) for path, note in site.build.notes.items()}
    assert boosts == {"index.md": 1, "snippets/index.md": 0.3, "snippets/a/b.md": 0.3}
