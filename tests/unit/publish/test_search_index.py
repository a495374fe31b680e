"""What the search reads: sections of pages as plain text, snippets, error messages, and words that mean the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from garden.model import site as model
from garden.publish import page_text, page_tokens, search_index, search_text
from garden.publish.search_text import Section
from tests.unit.conftest import SETTINGS, Site, Vault

GUIDE = model.Site("The Guide", "https://guide.example/")


def read(site: Site) -> dict[str, Any]:
    """Return the index of a site."""
    texts = page_text.of_all(site.build, GUIDE)
    text = search_index.script(site.build, {path: found.sections for path, found in texts.items()})
    assert text.startswith("guideIndex(")
    found: dict[str, Any] = json.loads(text.removeprefix("guideIndex(").removesuffix(");\n"))
    return found


def only(html: str) -> Section:
    """Return the one section of a page."""
    (section,) = search_text.sections(page_tokens.read(html))
    return section


def test_a_note_is_read_by_its_sections(vault: Vault) -> None:
    head = "---\ndescription: What & why\naliases: [B, See]\n---\n\n"
    text = f"{head}# A\n\nFirst `code`.\n\n## One & two\n\nText of *one*.\n"
    index = read(vault({"index.md": "# Home\n\n[[A]]\n", "a.md": text}))
    about = {"names": [], "about": "", "boost": 1.0, "kind": "note", "links": 0}
    assert index["notes"] == [
        about | {"title": "A", "url": "a/", "names": ["B", "See"], "about": "What & why", "links": 1},
        about | {"title": "Home", "url": ""},
    ]
    assert index["parts"] == [
        {"note": 0, "text": "First code."},
        {"note": 0, "heading": "One & two", "ident": "one--two", "text": "Text of one."},
        {"note": 1, "text": "A", "linked": 1.0},
    ]
    assert (index["errors"], index["list"], index["words"]) == ([], None, {})


def test_a_note_says_how_much_it_counts_and_whether_it_is_found(vault: Vault) -> None:
    head = "---\nsearch: {%s}\nerrors: [a fault]\n---\n\n"
    notes = {"index.md": "# Home\n", "a.md": head % "boost: 2.5" + "# A\n", "b.md": head % "exclude: true" + "# B\n"}
    index = read(vault(notes, sound=False))
    assert {note["title"]: note["boost"] for note in index["notes"]} == {"A": 2.5, "Home": 1.0}
    assert index["errors"] == [{"note": 0, "text": "a fault"}]


def test_messages_have_their_notes_and_the_list_of_all_is_named(vault: Vault) -> None:
    notes = {
        "index.md": "# Home\n\n```errors\n```\n",
        "a.md": "---\nerrors: [one is <x>, two]\n---\n\n# A\n\nAnswer.\n\nMore.\n",
    }
    index = read(vault(notes))
    assert index["errors"] == [{"note": 0, "text": "one is <x>"}, {"note": 0, "text": "two"}]
    assert index["list"] == 1
    assert index["parts"][0] == {"note": 0, "text": "Answer. More."}
    assert "one is <x>" in index["parts"][1]["text"]


def test_a_snippet_is_one_part_with_its_names(vault: Vault) -> None:
    snippet = '"""A pool.\n\nUse `it` twice.\n\nServers: SQLite.\n"""\n\n\ndef lend_one(): ...\n'
    files = {"a/pool.py": snippet, "a/pool.out": "QueuePool limit\n"}
    test = {"tests/snippets/a/test_pool.py": "def test_it_lends():\n    lend_one()\n"}
    index = read(vault({"index.md": '# Home\n\n```python\n--8<-- "a/pool.py"\n```\n'}, files, others=test, pages=True))
    at = next(at for at, note in enumerate(index["notes"]) if note["title"] == "A pool")
    assert index["notes"][at] == {
        "title": "A pool",
        "url": "snippets/a/pool/",
        "names": ["a/pool.py", "pool.py"],
        "about": "",
        "boost": 0.3,
        "kind": "snippet",
        "links": 1,
    }
    assert [part for part in index["parts"] if part["note"] == at] == [
        {"note": at, "text": "Use it twice. Servers: SQLite.", "code": "lend_one QueuePool test_it_lends"}
    ]


def test_code_is_read_for_its_names_only() -> None:
    code = "<span>with</span> engine.<b>connect</b>() as &lt;one_of&gt;: QueuePool x"
    assert only(f'<p>Look:</p><pre class="x">{code}</pre><p>End.</p>') == Section(
        text="Look: End.", code=["connect", "one_of", "QueuePool"]
    )
    assert only("<pre>a_b()</pre><pre>a_b() c_d").code == ["a_b", "c_d"]


@pytest.mark.parametrize(
    "html",
    [
        '<h1 id="a">Title</h1>',
        '<a class="headerlink" href="#a">#</a>',
        '<div class="embed"><div>of another <pre>in_code()</pre></div></div>',
        '<div class="embed"><h2 id="b">of another</h2></div>',
        '<figure class="measured"><table><tr><td>1.5</td></tr></table></figure>',
        "<figcaption>a/b.py</figcaption>",
        '<ul class="query"><li>A</li></ul>',
        '<div class="guide-map"><p>Topic</p><ul><li>A</li></ul></div>',
        '<ul class="errors"><li>A</li></ul>',
        '<p class="errors-title">This page explains:</p>',
        "<svg><text>1</text></svg>",
        "<form><label>Size</label></form>",
    ],
)
def test_what_a_page_draws_or_repeats_is_not_read(html: str) -> None:
    assert only(f"<p>Before.</p>{html}<p>After.</p>") == Section(text="Before. After.")


@pytest.mark.parametrize(
    ("html", "text", "code"),
    [
        ("<p>a</p><!-- <pre>b_c</pre> --><p>d</p>", "a d", []),
        ("<p>a</p><!-- <pre>b_c</pre> --><p>d</p><pre>e_f</pre>", "a d", ["e_f"]),
        ("<p>a</p><PRE>b_c</PRE><p>d</p>", "a b_c d", []),
        ("<p>a</p><prefix>b</prefix>", "a b", []),
        ("<p>a</p><pre>b_c", "a", ["b_c"]),
        ("<div class='embed'>a", "", []),
        ("<p>a</p></div></p>b", "a b", []),
    ],
)
def test_what_nobody_writes_by_accident_does_no_harm(html: str, text: str, code: list[str]) -> None:
    assert [(one.text, one.code) for one in search_text.sections(page_tokens.read(html))] == (
        [(text, code)] if text else []
    )


def test_a_section_of_links_says_how_much_of_it_they_are() -> None:
    assert only('<p><a href="b">four</a> and</p>').linked == 0.5
    assert only("<p>none</p>").linked == 0.0


def test_what_says_nothing_is_no_section() -> None:
    assert search_text.sections(page_tokens.read("<h1>Title</h1>")) == ()
    assert search_text.sections(page_tokens.read('<h2 id="a">Alone</h2>')) == (Section(heading="Alone", ident="a"),)


def test_blocks_are_apart_and_parts_of_a_word_are_not() -> None:
    html = "<ul><li>one</li><li>t<em>w</em>o</li></ul><table><tr><td>3</td><td>4</td></tr></table>five<br>six"
    assert only(html).text == "one two 3 4 five six"


def test_addresses_change_with_what_is_there() -> None:
    first = search_index.addresses({"assets/search.js": "find()"}, "index")
    other = search_index.addresses({}, "index")
    assert {name: address.partition("?")[0] for name, address in first.items()} == {
        "finder": "assets/search.js",
        "index": "assets/search-index.js",
    }
    assert first["index"] == other["index"]
    assert first["finder"] != other["finder"]
    assert len(first["finder"].partition("?")[2]) == 8


def test_the_search_knows_the_synonyms_of_the_site(vault: Vault) -> None:
    settings = replace(SETTINGS.settings, synonyms="words.txt")
    files: dict[str, str | bytes] = {"index.md": "# Home\n", "words.txt": "# Ours.\n\nstuck, take  long: slow wait\n"}
    site = vault(files, settings=settings)
    assert read(site)["words"] == {"stuck": "slow wait", "take long": "slow wait"}
    assert site.problems == []
    assert "words.txt" not in site.build.published
    assert site.build.refused == {"words.txt"}
