"""Blocks with names: ``^name`` at the end of one, or below it."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import body, links, marked

TABLE = "| a | b |\n|---|---|\n| c | d |"
TABLE_HTML = (
    '<div class="table-frame"><table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n'
    "<tbody>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table></div>"
)
FENCE_HTML = '<div class="language-text highlight"><pre><span></span><code>code\n</code></pre></div>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Some text. ^x", '<p id="^x">Some text.</p>'),
        ("Some text.\n^x", '<p id="^x">Some text.</p>'),
        ("Some text.\n\n^x", '<div id="^x"><p>Some text.</p>\n</div>'),
        ("Some *text* ^x", '<p id="^x">Some <em>text</em></p>'),
        ("Some\ntext ^x", '<p id="^x">Some\ntext</p>'),
        ("- one\n- two ^x", '<ul>\n<li>one</li>\n<li id="^x">two</li>\n</ul>'),
        ("- one ^x\n    - two", '<ul>\n<li id="^x">one<ul>\n<li>two</li>\n</ul>\n</li>\n</ul>'),
        ("- one\n\n- two ^x", '<ul>\n<li>\n<p>one</p>\n</li>\n<li id="^x">\n<p>two</p>\n</li>\n</ul>'),
        ("- one\n- two\n\n^x", '<div id="^x"><ul>\n<li>one</li>\n<li>two</li>\n</ul>\n</div>'),
        (f"{TABLE}\n^x", f'<div id="^x">{TABLE_HTML}\n</div>'),
        (f"{TABLE}\n\n^x", f'<div id="^x">{TABLE_HTML}\n</div>'),
        ("```text\ncode\n```\n^x", f'<div id="^x">{FENCE_HTML}\n</div>'),
        ("```text\ncode\n```\n\n^x", f'<div id="^x">{FENCE_HTML}\n</div>'),
        ("> quote\n\n^x", '<div id="^x"><blockquote>\n<p>quote</p>\n</blockquote>\n</div>'),
        ("> quote ^x", '<blockquote>\n<p id="^x">quote</p>\n</blockquote>'),
        (f"> {TABLE}\n^x".replace("\n", "\n> "), f'<blockquote>\n<div id="^x">{TABLE_HTML}\n</div>\n</blockquote>'),
        (
            "| a |\n|---|\n| c ^x |",
            '<div class="table-frame"><table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n'
            '<tbody>\n<tr>\n<td id="^x">c</td>\n</tr>\n</tbody>\n</table></div>',
        ),
        ("T\n:   D ^x", '<dl>\n<dt>T</dt>\n<dd id="^x">D</dd>\n</dl>'),
    ],
)
def test_block(vault: Vault, text: str, html: str) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[[Foo#^x]] [y](Foo.md#^x) ![[Foo#^x]]\n".replace(" !", "\n\n!"),
            "Foo.md": f"# Foo\n\n{text}\n",
        }
    )
    assert body(site["Foo.md"]) == html
    assert links(body(site["index.md"])) == ["Foo/#%5Ex"] * 3
    assert body(site["index.md"]).startswith('<p><a href="Foo/#%5Ex" id="to:Foo">Foo › x</a>')
    assert site.fatal == []


@pytest.mark.parametrize(
    "text", ["x^2", "x ^2 y", "a ^b_c", "[^1]\n\n[^1]: n", "`a ^x`", "- a\n\n        a ^x", "## Heading ^x", "a ^-b"]
)
def test_not_a_block_name(vault: Vault, text: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n"})
    assert 'id="^' not in site["index.md"]
    assert site.fatal == []


def test_name_above_everything_names_nothing(vault: Vault) -> None:
    site = vault({"index.md": "^x\n\n[[#^x]]\n"})
    assert site.fatal == [
        "docs/index.md:1: has no title; begin its text with `# Title` [title-missing]",
        "docs/index.md:1: the name ^x stands below no block; put it at the end of one [block-name]",
        "docs/index.md:3: this note has no block ^x; end the block with ` ^x` [block-missing]",
    ]


def test_same_name_twice(vault: Vault) -> None:
    fence = "~~~\na ^x\n~~~\n\n"
    site = vault({"index.md": f"# Home\n\n{fence}one ^x\n\ntwo ^x\n\n- three ^x\n\n[[#^x]]\n"})
    assert site.fatal == [
        "docs/index.md:9: the block ^x stands twice in this note; rename one [block-name]",
        "docs/index.md:11: the block ^x stands twice in this note; rename one [block-name]",
    ]
    assert '<p id="^x">one</p>\n<p>two</p>' in site["index.md"]


def test_names_of_blocks_are_no_part_of_excerpts(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\nSee [[Foo]] there ^x\n\n[[#^x]]\n", "Foo.md": "# Foo\n"})
    assert marked(site["Foo.md"]) == {"Home": ["See *Foo* there"]}
