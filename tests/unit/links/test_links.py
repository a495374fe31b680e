"""Links between notes: what they may look like, and where they lead."""

from __future__ import annotations

import unicodedata

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import body, links, marked

FOO = "# Foo\n\n## First\n\n### Inner\n\n## Second\n\n### Inner\n"


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("[[Foo]]", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[[foo]]", '<a href="Foo/" id="to:Foo">foo</a>'),
        ("[[FOO.md]]", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[[ Foo ]]", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[[ Foo | the  pool ]]", '<a href="Foo/" id="to:Foo">the  pool</a>'),
        ("[[Foo|]]", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[[Foo|some *stressed* `code`]]", '<a href="Foo/" id="to:Foo">some <em>stressed</em> <code>code</code></a>'),
        ("[[Foo#]]", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[[Foo#First]]", '<a href="Foo/#first" id="to:Foo">Foo › First</a>'),
        ("[[Foo # first]]", '<a href="Foo/#first" id="to:Foo">Foo › first</a>'),
        ("[[Foo#Second#Inner]]", '<a href="Foo/#inner_1" id="to:Foo">Foo › Second › Inner</a>'),
        ("[[Foo#Second#Inner|there]]", '<a href="Foo/#inner_1" id="to:Foo">there</a>'),
        ("[[Foo#inner_1]]", '<a href="Foo/#inner_1" id="to:Foo">Foo › inner_1</a>'),
        ("[[\nFoo\n]]", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[[Foo#Second#Inner\n|there]]", '<a href="Foo/#inner_1" id="to:Foo">there</a>'),
        ("([[Foo]])", '(<a href="Foo/" id="to:Foo">Foo</a>)'),
        ("[[[Foo]]]", '[<a href="Foo/" id="to:Foo">Foo</a>]'),
        ("**[[Foo]]**", '<strong><a href="Foo/" id="to:Foo">Foo</a></strong>'),
        (r"\\[[Foo]]", r'\<a href="Foo/" id="to:Foo">Foo</a>'),
        (r"\![[Foo]]", '!<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[Foo](Foo.md)", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[Foo](<Foo.md>)", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[Foo]( Foo.md )", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ("[Foo](./Foo.md)", '<a href="Foo/" id="to:Foo">Foo</a>'),
        ('[Foo](Foo.md "A & B")', '<a href="Foo/" id="to:Foo" title="A &amp; B">Foo</a>'),
        ("[Foo](Foo.md#inner_1)", '<a href="Foo/#inner_1" id="to:Foo">Foo</a>'),
        ("[Foo](Foo.md?x=1#first)", '<a href="Foo/#first" id="to:Foo">Foo</a>'),
        ("[the *pool*](Foo.md)", '<a href="Foo/" id="to:Foo">the <em>pool</em></a>'),
        ("[Foo](Foo.md){#mine .wide}", '<a class="wide" href="Foo/" id="mine">Foo</a>'),
        ("[the\npool](Foo.md)", '<a href="Foo/" id="to:Foo">the\npool</a>'),
        ("[Foo][]\n\n[foo]: Foo.md#first", '<a href="Foo/#first" id="to:Foo">Foo</a>'),
        ('[the pool][p]\n\n[p]: <Foo.md> "Pool"', '<a href="Foo/" id="to:Foo" title="Pool">the pool</a>'),
    ],
)
def test_form(vault: Vault, written: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{written}\n", "Foo.md": FOO})
    assert body(site["index.md"]) == f"<p>{html}</p>"
    assert site.fatal == []


def test_the_same_link_twice_has_one_place(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Foo]] and [[Foo|again]].\n\n[[Foo]]\n", "Foo.md": FOO})
    assert body(site["index.md"]) == (
        '<p><a href="Foo/" id="to:Foo">Foo</a> and <a href="Foo/">again</a>.</p>\n'
        '<p><a href="Foo/" id="to:Foo:2">Foo</a></p>'
    )


# Names


def test_alias_is_a_name_and_its_links_count(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\nSee [[warm up]] first.\n\nOr [[The Pool]].\n",
            "pool.md": "---\naliases: [Warm Up]\n---\n# The Pool\n",
        }
    )
    assert links(body(site["index.md"])) == ["pool/", "pool/"]
    assert marked(site["pool.md"]) == {"Home": ["See *warm up* first.", "Or *The Pool*."]}
    assert site.fatal == []


def test_link_shows_a_title_instead_of_a_path(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[[deep/pool]] [[pool]] [[Pooling]] [[nap]]\n",
            "deep/pool.md": """---
aliases: nap
---
# Pooling
""",
        }
    )
    assert body(site["index.md"]) == (
        '<p><a href="deep/pool/" id="to:pool">Pooling</a> <a href="deep/pool/">Pooling</a> '
        '<a href="deep/pool/">Pooling</a> <a href="deep/pool/">nap</a></p>'
    )


TWINS = {"a/Twin.md": "# A\n", "b/c/Twin.md": "# B\n", "Twin.md": "# Top\n"}


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("[[a/Twin]]", "a/Twin/"),
        ("[[c/twin]]", "b/c/Twin/"),
        ("[[b/c/Twin]]", "b/c/Twin/"),
        ("[[/Twin]]", "Twin/"),
        ("[[/TWIN.md]]", "Twin/"),
        ("[[./Twin]]", "Twin/"),
        ("[[./b/../a/Twin]]", "a/Twin/"),
        ("[[A]]", "a/Twin/"),
        ("[t](Twin.md)", "Twin/"),
        ("[t](b/c/Twin.md)", "b/c/Twin/"),
    ],
)
def test_longer_path_decides(vault: Vault, written: str, address: str) -> None:
    site = vault({"index.md": f"# Home\n\n{written}\n", **TWINS})
    assert links(body(site["index.md"])) == [address]
    assert site.fatal == []


def test_path_counts_from_the_note(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n", "b/from.md": "# From\n\n[[./c/Twin]] [[../Twin]] [x](c/Twin.md)\n", **TWINS})
    assert links(body(site["b/from.md"])) == ["../c/Twin/", "../../Twin/", "../c/Twin/"]
    assert site.fatal == []


def test_two_notes_of_one_name(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Twin]] and [[twin#B]]\n", **TWINS})
    assert body(site["index.md"]) == (
        '<p><span class="broken-link">Twin</span> and <span class="broken-link">twin#B</span></p>'
    )
    files = "docs/Twin.md, docs/a/Twin.md, docs/b/c/Twin.md"
    assert site.fatal == [
        f"docs/index.md:3: 3 notes are called [[Twin]]: {files}; "
        "write [[/Twin]] or [[a/Twin]] or [[c/Twin]] [link-ambiguous]",
        f"docs/index.md:3: 3 notes are called [[twin#B]]: {files}; "
        "write [[/Twin#B]] or [[a/Twin#B]] or [[c/Twin#B]] [link-ambiguous]",
    ]
    assert marked(site["Twin.md"]) == {}


def test_many_notes_of_one_name(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Twin]]\n", **{f"{i:02}/Twin.md": f"# T{i}\n" for i in range(10)}})
    files = ", ".join(f"docs/{i:02}/Twin.md" for i in range(8))
    spellings = " or ".join(f"[[{i:02}/Twin]]" for i in range(8))
    what = f"10 notes are called [[Twin]]: {files} and 2 more; write {spellings}"
    assert site.fatal == [f"docs/index.md:3: {what} [link-ambiguous]"]


def test_title_of_one_note_is_the_name_of_another(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Pool]]\n", "pool.md": "# Sizing\n", "sizing.md": "# Pool\n"})
    assert site.fatal == [
        "docs/index.md:3: 2 notes are called [[Pool]]: docs/pool.md, docs/sizing.md; "
        "write [[/pool]] or [[/sizing]] [link-ambiguous]"
    ]


def test_files_that_differ_in_case_alone(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n[[/foo]] [[/Foo]] [x](foo.md) [[/FOO]]\n", "Foo.md": "# A\n", "foo.md": "# B\n"}
    )
    assert links(body(site["index.md"])) == ["foo/", "Foo/", "foo/"]
    assert site.fatal == [
        "docs/index.md:3: 2 notes are called [[/FOO]]: docs/Foo.md, docs/foo.md; "
        "write [[/Foo]] or [[/foo]] [link-ambiguous]"
    ]


FOLDERS = {"map/index.md": "# Maps\n", "map/old/index.md": "# Old maps\n", "map/old/x.md": "# X\n\n[[index]]\n"}


def test_folder_is_its_index(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n[[map]] [[old]] [[map/old]] [[/map]] [[map/index]] [[/index]] [[./map]]\n", **FOLDERS}
    )
    assert links(body(site["index.md"])) == ["map/", "map/old/", "map/old/", "map/", "map/", "./", "map/"]
    assert site.fatal == [
        "docs/map/old/x.md:3: 3 notes are called [[index]]: docs/index.md, docs/map/index.md, docs/map/old/index.md; "
        "write [[/index]] or [[map/index]] or [[old/index]] [link-ambiguous]"
    ]


def test_index_is_a_note_like_others(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[a]]\n", "a.md": "# A\n\n[[index]] [[Home]] [up](index.md)\n"})
    assert links(body(site["a.md"])) == ["../", "../", "../"]
    assert marked(site["index.md"]) == {"A": ["*Home* *Home* *up*"]}
    assert site.fatal == []


NAMES = [
    ("v1.2", "v1.2"),
    ("Smile :)", "Smile :)"),
    ("C++ & co", "C++ & co"),
    ('it\'s "so"', 'it\'s "so"'),
    ("Größe", "Größe"),
    ("Größe", unicodedata.normalize("NFD", "Größe")),
    (unicodedata.normalize("NFD", "Größe"), "größe"),
    ("STRASSE", "straße"),
    ("接続プール", "接続プール"),
    ("😀 pool", "😀 pool"),
    ("a b", "a%20b"),
    ("100%", "100%"),
    ("100% sure", "100%25 sure"),
    ("50%25", "50%25"),
    ("C# pools", "C# pools"),
    ("a (b)", "a (b)"),
    ("_under_score_", "_under_score_"),
    ("*star*", "*star*"),
    ("a\u00a0b", "a b"),
    ("1", "1"),
    ("x.md", "x.md"),
    ("javascript:alert(1)", "javascript:alert(1)"),
]


@pytest.mark.parametrize(("file", "written"), NAMES)
def test_name(vault: Vault, file: str, written: str) -> None:
    site = vault({"index.md": f"# Home\n\n[[{written}]] [[{written}|x]]\n", f"{file}.md": "# The Title\n\nText\n"})
    assert site.fatal == []
    assert len(links(body(site["index.md"]))) == 2
    assert list(marked(site[f"{file}.md"])) == ["Home"]


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a b.md", "a%20b.md"),
        ("Größe.md", "Gr%C3%B6%C3%9Fe.md"),
        ("Größe.md", "Größe.md"),
        ("Größe.md", unicodedata.normalize("NFD", "Größe.md")),
        (unicodedata.normalize("NFD", "Größe.md"), "Größe.md"),
        ("接続.md", "接続.md"),
        ("😀.md", "😀.md"),
        ("100%.md", "100%25.md"),
        ("100%.md", "100%.md"),
        ("C# pools.md", "C%23%20pools.md"),
        ("a (b).md", "a%20(b).md"),
        ("a&b.md", "a&b.md"),
        ("a&b.md", "a&amp;b.md"),
        ("it's.md", "it's.md"),
        ("v1.2.md", "v1.2.md"),
        ("what?.md", "what%3F.md"),
    ],
)
def test_address(vault: Vault, file: str, address: str) -> None:
    site = vault({"index.md": f"# Home\n\n[x]({address}) [y][r]\n\n[r]: {address}\n", file: "# The Title\n\nText\n"})
    assert site.fatal == []
    assert len(links(body(site["index.md"]))) == 2
    assert list(marked(site[file])) == ["Home"]


# What is not a link


@pytest.mark.parametrize(
    "text",
    [
        "`[[Foo]]`",
        "`` ` [[Foo]] ``",
        "`[x](Foo.md)`",
        "```\n[[Foo]]\n```",
        "```text\n[[Foo]]\n```",
        "~~~\n[[Foo]]\n[x](Foo.md)\n~~~",
        "````\n```\n[[Foo]]\n```\n````",
        "- a\n\n        [[Foo]]\n        [x](Foo.md)",
        "- item\n\n    ```\n    [[Foo]]\n    ```",
        "- item\n\n    ~~~\n    [[Foo]]\n    ~~~",
        "- item\n\n        [[Foo]]",
        "1. item\n\n    - inner\n\n        ```\n        [[Foo]]\n        ```",
        "!!! note\n\n    ```\n    [[Foo]]\n    ```",
        "!!! note\n    ~~~\n    [[Foo]]\n    ~~~",
        '=== "Tab"\n\n    ```\n    [[Foo]]\n    ```',
        "> ```\n> [[Foo]]\n> ```",
        "> [!note]\n> ```\n> [[Foo]]\n> ```",
        "a <!-- [[Foo]] --> b",
        "a <!-- [[Foo]]\n[x](Foo.md) --> b",
        "<!-- [[Foo]] -->",
        "<!--\n[[Foo]]\n\n[x](Foo.md)\n-->",
        "a %%[[Foo]]%% b",
        "a %%[[Foo]]\n[x](Foo.md)%% b",
        "%%[[Foo]]%%",
        "%%\n[[Foo]]\n\n[x](Foo.md)\n%%",
        "%% [[Foo]]\n\n- [[Foo]]\n\n%%",
        "text\n%%\n[[Foo]]\n%%\ntext",
        "%%\n```\n[[Foo]]\n```\n[[Foo]]\n%%",
        "- item\n\n    %%\n    [[Foo]]\n\n    [[Foo]]\n    %%",
        "> quote\n> %%\n> [[Foo]]\n> %%",
        'a <span title="[[Foo]]">b</span>',
        "a <span title='[x](Foo.md) [[Foo]]'>b</span>",
        '<div title="[[Foo]]">[[Foo]]</div>',
        "<div>\n[[Foo]]\n[x](Foo.md)\n</div>",
        '<div markdown title="[[Foo]]">b</div>',
        r"\[[Foo]]",
        r"\[\[Foo\]\]",
        r"a \%% b [x\](Foo.md)",
        "[x]\n(Foo.md)",
        "[[Foo]](https://example.org)",
    ],
)
def test_not_a_link(vault: Vault, text: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": FOO})
    assert marked(site["Foo.md"]) == {}
    assert site.fatal == []


def test_escaped_brackets_are_text(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n" + r"\[[Foo]] and \%%this\%%" + "\n", "Foo.md": FOO})
    assert body(site["index.md"]) == "<p>[[Foo]] and %%this%%</p>"


def test_comment_leaves_nothing(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\na %%hidden%% b\n\n%%\nhidden\n\nhidden\n%%\n\nc <!-- x [[Foo]] --> d\n"})
    assert body(site["index.md"]) == "<p>a  b</p>\n<p>c  d</p>"


def test_number_in_brackets_links_elsewhere(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n[[1]](https://example.org/) and [[1]](Foo.md)\n", "Foo.md": FOO, "1.md": "# 1\n"}
    )
    assert body(site["index.md"]) == (
        '<p><a href="https://example.org/">[1]</a> and <a href="Foo/" id="to:Foo">[1]</a></p>'
    )
    assert site.fatal == []


def test_outside_links_are_untouched(vault: Vault) -> None:
    text = (
        "<https://example.org/a?b=1&c=2> [x](https://example.org/?a=1&copy=2#y) [r] <me@example.org> "
        "[m](mailto:me@example.org) [t](tel:+4930) [h](HTTPS://EXAMPLE.ORG) [p](//example.org/)\n\n[r]: http://example.org"
    )
    site = vault({"index.md": f"# Home\n\n{text}\n"})
    assert links(body(site["index.md"])) == [
        "https://example.org/a?b=1&c=2",
        "https://example.org/?a=1&copy=2#y",
        "http://example.org",
        "mailto:me@example.org",
        "mailto:me@example.org",
        "tel:+4930",
        "HTTPS://EXAMPLE.ORG",
        "//example.org/",
    ]
    assert site.fatal == []


# Where links stand


@pytest.mark.parametrize("link", ["[[Foo|pool]]", "[pool](Foo.md)"])
@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("x[^1]\n\n[^1]: See LINK there.", "See *pool* there."),
        ("!!! note\n\n    See LINK there.", "See *pool* there."),
        ('!!! note "See LINK"\n\n    There.', "See *pool*"),
        ('??? note "See LINK"\n\n    There.', "See *pool*"),
        ('=== "Tab"\n\n    See LINK there.', "See *pool* there."),
        ("Term\n:   See LINK there.", "See *pool* there."),
        ("See LINK\n:   There.", "See *pool*"),
        ("## See LINK there", "See *pool* there"),
        ("See LINK\n---", "See *pool*"),
        ("- See LINK there.\n    - Inner", "See *pool* there."),
        ("- Outer\n    - See LINK there.", "See *pool* there."),
        ("1. One\n\n    See LINK there.\n\n2. Two", "See *pool* there."),
        ("> See LINK there.", "See *pool* there."),
        ("> - See LINK there.", "See *pool* there."),
        ("<div markdown>\nSee LINK there.\n</div>", "See *pool* there."),
        ("*[HTML]: x\n\nHTML LINK there.", "HTML *pool* there."),
    ],
)
def test_place(vault: Vault, link: str, text: str, excerpt: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text.replace('LINK', link)}\n", "Foo.md": FOO})
    assert marked(site["Foo.md"]) == {"Home": [excerpt]}
    assert site.fatal == []


def test_pipes_in_tables_are_escaped(vault: Vault) -> None:
    table = (
        "| a | b |\n|---|---|\n| [[Foo\\|one]] | [[Foo#Second#Inner\\|two]] |\n| `[[Foo\\|x]]` | [three](Foo.md) |\n"
    )
    site = vault({"index.md": f"# Home\n\n{table}", "Foo.md": FOO})
    assert '<td><a href="Foo/" id="to:Foo">one</a></td>' in site["index.md"]
    assert '<td><a href="Foo/#inner_1">two</a></td>' in site["index.md"]
    assert "<td><code>[[Foo\\|x]]</code></td>" in site["index.md"]
    assert marked(site["Foo.md"]) == {"Home": ["*one* · *two*", "[[Foo\\|x]] · *three*"]}
    assert site.fatal == []


def test_link_in_a_link(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[see [[Foo]] there](https://example.org) [a ![[i.png|It]] b](Foo.md)\n",
            "Foo.md": FOO,
            "i.png": "",
        }
    )
    assert body(site["index.md"]) == (
        '<p><a href="https://example.org">see <span class="broken-link">Foo</span> there</a> '
        '<a href="Foo/" id="to:Foo">a <img alt="It" src="i.png" /> b</a></p>'
    )
    assert site.fatal == ["docs/index.md:3: [[Foo]] stands inside the text of another link; take it out [link-nested]"]


# Headings and blocks in the same note


@pytest.mark.parametrize(
    "written", ["[[#Two]]", "[[# two ]]", "[[#Two|x]]", "[x](#two)", "[[Home#Two]]", "[x](index.md#two)"]
)
def test_heading_of_the_same_note(vault: Vault, written: str) -> None:
    site = vault({"index.md": f"# Home\n\n{written}\n\n## Two\n"})
    assert links(body(site["index.md"]))[0] == "#two"
    assert site.problems == []
