"""Blocks that show a snippet, in the HTML of a page: each is framed whole, and once."""

from __future__ import annotations

from garden.snippets.code_blocks import ShownSnippet, decorate


def framed(html: str) -> str:
    """Frame each block with what it shows."""
    return decorate(html, lambda number, shown, block: f"[{number} {'+'.join(map(str, shown))}: {block}]")


def test_a_block_ends_where_its_element_does() -> None:
    block = '<div data-snippet="a.py:part"><div>x</div></div>'
    assert framed(f"<p>A</p>{block}<p>B</p>") == f"<p>A</p>[0 a.py:part: {block}]<p>B</p>"


def test_a_block_in_a_block_is_framed_with_it() -> None:
    block = '<div data-snippet="a.py"><div data-snippet="b.py"></div></div>'
    assert framed(block) == f"[0 a.py: {block}]"


def test_a_block_that_never_ends_goes_to_the_end() -> None:
    assert framed('<div data-snippet="a.py"><p>A</p>') == '[0 a.py: <div data-snippet="a.py"><p>A</p>]'


def test_what_shows_nothing_stays() -> None:
    assert framed("<div>x</div>") == "<div>x</div>"
    assert ShownSnippet("a.py") == ShownSnippet("a.py", "")
