"""Links to headings, and links in them."""

from __future__ import annotations

import unicodedata

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import body, links, marked


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("The `pool_size` option", "The pool_size option"),
        ("The `pool_size` option", "The `pool_size` option"),
        ("The *whole* **story**", "the whole story"),
        ("See [docs](https://example.org) first", "See docs first"),
        ("Questions & answers", "Questions & answers"),
        ("Questions &amp; answers", "Questions & answers"),
        ("Why 5 < 10?", "Why 5 < 10"),
        ("`a < b`", "a < b"),
        ("It's: done!", "It's done"),
        ("C# pools", "C# pools"),
        ("A | B", "A B"),
        ("Über Größe", unicodedata.normalize("NFD", "über größe")),
        ("接続プール", "接続プール"),
        ("😀", "😀"),
        ("With a note[^1]", "With a note"),
        ("Own id {#mine}", "Own id"),
        ("Own id {#mine}", "mine"),
        (r"Escaped \* star", "Escaped * star"),
        ("AT&T", "AT&amp;T"),
        ("snake_case_name", "snake_case_name"),
        ("1. First", "1. First"),
        ("Trailing ##", "Trailing"),
    ],
)
def test_heading_with_markup(vault: Vault, heading: str, written: str) -> None:
    text = f"# Foo\n\nText[^1]\n\n## Other\n\n## {heading}\n\n[^1]: note\n\n## 漢字\n"
    site = vault({"index.md": f"# Home\n\n[[Foo#{written}]]\n", "Foo.md": text})
    assert site.fatal == []
    assert "#" in links(body(site["index.md"]))[0]


@pytest.mark.parametrize(
    "text",
    ["Pool\n====\n\nSize\n----\n", "# Pool\n\n!!! note\n\n    ## Size\n", "# Pool\n\n> ## Size\n"],
)
def test_heading_in_other_forms(vault: Vault, text: str) -> None:
    site = vault({"index.md": "# Home\n\n[[pool#Size]] [x](pool.md#size)\n", "pool.md": text})
    assert links(body(site["index.md"])) == ["pool/#size", "pool/#size"]
    assert site.fatal == []


def test_chain_finds_a_heading_below_any_namesake(vault: Vault) -> None:
    text = "# Foo\n\n## A\n\n### C\n\n## A\n\n### B\n\n#### D\n"
    site = vault({"index.md": "# Home\n\n[[Foo#A#B]] [[Foo#A#D]] [[Foo#Foo#C]]\n", "Foo.md": text})
    assert links(body(site["index.md"])) == ["Foo/#b", "Foo/#d", "Foo/#c"]
    assert site.fatal == []


def test_chain_does_not_leave_its_section(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Foo#A#C]]\n", "Foo.md": "# Foo\n\n## A\n\n## C\n"})
    assert site.fatal == ["docs/index.md:3: [[Foo#A]] has no heading “C”; did you mean [[Foo#C]]? [heading-missing]"]


def test_path_that_is_the_end_of_another_is_not_advised(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Foo#B]]\n", "Foo.md": "# Foo\n\n## B\n\n## A\n\n### B\n"})
    assert site.fatal == [
        "docs/index.md:3: [[Foo]] has 2 headings “B”; rename one, or end it with an id such as {#another} and write "
        "[[Foo#another]] [heading-ambiguous]"
    ]


def test_advice_names_what_a_heading_stands_under(vault: Vault) -> None:
    text = "# Foo\n\n## A\n\n### X\n\n### B\n\n## C\n\n### Y\n\n#### B\n"
    site = vault({"index.md": "# Home\n\n[[Foo#B]]\n", "Foo.md": text})
    assert site.fatal == [
        "docs/index.md:3: [[Foo]] has 2 headings “B”; write [[Foo#A#B]] or [[Foo#C#Y#B]] [heading-ambiguous]"
    ]


def test_advice_names_headings_as_they_can_be_written(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[[Foo#X#B|C]] [[#Wihth pipes]]\n\n## With | [pipes]\n",
            "Foo.md": "# Foo\n\n## A#1\n\n### B\n\n## A2\n\n### B\n",
        }
    )
    assert site.fatal == [
        "docs/index.md:3: [[Foo]] has no heading “X”; its headings are “Foo”, “A#1”, “B”, “A2”, “B” [heading-missing]",
        "docs/index.md:3: this note has no heading “Wihth pipes”; did you mean [[#With pipes]]? [heading-missing]",
    ]


def test_many_headings_are_not_all_listed(vault: Vault) -> None:
    text = "# Foo\n\n" + "".join(f"## {name}\n\n" for name in "abcdefghijkl") + "## z\n\n" * 9
    site = vault({"index.md": "# Home\n\n[[Foo#Nowhere]] [x](Foo.md#nowhere) [[Foo#z]]\n", "Foo.md": text})
    assert site.fatal == [
        "docs/index.md:3: [[Foo]] has no heading “Nowhere”; its headings are “Foo”, “a”, “b”, “c”, “d”, “e”, “f”, “g” "
        "and 14 more [heading-missing]",
        "docs/index.md:3: [[Foo]] has no #nowhere; its headings are #foo, #a, #b, #c, #d, #e, #f, "
        "#g and 14 more [heading-missing]",
        "docs/index.md:3: [[Foo]] has 9 headings “z”; rename one, or end it with an id such as {#another} and write "
        "[[Foo#another]] [heading-ambiguous]",
    ]


def test_same_problem_twice_is_told_twice(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[#Nowhere]]\n\n[[#Nowhere]]\n"})
    what = "this note has no heading “Nowhere”; its headings are “Home” [heading-missing]"
    assert site.fatal == [f"docs/index.md:3: {what}", f"docs/index.md:5: {what}"]


def test_id_on_a_paragraph_can_be_linked(vault: Vault) -> None:
    text = '# Foo\n\nText\n{: #para }\n\n<div id="raw">x</div>\n'
    site = vault({"index.md": "# Home\n\n[[Foo#para]] [[Foo#raw]] [x](Foo.md#raw)\n", "Foo.md": text})
    assert links(body(site["index.md"])) == ["Foo/#para", "Foo/#raw", "Foo/#raw"]
    assert site.fatal == []


def test_link_in_a_heading(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n## All of [[Foo]] here\n\n[[#All of Foo here]]\n", "Foo.md": "# Foo\n"})
    assert body(site["index.md"]) == (
        '<h2 id="all-of-foo-here">All of <a href="Foo/" id="to:Foo">Foo</a> here'
        '<a aria-label="Link to “All of Foo here”" class="headerlink" href="#all-of-foo-here" '
        'title="Link to this section">#</a></h2>\n'
        '<p><a href="#all-of-foo-here">All of Foo here</a></p>'
    )
    assert marked(site["Foo.md"]) == {"Home": ["All of *Foo* here"]}
