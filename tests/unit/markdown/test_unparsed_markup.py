"""Markup of which Markdown could make nothing is told, and what is shown on purpose is not."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

COMMENT = (
    "`%%` begins a comment that is never closed, and readers see it; end it with %%, or write \\%% [comment-unclosed]"
)
BOLD = (
    "`**` is shown as it is typed; close what is bold with another, put code between backticks, "
    "or write \\*\\* [markup-unclosed]"
)
CODE = "a backtick without another is shown as it is typed; close the code, or write \\` [markup-unclosed]"
BLANK = "a link with a blank in its middle is shown as it is typed; write [text](address) [link-syntax]"


@pytest.mark.parametrize(
    "text",
    [
        "`%%`, `**`, `[^1]`, `[a] (b.md)`, `[a][b]` and `https://a.example/`",
        "\\%%, \\*\\*, \\`, \\[^1], \\[a][b] and 2 ** 3",
        "%% **a, `b, [a] (b.md) %%",
        "```text\n%% **a `b [^1] [a] (b.md) [a][b] https://a.example/\n| a |\n| b |\n```",
        "<https://a.example/>, [a](https://a.example/), [https://a.example](https://a.example/)",
        "<div>\n%% ** ` [^1] https://a.example/\n</div>",
        "See [sic] (as above), a[0][1], `**kwargs` and ***.",
        "[a][b], [b] and a.[^1]\n\n[b]: https://a.example/\n[^1]: It is **so**.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a  \nb, **c\nd** and `e\nf`",
    ],
)
def test_what_is_meant_so_is_no_problem(vault: Vault, text: str) -> None:
    assert vault({"index.md": f"# Home\n\n{text}\n"}).fatal == []


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("## Why %% ask", 3, COMMENT),
        ("> A pool\n> lends %% ask", 4, COMMENT),
        ("- a\n- *b* **c `d`", 4, BOLD),
        ("| a | b |\n|---|---|\n| 1 | `2 |", 5, CODE),
        ("a `** b` c\n\na** b", 5, BOLD),
        ("a &amp; *b* `c", 3, CODE),
        ("[*a* `b`] (../c.md#d)", 3, BLANK),
    ],
)
def test_what_is_left_is_told_at_its_line(vault: Vault, text: str, line: int, what: str) -> None:
    assert vault({"index.md": f"# Home\n\n{text}\n"}).fatal == [f"docs/index.md:{line}: {what}"]


def test_one_kind_is_told_once_for_a_line(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n`a and ``b\n\n**a\n\n**a\n"})
    assert site.fatal == [f"docs/index.md:3: {CODE}", f"docs/index.md:5: {BOLD}", f"docs/index.md:7: {BOLD}"]


def test_what_an_embed_shows_is_told_where_it_stands(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n![[Foo]]\n", "foo.md": "---\ntags: [a]\n---\n# Foo\n\n**a [[Home]]\n"})
    assert site.fatal == [f"docs/foo.md:6: {BOLD}"]


def test_of_very_many_some_are_told(vault: Vault) -> None:
    assert len(vault({"index.md": "# Home\n\n" + "**a\n\n" * 300}).fatal) == 100


def test_a_block_that_is_never_closed_is_told_alone(vault: Vault) -> None:
    never = "docs/index.md:3: this block is never closed; end it with a line of ``` [code-unclosed]"
    assert vault({"index.md": "# Home\n\n```text\n**a\n"}).fatal == [never]
