"""What stands under "Linked from"."""

from __future__ import annotations

import pytest

from garden.markdown.excerpt import unstash
from tests.unit.conftest import Vault
from tests.unit.reading import excerpts, marked

LONG = "word " * 100


def test_page_without_links_to_it_has_no_section(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Foo]]\n", "Foo.md": "# Foo\n"})
    assert "backlinks" not in site["index.md"]


def test_section(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\nThe *fast* [[Foo|pool]] & more.\n",
            "a/b.md": "---\ntitle: \"A <b> & 'c'\"\n---\n- [[Foo]]\n- Again [[Foo]]\n",
            "Foo.md": "# Foo\n",
        }
    )
    _, start, listed = site["Foo.md"].partition('\n<section class="backlinks"')
    assert start + listed == (
        '\n<section class="backlinks" aria-labelledby="garden:backlinks">\n'
        '<h2 id="garden:backlinks">Linked from</h2>\n'
        "<ul>\n"
        '<li><a class="backlinks-source" href="../a/b/">A &lt;b&gt; &amp; &#x27;c&#x27;</a>\n'
        '<ul><li><a href="../a/b/#to:Foo"><mark>Foo</mark></a></li>'
        '<li>Again <a href="../a/b/#to:Foo:2"><mark>Foo</mark></a></li></ul></li>\n'
        '<li><a class="backlinks-source" href="../">Home</a>\n'
        '<ul><li>The <em>fast</em> <a href="../#to:Foo"><mark>pool</mark></a> &amp; more.</li></ul></li>\n'
        "</ul>\n"
        "</section>\n"
    )


def test_how_many_notes_link_here_is_told_for_the_top_of_the_page(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[A]] and [[A]]\n\n[[A]] [[B]]\n", "a.md": "# A\n\n[[B]]\n", "b.md": "# B\n"})
    assert {path: margin.tally for path, margin in site.margins.items()} == {
        "index.md": "",
        "a.md": '<p class="tally"><a href="#garden:backlinks">1 note links here</a></p>\n',
        "b.md": '<p class="tally"><a href="#garden:backlinks">2 notes link here</a></p>\n',
    }


def test_sources_are_sorted_by_title(vault: Vault) -> None:
    titles = ["zebra", "Apple", "apple", "banana", "Äpfel"]
    docs: dict[str, str | bytes] = {f"{i}.md": f"# {title}\n\n[[Foo]]\n" for i, title in enumerate(titles)}
    site = vault({**docs, "Foo.md": "# Foo\n"})
    assert list(excerpts(site["Foo.md"])) == ["Apple", "apple", "banana", "zebra", "Äpfel"]


def test_places_are_in_the_order_of_the_text(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n- [[Foo|a]]\n    - [[Foo|b]]\n- [[Foo|c]][^1]\n\n[[Foo|d]]\n\n[^1]: [[Foo|e]]\n",
            "Foo.md": "# Foo\n",
        }
    )
    assert marked(site["Foo.md"]) == {"Home": ["*a*", "*b*", "*c*", "*d*", "*e*"]}


def test_what_does_not_count(vault: Vault) -> None:
    """A note's links to itself, those that a query or a list of backlinks made, and those in embedded text."""
    site = vault(
        {
            "index.md": '# Home\n\n```dataview\nLIST FROM "Foo"\n```\n\n![[Bar]]\n',
            "Foo.md": "# Foo\n\n[[Foo]] [[#Foo]] [x](Foo.md) ![[#Part]]\n\n## Part\n".replace(" !", "\n\n!"),
            "Bar.md": "# Bar\n\n[[Foo]]\n",
        }
    )
    assert list(marked(site["Foo.md"])) == ["Bar"]
    assert site.fatal == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. See [[Foo]] there. Three.", ["See *Foo* there."]),
        ("[[Foo]]. See [[Foo]].", ["*Foo*.", "See *Foo*."]),
        ("See [[Foo]] and [[Foo|again]]. Or not.", ["See *Foo* and *again*."]),
        ("See [[Foo]].\n\nSee [[Foo]].", ["See *Foo*."]),
        ("- See [[Foo]].\n- See [[Foo]].", ["See *Foo*."]),
        ("Two\nlines of [[Foo]]\ntext. More.", ["Two lines of *Foo* text."]),
        ("See [[Foo]] (a. B!). C? “D.” [[Foo|E]]…", ["See *Foo* (a.", "*E*…"]),
        ("Ask: “Why?” [[Foo]] knows.", ["*Foo* knows."]),
        (
            "Use one, e.g. [[Foo]], i.e. The pool vs. A thread etc. And [[Foo|so]] on.",
            ["Use one, e.g. *Foo*, i.e. The pool vs. A thread etc. And *so* on."],
        ),
        ("By Dr. [[Foo]] and J. R. [[Foo|Bar]].", ["By Dr. *Foo* and J. R. *Bar*."]),
        ("Version 2.0 of [[Foo]]. See it.", ["Version 2.0 of *Foo*."]),
        ("Call foo.bar() on [[Foo]].", ["Call foo.bar() on *Foo*."]),
        ("It ended. then [[Foo]].", ["It ended. then *Foo*."]),
        ("一つ目。[[Foo]]を見る。三つ目。", ["*Foo*を見る。"]),
        ("彼は「終わり。」[[Foo]]と言う。次。", ["*Foo*と言う。"]),
        ("本当？[[Foo]]！", ["*Foo*！"]),
        ("- One. See [[Foo]]. Three.", ["One. See *Foo*. Three."]),
        ("- One.\n\n    See [[Foo]]. Three.", ["See *Foo*."]),
        ("- Outer [[Foo]]\n    - inner\n    - more", ["Outer *Foo*"]),
        ("- Outer\n    - inner [[Foo]]\n- next", ["inner *Foo*"]),
        ("| a | b |\n|---|---|\n| see [[Foo]] | c. D. |\n|  | [[Foo\\|x]] |", ["see *Foo* · c. D.", "*x*"]),
        ("A  \n[[Foo]]", ["A *Foo*"]),
        ("![A pool](i.png) of [[Foo]]", ["A pool of *Foo*"]),
        ("See [![](i.png)](Foo.md) there", ["See *…* there"]),
        ("Mail <me@example.org> of [[Foo]]", ["Mail me@example.org of *Foo*"]),
        ("*A* & B &amp; C of [[Foo]]", ["A &amp; B &amp; C of *Foo*"]),
        ("Text[^1] of [[Foo]][^1].\n\n[^1]: n", ["Text of *Foo*."]),
        ("Q[^1]\n\n[^1]: See [[Foo]].", ["See *Foo*."]),
        ("*[HTML]: x\n\nHTML of [[Foo]]", ["HTML of *Foo*"]),
        ("a <b>raw</b> <!-- x -->[[Foo]] &copy; &lt;i&gt;", ["a raw *Foo* © &lt;i&gt;"]),
        ("[x](https://example.org) of [[Foo]]", ["x of *Foo*"]),
        ("Broken [[Nope]] of [[Foo]]", ["Broken Nope of *Foo*"]),
    ],
)
def test_excerpt(vault: Vault, text: str, found: list[str]) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": "# Foo\n", "i.png": ""})
    assert marked(site["Foo.md"]) == {"Home": found}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("A *stressed **strong** word* of [[Foo]].", "A <em>stressed <strong>strong</strong> word</em> of {Foo}."),
        ("*One. Two [[Foo]]. Three.*", "<em>Two {Foo}.</em>"),
        ("**One [[Foo]]** *two*", "<strong>One {Foo}</strong> <em>two</em>"),
        ("[[Foo|*the* `pool`]]", "{<em>the</em> <code>pool</code>}"),
        ("`a < b & c` of [[Foo]]", "<code>a &lt; b &amp; c</code> of {Foo}"),
        ("`[[Foo]]` is [[Foo]]", "<code>[[Foo]]</code> is {Foo}"),
        ('a < b & "c" of [[Foo]]', 'a &lt; b &amp; "c" of {Foo}'),
        ("*a*{#id onclick=x} [[Foo]]{.wide}", "<em>a</em> {Foo}"),
        ("<span markdown>a</span> [[Foo]]", "a {Foo}"),
    ],
)
def test_markup_of_an_excerpt(vault: Vault, text: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": "# Foo\n"})
    expected = html.replace("{", '<a href="../#to:Foo"><mark>').replace("}", "</mark></a>")
    assert excerpts(site["Foo.md"])["Home"][0] == expected


def test_code_that_an_extension_has_put_aside_is_text() -> None:
    assert unstash("\x02wzxhzdk:0\x03 b", ['<span class="n">a</span> &lt;'], code=True) == "a < b"
    assert unstash("\x02wzxhzdk:0\x03b", ["<i>"]) == "b"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (f"{LONG}[[Foo]] {LONG}", "… word word ", " word word …"),
        (f"Start [[Foo]] {LONG}", "Start *Foo* word", " word …"),
        (f"{LONG}[[Foo]] end", "… word ", " *Foo* end"),
        (f"- {LONG}[[Foo]] {LONG}", "… word ", " word …"),
        ("池" * 500 + "[[Foo]]" + "池" * 500, "… 池池", "池池 …"),
    ],
)
def test_long_sentence_is_cut_at_words(vault: Vault, text: str, start: str, end: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": "# Foo\n"})
    (found,) = marked(site["Foo.md"])["Home"]
    assert found.startswith(start)
    assert found.endswith(end)
    assert "*Foo*" in found
    assert len(found) < 520


def test_markup_stays_whole_when_it_is_cut(vault: Vault) -> None:
    site = vault({"index.md": f"# Home\n\n*{LONG}`code {LONG}` [[Foo]] **{LONG}end** end*\n", "Foo.md": "# Foo\n"})
    (found,) = excerpts(site["Foo.md"])["Home"]
    assert found.startswith("… <em><code>word ")
    assert found.endswith("word</strong></em> …")


def test_link_with_a_long_text_is_cut(vault: Vault) -> None:
    site = vault({"index.md": f"# Home\n\n[[Foo|{LONG}]]\n", "Foo.md": "# Foo\n"})
    (found,) = marked(site["Foo.md"])["Home"]
    assert found.startswith("*word ")
    assert found.endswith("word* …")
    assert len(found) < 500


def test_long_list_item_gives_its_sentence(vault: Vault) -> None:
    site = vault({"index.md": f"# Home\n\n- {LONG}. See [[Foo]]. The {LONG}\n", "Foo.md": "# Foo\n"})
    assert marked(site["Foo.md"]) == {"Home": ["See *Foo*."]}
