"""What lies around a note, as it stands at the end of its page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.unit.conftest import Vault
from tests.unit.reading import assert_inert

SNIPPET = '"""A pool.\n\nFor pools.\n"""\n'


def around(html: str) -> str:
    """Return the section of a page."""
    found = re.search(r'\n<section class="around".*?</section>\n', html, re.DOTALL)
    return found[0] if found else ""


def rows(html: str, kind: str) -> list[tuple[str, str, str]]:
    """Return the rows of a column: how the note is linked, its address, and how it reads."""
    column = re.search(rf'<ul class="graph-{kind}".*?</ul>', html, re.DOTALL)
    assert column
    row = re.compile(r'<li data-node="\d+">(?:<span class="way" [^>]*aria-label="([^"]*)">.</span>)?'
                     r'<span><a href="([^"]*)">(.*?)</a>.*?</span></li>')  # fmt: skip
    return row.findall(column[0])


def test_section(vault: Vault) -> None:
    site = vault(
        {"index.md": "---\ntitle: Home & <b>\n---\n\n[[A]]\n", "x/a.md": "# A\n\n[[C]]\n", "c.md": "# C\n\n[[A]]\n"}
    )
    assert around(site["c.md"]) == (
        '\n<section class="around" aria-labelledby="garden:around">\n'
        '<h2 id="garden:around">Around this note</h2>\n'
        '<div class="graph">\n'
        '<svg class="graph-fan" aria-hidden="true" viewBox="0 0 100 1000" preserveAspectRatio="none">'
        '<path data-ends="0" d="M25 0V488Q25 500 100 500"/></svg>\n'
        '<p class="graph-head-near" id="garden:near">One step away</p>\n'
        '<ul class="graph-near" aria-labelledby="garden:near">\n'
        '<li data-node="0"><span class="way" role="img" aria-label="both ways">↔</span>'
        '<span><a href="../x/a/">A</a></span></li>\n'
        "</ul>\n"
        '<svg class="graph-lines" aria-hidden="true" viewBox="0 0 100 1000" preserveAspectRatio="none">'
        '<path data-ends="0 1" d="M0 500C50 500 50 500 100 500"/>'
        '<a href="../x/a/" tabindex="-1"><path stroke-width="8" d="M0 500h.1"/></a>'
        '<a href="../" tabindex="-1"><path stroke-width="8" d="M100 500h.1"/></a></svg>'
        '<p class="graph-head-far" id="garden:far">Two steps away</p>\n'
        '<ul class="graph-far" aria-labelledby="garden:far">\n'
        '<li data-node="1"><span><a href="../">Home &amp; &lt;b&gt;</a></span></li>\n'
        "</ul>\n"
        "</div>\n"
        '<p class="graph-legend">→ this note links there, ← it is linked from there, ↔ both.</p>\n'
        "</section>\n"
    )
    assert_inert([site["c.md"]])


def test_stands_between_the_text_and_the_backlinks(vault: Vault) -> None:
    page = vault({"index.md": "# Home\n\n[[A]]\n", "a.md": "# A\n\nText.\n"})["a.md"]
    assert page.index("Text.") < page.index('class="around"') < page.index('class="backlinks"')


def test_each_way_is_told(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n[[A]]\n", "a.md": "# A\n\n[[B]] [[C]]\n", "b.md": "# B\n", "c.md": "# C\n\n[[A]]"}
    )
    assert rows(site["a.md"], "near") == [
        ("both ways", "../c/", "C"),
        ("from", "../", "Home"),
        ("to", "../b/", "B"),
    ]
    assert 'class="graph-far"' not in around(site["a.md"])
    assert '<svg class="graph-lines"' not in around(site["a.md"])


def test_a_note_by_itself_has_none(vault: Vault) -> None:
    site = vault({"index.md": '# Home\n\n[[index]]\n\n```dataview\nLIST FROM ""\n```\n', "a.md": "# A\n"}, sound=False)
    assert around(site["index.md"]) == around(site["a.md"]) == ""


def test_what_is_not_drawn_is_counted(vault: Vault) -> None:
    many = [f"n{number:02}" for number in range(12)]
    far = [f"z{number:02}" for number in range(9)]
    docs: dict[str, str | bytes] = {f"{name}.md": f"# {name}\n" for name in [*many, *far]}
    docs["index.md"] = "# Home\n\n" + "\n\n".join(f"[[{name}]]" for name in many)
    site = vault(docs | {"n00.md": "# n00\n\n" + "\n\n".join(f"[[{name}]]" for name in far)})
    assert "Not drawn: 2 more one step away and 2 more two steps away.</p>" in around(site["index.md"])
    assert "Not drawn: 4 more two steps away.</p>" in around(site["n05.md"])
    assert len(rows(site["index.md"], "near")) == 10
    assert len(rows(site["index.md"], "far")) == 7


def test_the_page_of_a_snippet_has_the_notes_that_show_it_and_what_else_they_show(vault: Vault) -> None:
    show = '# {0}\n\n```python\n--8<-- "a/{1}.py"\n```\n\n```python\n--8<-- "a/{2}.py"\n```\n'
    site = vault(
        {"index.md": show.format("Home", "one", "two"), "b.md": show.format("B & C", "two", "three")},
        {f"a/{name}.py": SNIPPET for name in ("one", "two", "three")},
        pages=True,
    )
    page = around(site["snippets/a/two.md"])
    assert '<h2 id="garden:around">Around this snippet</h2>' in page
    assert "→ this snippet links there" in page
    assert rows(page, "near") == [("from", "../../../b/", "B &amp; C"), ("from", "../../../", "Home")]
    assert rows(page, "far") == [("", "../three/", "A pool"), ("", "../one/", "A pool")]
    assert ">A pool</a> <code>three.py</code></span>" in page
    assert around(site["snippets/index.md"]) == ""


def test_each_line_ends_in_the_middle_of_its_rows(vault: Vault) -> None:
    """Rows are equally high; a drawing has a height of 1,000."""
    docs: dict[str, str | bytes] = {f"{name}.md": f"# {name}\n\n[[x]]\n" for name in ("a", "b", "c")}
    page = around(vault(docs | {"index.md": "# Home\n\n[[a]] [[b]]\n", "x.md": "# x\n\n[[c]]\n"})["x.md"])
    for drawing in re.findall("<svg.*?</svg>", page):
        ElementTree.fromstring(drawing)
    near = [name for _, _, name in rows(page, "near")]
    assert near == ["c", "a", "b"]
    lines = dict(re.findall(r'data-ends="(\d+ 3)" d="M0 (\d+)C.* 100 500"', page.replace("/>", "/>\n")))
    assert lines == {"1 3": "500", "2 3": "833"}
    assert re.findall(r'data-ends="\d" d="M25 0V\d+Q25 (\d+) 100 \1"', page) == ["167", "500", "833"]
