"""Notes, sections, blocks and files shown inside other notes."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import body, ids, links, marked

FOO = """# Foo

Intro. [[#One]]

## One

First.

### Inner

Deep.

## Two

Second. ^b

- item ^i
    - below
"""


def shown(source: str, address: str, *blocks: str) -> str:
    """Return the HTML of one embed that stands alone on a page."""
    head = f'<p class="embed-source">From <a href="{address}">{source}</a></p>\n'
    return f'<div><div class="embed" id="to:Foo">\n{head}{chr(10).join(blocks)}\n</div></div>'


@pytest.mark.parametrize(
    ("written", "html"),
    [
        (
            "![[Foo#One]]",
            shown(
                "Foo › One",
                "Foo/#one",
                '<h2 id="embed-1-one">One</h2>',
                "<p>First.</p>",
                '<h3 id="embed-1-inner">Inner</h3>',
                "<p>Deep.</p>",
            ),
        ),
        (
            "![[foo#one#inner]]",
            shown("Foo › one › inner", "Foo/#inner", '<h3 id="embed-1-inner">Inner</h3>', "<p>Deep.</p>"),
        ),
        ("![[Foo#^b]]", shown("Foo", "Foo/#%5Eb", '<p id="embed-1-^b">Second.</p>')),
        ("![[Foo#^i]]", shown("Foo", "Foo/#%5Ei", "<div>item<ul>\n<li>below</li>\n</ul>\n</div>")),
        ("![[ Foo#^b | label ]]", shown("Foo", "Foo/#%5Eb", '<p id="embed-1-^b">Second.</p>')),
        ("![[Foo#Fristt]]", shown("Foo › Fristt", "Foo/", "")),
    ],
)
def test_part(vault: Vault, written: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{written}\n", "Foo.md": FOO})
    assert body(site["index.md"]) == html
    assert len(site.fatal) == written.count("Fristt")


def test_whole_note_comes_without_its_title(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n![[Foo]]\n", "Foo.md": "---\ntitle: A & B\n---\n# Foo\n\nText.\n\n# Second title\n"}
    )
    assert body(site["index.md"]) == shown("A &amp; B", "Foo/", "<p>Text.</p>")


def test_embed_counts_as_a_link(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[Foo#One]]\n\n- ![[Foo|the pool]]\n", "Foo.md": FOO})
    assert marked(site["Foo.md"]) == {"Home": ["*Foo › One*", "*the pool*"]}


def test_links_in_embedded_text_count_for_their_source(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n![[Foo]]\n",
            "Foo.md": "# Foo\n\nSee [[Bar]].\n",
            "Bar.md": "# Bar\n",
        }
    )
    assert marked(site["Bar.md"]) == {"Foo": ["See *Bar*."]}
    assert links(body(site["index.md"])) == ["Foo/", "Bar/"]


def test_problem_in_embedded_text_is_told_once(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n![[Foo]]\n\n![[Foo#One]]\n",
            "Foo.md": "# Foo\n\n## One\n\n[[Nope]] [[#Nope]] ![[Nope]]\n",
        }
    )
    # The link and the embed have the same to say.
    assert [problem.partition(": ")[0] for problem in site.fatal] == ["docs/Foo.md:5"] * 2


def test_two_sections_of_one_note(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[Foo#One]]\n\n![[Foo#Two]]\n\n![[Foo#One]]\n", "Foo.md": FOO})
    assert body(site["index.md"]).count("<p>First.</p>") == 2
    assert body(site["index.md"]).count(">Second.</p>") == 1
    assert site.fatal == []


def test_section_of_the_same_note(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[#One]]\n\n## One\n\nFirst. [[#One]] [x](#one)\n"})
    assert body(site["index.md"]).count(">First. ") == 2
    assert links(site["index.md"]) == ["#home", "#one", "#one", "#one", "#one", "#one", "#one"]
    assert site.problems == []


def test_embed_in_an_embed(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n![[Foo]]\n",
            "Foo.md": "# Foo\n\nOuter.\n\n![[sub/Bar#One]]\n",
            "sub/Bar.md": "# Bar\n\n## One\n\nInner [[#One]] [x](../Foo.md) ![[i.png]]\n",
            "sub/i.png": "",
        }
    )
    assert body(site["index.md"]) == shown(
        "Foo",
        "Foo/",
        "<p>Outer.</p>",
        '<div><div class="embed" id="embed-1-to:Bar">',
        '<p class="embed-source">From <a href="sub/Bar/#one">Bar › One</a></p>',
        '<h2 id="embed-2-one">One</h2>',
        '<p>Inner <a href="sub/Bar/#one">One</a> <a href="Foo/" id="embed-2-to:Foo">x</a> '
        '<img alt="" src="sub/i.png" /></p>',
        "</div></div>",
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- ![[Foo#^b]]", '<ul>\n<li><div class="embed" id="to:Foo">'),
        ("> ![[Foo#^b]]", '<blockquote>\n<div><div class="embed" id="to:Foo">'),
        ("!!! note\n\n    ![[Foo#^b]]", '<p class="admonition-title">Note</p>\n<div><div class="embed" id="to:Foo">'),
        ("| a |\n|---|\n| ![[Foo#^b]] |", '<td><div class="embed" id="to:Foo">'),
        ("- ![[Foo#^b]]\n    - inner", '<li><div class="embed" id="to:Foo">'),
        ("![[Foo#^b]]\n![[Foo#^i]]", '<div><div class="embed" id="to:Foo">'),
        ("![[Foo#^b]]\n^name", '<div id="^name"><div class="embed" id="to:Foo">'),
    ],
)
def test_place(vault: Vault, text: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": FOO})
    assert html in site["index.md"]
    assert ">Second.</p>" in site["index.md"]
    assert site.fatal == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("See ![[Foo#One]] here", '<p>See <a href="Foo/#one" id="to:Foo">Foo › One</a> here</p>'),
        ("See ![[Foo|the *pool*]]", '<p>See <a href="Foo/" id="to:Foo">the <em>pool</em></a></p>'),
        ("*![[Foo]]*", '<p><em><a href="Foo/" id="to:Foo">Foo</a></em></p>'),
        ("![[Foo]] [[Foo]]", '<p><a href="Foo/" id="to:Foo">Foo</a> <a href="Foo/">Foo</a></p>'),
    ],
)
def test_embed_inside_a_sentence_is_a_link(vault: Vault, text: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": FOO})
    assert body(site["index.md"]) == html
    written = text[text.index("![[") : text.index("]]") + 2].replace("|the *pool*", "")
    assert site.fatal == [
        f"docs/index.md:3: {written} stands inside a text; put it on a line of its own [embed-inline]"
    ]


# Cycles


def test_note_that_embeds_itself(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[a]]\n", "a.md": "# A\n\nText.\n\n![[a]]\n"})
    assert site.fatal == [
        "docs/a.md:5: this embed shows itself: [[A]] → [[A]]; link instead of embedding [embed-cycle]"
    ]
    assert body(site["index.md"]).count("<p>Text.</p>") == 1
    assert body(site["a.md"]).count("<p>Text.</p>") == 1


def test_section_that_embeds_its_note(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n## One\n\n![[#One]]\n"})
    assert site.fatal == [
        "docs/index.md:5: this embed shows itself: [[Home#One]] → [[Home#One]]; link instead of embedding [embed-cycle]"
    ]


def test_cycle_of_two(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[a]]\n", "a.md": "# A\n\n![[b]]\n", "b.md": "# B\n\nText.\n\n![[a]]\n"})
    assert site.fatal == [
        "docs/a.md:3: this embed shows itself: [[A]] → [[B]] → [[A]]; link instead of embedding [embed-cycle]",
        "docs/b.md:5: this embed shows itself: [[B]] → [[A]] → [[B]]; link instead of embedding [embed-cycle]",
    ]
    assert body(site["index.md"]).count("<p>Text.</p>") == 1


def test_cycle_of_three(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n![[a]]\n",
            "a.md": "# A\n\n![[b#S]]\n",
            "b.md": "# B\n\n## S\n\n![[c]]\n",
            "c.md": "# C\n\n![[A]]\n\n![[A]]\n",
        }
    )
    advice = "link instead of embedding [embed-cycle]"
    assert site.fatal == [
        f"docs/a.md:3: this embed shows itself: [[A]] → [[B#S]] → [[C]] → [[A]]; {advice}",
        f"docs/b.md:5: this embed shows itself: [[C]] → [[A]] → [[B#S]] → [[C]]; {advice}",
        f"docs/c.md:3: this embed shows itself: [[C]] → [[A]] → [[B#S]] → [[C]]; {advice}",
        f"docs/c.md:5: this embed shows itself: [[C]] → [[A]] → [[B#S]] → [[C]]; {advice}",
    ]


def test_sections_that_embed_each_others_neighbors_are_no_cycle(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n![[a]]\n",
            "a.md": "# A\n\n![[b#S]]\n\n## T\n\nEnd.\n",
            "b.md": "# B\n\n## S\n\n![[a#T]]\n",
        }
    )
    assert site.fatal == []
    assert body(site["a.md"]).count("<p>End.</p>") == 2


def test_embeds_that_double_at_each_step_are_bounded(vault: Vault) -> None:
    docs: dict[str, str | bytes] = {f"n{i}.md": f"# N{i}\n\n" + f"![[n{i + 1}]]\n\n" * 4 for i in range(6)}
    site = vault({"index.md": "# Home\n\n![[n0]]\n", **docs, "n6.md": "# N6\n\n" + "Text. " * 100 + "\n"})
    assert max(map(len, site.pages.values())) < 3_000_000
    assert (
        "docs/index.md:3: this note embeds more than 1,000,000 characters; "
        "link to some of them instead [embed-too-large]" in site.fatal
    )


def test_embeds_that_nest_too_deep_are_bounded(vault: Vault) -> None:
    docs: dict[str, str | bytes] = {f"n{i:02}.md": f"# N{i:02}\n\n![[n{i + 1:02}]]\n" for i in range(20)}
    site = vault({"index.md": "# Home\n\n[[n00]]\n", **docs, "n20.md": "# N20\n\nText.\n"})
    what = "embeds nest deeper than 16 here; link to the inner ones instead [embed-too-large]"
    assert site.fatal == [f"docs/n{i:02}.md:3: {what}" for i in range(4)]
    assert ["Text." in site[f"n{i:02}.md"] for i in range(6)] == [False, False, False, False, True, True]


# What a section may hold


def test_section_with_everything_that_has_ids(vault: Vault) -> None:
    text = """# Foo

Before[^1].

## All

A note[^1] and another[^long] ^para

=== "One"

    a

=== "Two"

    b

<div id="raw">raw</div>

<div id="inner" markdown>mixed [x](#inner)</div>

| a |
|---|
| b |
^table

### Sub {#own}

[up](#all) [out](#foo) [[#^para]]

## After

[^1]: The note.
[^long]: Another.
"""
    site = vault(
        {"index.md": "# Home\n\n![[Foo#All]]\n\n![[Foo#All]]\n\n![[Foo]]\n\n![[Foo#^table]]\n", "Foo.md": text}
    )
    assert site.fatal == []
    assert "The note." in site["Foo.md"]
    assert body(site["index.md"]).count("The note.") == 1
    assert 'href="Foo/#fn:1"' in body(site["index.md"])
    assert 'href="#embed-3-fn:1"' in body(site["index.md"])
    assert {"embed-1-raw", "embed-2-raw", "embed-3-raw"} <= set(ids(site["index.md"]))


def test_raw_html_cannot_be_embedded(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[Foo#raw]]\n", "Foo.md": '# Foo\n\n<div id="raw">x</div>\n'})
    assert site.fatal == [
        "docs/index.md:3: [[Foo#raw]] is raw HTML and cannot be embedded; link to it, "
        "or write it in Markdown [embed-type]"
    ]


def test_embedded_query(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n![[Foo]]\n",
            "Foo.md": "# Foo\n\n```dataview\nLIST FROM [[Foo]]\n```\n\n```dataview\nLIST FORM x\n```\n",
        }
    )
    assert '<ul class="query">\n<li><a href="./">Home</a></li>\n</ul>' in body(site["index.md"])
    assert [problem.partition(": ")[0] for problem in site.fatal] == ["docs/Foo.md:8"]


# Files


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("![[i.png]]", '<img alt="" src="pics/i.png" />'),
        ("![[I.PNG]]", '<img alt="" src="pics/i.png" />'),
        ("![[pics/i.png]]", '<img alt="" src="pics/i.png" />'),
        ("![[/pics/i.png]]", '<img alt="" src="pics/i.png" />'),
        ("![[./pics/i.png]]", '<img alt="" src="pics/i.png" />'),
        ("![[i.png|300]]", '<img alt="" src="pics/i.png" width="300" />'),
        ("![[i.png|300x200]]", '<img alt="" height="200" src="pics/i.png" width="300" />'),
        ("![[i.png|A pool]]", '<img alt="A pool" src="pics/i.png" />'),
        ("![[i.png|A pool|300]]", '<img alt="A pool" src="pics/i.png" width="300" />'),
        ("![[i.png|A pool 300x200]]", '<img alt="A pool" height="200" src="pics/i.png" width="300" />'),
        ("![[i.png|A pool|of 5]]", '<img alt="A pool of" src="pics/i.png" width="5" />'),
        ("![[i.png|12345]]", '<img alt="12345" src="pics/i.png" />'),
        ("![[a b.png]]", '<img alt="" src="a%20b.png" />'),
        ("![[a%20b.png]]", '<img alt="" src="a%20b.png" />'),
        ("![A pool](pics/i.png)", '<img alt="A pool" src="pics/i.png" />'),
        ('![A pool](pics/i.png "T")', '<img alt="A pool" src="pics/i.png" title="T" />'),
        ("![A pool][p]\n\n[p]: pics/i.png", '<img alt="A pool" src="pics/i.png" />'),
        ("[[i.png]]", '<a href="pics/i.png">i.png</a>'),
        ("[[i.png|A *pool*]]", '<a href="pics/i.png">A <em>pool</em></a>'),
        ("[[paper.pdf]]", '<a href="paper.pdf">paper.pdf</a>'),
        ("[[paper.pdf#page=2]]", '<a href="paper.pdf#page=2">paper.pdf</a>'),
        ('[[paper.pdf#a&b"c|x]]', '<a href="paper.pdf#a&amp;b%22c">x</a>'),
        ("[paper](paper.pdf#page=2)", '<a href="paper.pdf#page=2">paper</a>'),
        ("See ![[i.png]] here", 'See <img alt="" src="pics/i.png" /> here'),
    ],
)
def test_file(vault: Vault, written: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{written}\n", "pics/i.png": "", "a b.png": "", "paper.pdf": ""})
    assert body(site["index.md"]) == f"<p>{html}</p>"
    assert [problem for problem in site.problems if "says nothing" not in problem] == []


def test_longer_path_of_a_file_decides(vault: Vault) -> None:
    site = vault(
        {
            "a/x.md": "# X\n\n![[a/i.png|i]] ![[/i.png|i]] ![[./i.png|i]] ![[../i.png|i]] ![i](i.png)\n",
            "i.png": "",
            "a/i.png": "",
        }
    )
    assert body(site["a/x.md"]).count('src="../i.png"') == 3
    assert body(site["a/x.md"]).count('src="../../i.png"') == 2
    assert site.fatal == []
