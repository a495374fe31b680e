"""Links that lead nowhere: the message, its line, and what the page shows instead."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import body, marked

FOO = """# Foo

## First

### Inner

## Second

### Inner

## Twice

## Twice
"""
NONE = "write the title, file name or alias of a note [link-missing]"
RELATIVE = "write a path relative to this note [link-missing]"
SCHEMES = "links begin with https:, http:, mailto: or tel:, or are paths [link-scheme]"
HEADINGS = "“Foo”, “First”, “Inner”, “Second”, “Inner”, “Twice”, “Twice” [heading-missing]"


PROBLEMS = [
        ("[[Fooo]]", "no note is called [[Fooo]]; did you mean [[Foo]]? [link-missing]"),
        ("[[Fooo|text]]", "no note is called [[Fooo]]; did you mean [[Foo]]? [link-missing]"),
        ("[[Fooo#First]]", "no note is called [[Fooo]]; did you mean [[Foo]]? [link-missing]"),
        ("[[Quite another]]", f"no note is called [[Quite another]]; {NONE}"),
        ("[[deep/Foo]]", "no note is called [[deep/Foo]]; did you mean [[Foo]]? [link-missing]"),
        ("[[/deep/Foo]]", "no note is called [[/deep/Foo]]; did you mean [[Foo]]? [link-missing]"),
        ("[[../Foo]]", "no note is called [[../Foo]]; did you mean [[Foo]]? [link-missing]"),
        ("[[https://example.org]]", f"no note is called [[https://example.org]]; {NONE}"),
        ("[[" + "x" * 300 + "]]", f"no note is called [[{'x' * 300}]]; {NONE}"),
        ("[[Foo#Fristt]]", "[[Foo]] has no heading “Fristt”; did you mean [[Foo#First]]? [heading-missing]"),
        ("[[Foo#Elsewhere]]", f"[[Foo]] has no heading “Elsewhere”; its headings are {HEADINGS}"),
        ("[[Foo#First#Innr]]", "[[Foo#First]] has no heading “Innr”; "
                               "did you mean [[Foo#First#Inner]]? [heading-missing]"),
        ("[[Foo#Fristt#Inner]]", "[[Foo]] has no heading “Fristt”; did you mean [[Foo#First]]? [heading-missing]"),
        ("[[Foo#Twice#Inner]]", "[[Foo#Twice]] has no heading “Inner”; "
                                "did you mean [[Foo#First#Inner]]? [heading-missing]"),
        ("[[Foo#Inner]]", "[[Foo]] has 2 headings “Inner”; "
                          "write [[Foo#First#Inner]] or [[Foo#Second#Inner]] [heading-ambiguous]"),
        (
            "[[Foo#Twice]]",
            "[[Foo]] has 2 headings “Twice”; rename one, or end it with an id such as {#another} and write "
            "[[Foo#another]] [heading-ambiguous]",
        ),
        ("[[#Elsewhere]]", "this note has no heading “Elsewhere”; its headings are “Home”, “Here” [heading-missing]"),
        ("[[#Her]]", "this note has no heading “Her”; did you mean [[#Here]]? [heading-missing]"),
        ("[[Foo#^x]]", "[[Foo]] has no block ^x; end the block with ` ^x` [block-missing]"),
        ("[[#^x]]", "this note has no block ^x; its blocks are ^a, ^b [block-missing]"),
        ("[[]]", "this link names nothing; write a note's title, file name or alias between [[ and ]] [link-empty]"),
        ("[[ ]]", "this link names nothing; write a note's title, file name or alias between [[ and ]] [link-empty]"),
        ("[[|x]]", "this link names nothing; write a note's title, file name or alias between [[ and ]] [link-empty]"),
        ("[[#]]", "this link names nothing; write a note's title, file name or alias between [[ and ]] [link-empty]"),
        ("[[Foo", r"[[Foo is never closed; end it with ]], or write \[[ for two brackets [link-unclosed]"),
        ("[[Foo]", r"[[Foo] is never closed; end it with ]], or write \[[ for two brackets [link-unclosed]"),
        ("[[a `b` c", r"[[a b c is never closed; end it with ]], or write \[[ for two brackets [link-unclosed]"),
        ("[[Foo|a [b] c]]", r"[[Foo|a is never closed; end it with ]], or write \[[ for two brackets [link-unclosed]"),
        ("[[pic.pgn]]", f"no note is called [[pic.pgn]]; {NONE}"),
        ("[[pic.jpg]]", "no file is called [[pic.jpg]]; did you mean [[pic.png]]? [link-missing]"),
        ("![[other.webp]]", "no file is called [[other.webp]]; put it into the notes' folder [link-missing]"),
        ("[[same.png]]", "2 files are called [[same.png]]; write [[x/same.png]] or [[y/same.png]] [link-ambiguous]"),
        ("![[top.png]]", "2 files are called [[top.png]]; write [[/top.png]] or [[x/top.png]] [link-ambiguous]"),
        ("![[notes.txt]]", "![[notes.txt]] is no note and no image; link to it without the ! [embed-type]"),
        ("[x](Fooo.md)", "no file is at Fooo.md; did you mean `Foo.md`? [link-missing]"),
        ("[x](foo.md)", "no file is at foo.md; did you mean `Foo.md`? [link-missing]"),
        ("[x](Foo)", "no file is at Foo; did you mean `Foo.md`? [link-missing]"),
        ("[x](Foo/)", "no file is at Foo/; did you mean `Foo.md`? [link-missing]"),
        ("[x](x/)", f"no file is at x/; {RELATIVE}"),
        ("[x](map)", "no file is at map; did you mean `map/index.md`? [link-missing]"),
        ("[x](map/)", "no file is at map/; did you mean `map/index.md`? [link-missing]"),
        ("[x](Quite-another.md)", f"no file is at Quite-another.md; {RELATIVE}"),
        ("[x](../Foo.md)", "no file is at ../Foo.md; did you mean `Foo.md`? [link-missing]"),
        ("[x](pic.pgn)", f"no file is at pic.pgn; {RELATIVE}"),
        ("[x](pic.jpg)", "no file is at pic.jpg; did you mean `x/pic.png`? [link-missing]"),
        ("![x](pic.png)", "no file is at pic.png; did you mean `x/pic.png`? [link-missing]"),
        ("![x](other.webp)", f"no file is at other.webp; {RELATIVE}"),
        ("[x](/Foo.md)", "/Foo.md counts from the top of the site, which may move; write Foo.md [link-absolute]"),
        ("[x](/Foo/)", "/Foo/ counts from the top of the site, which may move; write Foo.md [link-absolute]"),
        ("![x](/x/pic.png)", "/x/pic.png counts from the top of the site, which may move; "
                             "write x/pic.png [link-absolute]"),
        ("[x](/far/away/)", "/far/away/ counts from the top of the site, which may move; "
                            "write a path relative to this note [link-absolute]"),
        ("[x](Foo.md#fristt)", "[[Foo]] has no #fristt; did you mean `#first`? [heading-missing]"),
        ("[x](Foo.md#First)", "[[Foo]] has no #First; did you mean `#first`? [heading-missing]"),
        ("[x](Foo.md#elsewhere)", "[[Foo]] has no #elsewhere; its headings are #foo, #first, #inner, #second, "
                                  "#inner_1, #twice, #twice_1 [heading-missing]"),
        ("[x](Foo.md#^x)", "[[Foo]] has no block ^x; end the block with ` ^x` [block-missing]"),
        ("[x](#elsewhere)", "this note has no #elsewhere; its headings are #home, #here [heading-missing]"),
        ("[x](empty.md#elsewhere)", "[[empty]] has no #elsewhere; it has no headings [heading-missing]"),
        ("[[empty#Elsewhere]]", "[[empty]] has no heading “Elsewhere”; it has no headings [heading-missing]"),
        ("[x]()", "a link has no address; write one between its parentheses [link-empty]"),
        ("[x](javascript:alert(1))", f"a link with `javascript:` is refused; {SCHEMES}"),
        ("[x](JavaScript:alert(1))", f"a link with `JavaScript:` is refused; {SCHEMES}"),
        ("[x](&#106;avascript:alert(1))", f"a link with `javascript:` is refused; {SCHEMES}"),
        ("[x](javascript&colon;alert(1))", f"a link with `javascript:` is refused; {SCHEMES}"),
        ("[x](vbscript:x)", f"a link with `vbscript:` is refused; {SCHEMES}"),
        ("[x](data:text/html,x)", f"a link with `data:` is refused; {SCHEMES}"),
        ("[x](file:///etc/passwd)", f"a link with `file:` is refused; {SCHEMES}"),
        ("<javascript://x>", f"a link with `javascript:` is refused; {SCHEMES}"),
        ("[x](javascript:x){.headerlink}", f"a link with `javascript:` is refused; {SCHEMES}"),
        ("![x](data:image/png;base64,AA)", f"a link with `data:` is refused; {SCHEMES}"),
        ("![x](https://example.org/x.png)", "the image https://example.org/x.png is not a file of this site; "
                                            "put it into the notes' folder [image-elsewhere]"),
        ("![x](Foo.md)", "the image Foo.md is not a file of this site; "
                         "put it into the notes' folder [image-elsewhere]"),
        ("[a <https://b.org> c](Foo.md)", "https://b.org stands inside the text of another link; "
                                          "take it out [link-nested]"),
        ("[a ![[Foo]] c](Foo.md)", "![[Foo]] stands inside the text of another link; take it out [link-nested]"),
]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_each_problem_has_its_line(vault: Vault, newline: str) -> None:
    """Below front matter and a fence, whatever ends the lines."""
    text = (
        "---\ntags: [x]\n---\n# Home\n\n## Here\n\na ^a\n\nb ^b\n\n~~~\n"
        + "[[In code]] [x](In code.md)\n" * 20
        + "~~~\n\n"
    )
    expected = []
    for written, problem in PROBLEMS:
        text += f"[[Foo]] is right, {written}\n\n"
        expected.append(f"docs/index.md:{text.count(chr(10)) - 1}: {problem}")
    site = vault(
        {
            "index.md": text.replace("\n", newline).encode("utf-8-sig"),
            "Foo.md": FOO,
            "empty.md": "",
            "map/index.md": "# Map\n",
            "top.png": "",
            "notes.txt": "",
            "x/top.png": "",
            "x/pic.png": "",
            "x/same.png": "",
            "y/same.png": "",
        }
    )
    assert [problem for problem in site.fatal if problem.startswith("docs/index.md")] == expected


def test_ten_broken_links_on_one_line(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n" + " ".join(f"[[Missing {i}]]" for i in range(10)) + "\n"})
    assert site.fatal == [f"docs/index.md:3: no note is called [[Missing {i}]]; {NONE}" for i in range(10)]


def test_ten_links_that_are_never_closed(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n" + "[[Foo\n" * 10, "Foo.md": FOO})
    what = r"[[Foo is never closed; end it with ]], or write \[[ for two brackets [link-unclosed]"
    assert site.fatal == [f"docs/index.md:{line}: {what}" for line in range(3, 13)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[a][r] [b][r]\n\n[r]: Nope.md", 5),
        ("> [a][r]\n\n> [r]: Nope.md", 5),
        ("- x\n- y [a](Nope.md)", 4),
        ("| a |\n|---|\n| [a](Nope.md) |", 5),
        ("x[^1]\n\ny\n\n[^1]: One [a](Nope.md)", 7),
        ("!!! note\n\n    [a](Nope.md)", 5),
        ("two\nlines [a\nb](Nope.md)", 5),
    ],
)
def test_line_of_a_plain_link(vault: Vault, text: str, line: int) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n"})
    assert set(site.fatal) == {f"docs/index.md:{line}: no file is at Nope.md; {RELATIVE}"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("```dataview\nLIST OF x\n```", 4),
        ("```dataview\n\n\nLIST OF x\n```", 6),
        ("```dataview\nLIST\nOF x\n```", 5),
        ("~~~\ndataview\n~~~\n\n> ```dataview\n>\n> LIST OF x\n> ```", 9),
        ("- a\n\n    ```dataview\n    LIST OF x\n    ```", 6),
    ],
)
def test_line_in_a_query(vault: Vault, text: str, line: int) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n"})
    assert [problem.partition(": ")[0] for problem in site.fatal] == [f"docs/index.md:{line}"]


# What the page shows


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("[[Fooo]]", '<span class="broken-link">Fooo</span>'),
        ("[[Fooo|the *pool*]]", '<span class="broken-link">the <em>pool</em></span>'),
        ("[[Foo#Fristt]]", '<a href="Foo/" id="to:Foo">Foo › Fristt</a>'),
        ("[[#Fristt]]", '<a href="./">Fristt</a>'),
        ("[[|x]]", '<span class="broken-link">x</span>'),
        ("[[]]", '<span class="broken-link">[[]]</span>'),
        ("[[Foo", "[[Foo"),
        ("[[Foo]", "[[Foo]"),
        ("![[pic.png|a *b*]]", '<span class="broken-link">a <em>b</em></span>'),
        ("[the *pool*](Fooo.md)", '<span class="broken-link">the <em>pool</em></span>'),
        ('[x](Fooo.md "title"){#id onclick=x}', '<span class="broken-link">x</span>'),
        ("[x](Foo.md#fristt)", '<a href="Foo/" id="to:Foo">x</a>'),
        ("![a pool](pic.png)", '<span class="broken-link">a pool</span>'),
        ("[x](javascript:alert)", '<span class="broken-link">x</span>'),
        ("[x](Foo.md){href=javascript:alert}", '<span class="broken-link">x</span>'),
    ],
)
def test_broken_link_is_text(vault: Vault, written: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{written}\n", "Foo.md": FOO})
    assert body(site["index.md"]) == f"<p>{html}</p>"
    assert len(site.fatal) == 1


def test_link_to_a_missing_heading_still_counts(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\nSee [[Foo#Fristt]].\n", "Foo.md": FOO})
    assert marked(site["Foo.md"]) == {"Home": ["See *Foo › Fristt*."]}


def test_note_that_nobody_links_to(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Foo]]\n", "Foo.md": FOO, "alone.md": "# Alone\n\n[[Foo]] [[alone]]\n"})
    what = "no note links here; link to it where a reader would want it, for example from a map [note-unlinked]"
    assert site.problems == [f"docs/alone.md:1: {what}"]
    assert site.fatal == []


def test_suggestions_end_where_nobody_reads_them(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n" + "\n".join(f"[[Footing {i:03}]]" for i in range(70)), "Footing 1000.md": "# F\n"}
    )
    assert sum("did you mean [[Footing 1000]]? [link-missing]" in problem for problem in site.fatal) == 64
    assert len(site.fatal) == 70


def test_suggestion_can_be_written_in_a_link(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[A B]] [x](what.md)\n", "ab.md": "# [A] | B#\n", "what 1%.md": "# W\n"})
    assert site.fatal == [
        "docs/index.md:3: no note is called [[A B]]; did you mean [[ab]]? [link-missing]",
        "docs/index.md:3: no file is at what.md; did you mean `what%201%25.md`? [link-missing]",
    ]
