"""Two built sites are compared as a reviewer would: what pages say, where they lead, what is proved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.review import built_site, differences, summary

PAGE = """<html><head><title>x</title></head><body><nav><a href="/menu/">Menu</a></nav>
<main><article class="md-content__inner"><h1 id="t">{title}<a class="headerlink" href="#t">#</a></h1>{text}
<section class="backlinks"><h2>Linked from</h2><a href="../z/">Z</a></section></article></main>
<footer><a href="/foot/">Foot</a></footer></body></html>"""
PROOF = {
    "tests": [{}, {}],
    "day": "2026-11-25",
    "servers": ["PostgreSQL 17.1"],
    "skipped": ["test_a"],
    "browser": {"runs": True, "needs": ""},
}


def written(folder: Path, pages: dict[str, tuple[str, str]], snippets: list[dict[str, Any]] | None = None) -> Path:
    """Write a built site."""
    folder.mkdir(exist_ok=True)
    for path, (title, text) in pages.items():
        file = folder / path / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(title=title, text=text), encoding="utf-8")
    if snippets is not None:
        (folder / "snippets.json").write_text(json.dumps({"snippets": snippets}))
    return folder


def entry(path: str, digest: str, proof: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the site's catalog says of a snippet."""
    return {"path": path, "sha256": digest, "page": f"snippets/{path.removesuffix('.py')}/", "proof": proof}


def compared(before: Path, after: Path) -> str:
    """Return the summary of two sites."""
    return summary.written(differences.compare(built_site.read(before), built_site.read(after)))


def test_a_changed_word_a_new_link_and_a_lost_one(tmp_path: Path) -> None:
    before = {"": ("Home", "<p>Old <a href='a/'>A</a> <a href='https://old.test/x'>x</a></p>"), "a": ("A", "<p>a</p>")}
    after = {"": ("Home", "<p>A new <a href='a/#h'>A</a> text</p>"), "a": ("A", "<p>a</p>")}
    assert compared(written(tmp_path / "1", before), written(tmp_path / "2", after)) == (
        "## Pages: 1\n\n- changed: Home (/), +1 words\n\n"
        "## New links: 1\n\n- Home → /a/\\#h\n\n"
        "## Lost links: 2\n\n- Home → /a/\n- Home → https:&#8203;//old.test/x\n"
    )


def test_new_and_removed_pages(tmp_path: Path) -> None:
    one, two = {"a": ("A", "<a href='../b/'>b</a>")}, {"c": ("C", "c")}
    assert compared(written(tmp_path / "1", one), written(tmp_path / "2", two)) == (
        "## Pages: 2\n\n- removed: A (/a/)\n- new: C (/c/)\n\n## Lost links: 1\n\n- A → /b/\n"
    )


@pytest.mark.parametrize(
    "computed",
    [
        '<ul class="query"><li><a href="/q/">Q</a></li></ul>',
        '<table class="query"><tr><td>Q<a href="/q/">Q</a></table>',
        '<dl class="errors"><dt>E</dt><dd><a href="/q/">Q</a></dd></dl>',
        "<figure><pre>x</pre><figcaption>verified 2026-11-25 <a href='/q/'>Q</a></figcaption></figure>",
        '<nav class="guide-reading"><a href="/q/">Next</a></nav>',
        '<p class="guide-about x">Changed <time>25 November 2026</time></p>',
        '<section class="backlinks"><img src="x.png"><br>B</section>',
    ],
)
def test_what_is_computed_from_other_pages_does_not_count(tmp_path: Path, computed: str) -> None:
    same = computed[: computed.index(">") + 1] if computed.startswith("<figure") else ""
    before = {"": ("Home", f"<p>Text</p>{same and '<figure><pre>x</pre></figure>'}")}
    after = {"": ("Home", f"<p>Text</p>{computed}")}
    text = compared(written(tmp_path / "1", before), written(tmp_path / "2", after))
    assert text == "No page, no snippet and no link has changed.\n"


@pytest.mark.parametrize("text", ["<p>Text <em>and", "<p>Text<br>and</p>", "<ul><li>Text<li>and</ul>", "</b>Text and"])
def test_elements_that_are_never_closed_do_no_harm(tmp_path: Path, text: str) -> None:
    read = built_site.read(written(tmp_path, {"": ("Home", text)}))
    assert (read.pages["/"].title, read.pages["/"].text) == ("Home", "Home Text and")


def test_the_text_of_an_image_counts_and_addresses_that_are_none_stay(tmp_path: Path) -> None:
    text = "<img src='x' alt='a plot'> <a href='https://[x'>x</a> <a href='javascript:y'>y</a> <a>z</a>"
    page = built_site.read(written(tmp_path, {"": ("Home", text)})).pages["/"]
    assert page == built_site.Page("Home", "Home a plot x y z", frozenset({"https://[x"}))


def test_snippets_with_what_is_proved(tmp_path: Path) -> None:
    one = [entry("a/x.py", "1"), entry("a/y.py", "1"), entry("a/gone.py", "1"), entry("a/same.py", "1", PROOF)]
    less: dict[str, Any] = {"tests": [{}], "day": "2026-11-25", "servers": [], "skipped": [], "browser": None}
    two = [entry("a/x.py", "2", PROOF), entry("a/y.py", "2"), entry("a/same.py", "1"), entry("a/z.py", "1", less)]
    # The pages of snippets are not told of as pages.
    page = {"snippets/a/x": ("X", "new"), "snippets": ("Snippets", "new")}
    assert compared(written(tmp_path / "1", {}, one), written(tmp_path / "2", page, two)) == (
        "## Snippets: 4\n\n"
        "- removed: a/gone.py\n"
        "- changed: a/x.py: 2 tests passed 2026-11-25 on PostgreSQL 17.1; 1 did not run; runs in the browser\n"
        "- changed: a/y.py: not verified in this build\n"
        "- new: a/z.py: 1 test passed 2026-11-25\n"
    )


def test_the_page_for_what_is_not_found_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "404.html").write_text("<article><h1>None</h1></article>")
    assert built_site.read(tmp_path) == built_site.Site({}, {})


def test_text_of_a_page_is_nothing_but_text(tmp_path: Path) -> None:
    title = "&lt;script&gt; [x](https://evil.test) `c` **b** @all www.evil.test\n- item | #1 &amp;amp;"
    text = compared(written(tmp_path / "1", {}), written(tmp_path / "2", {"a": (title, "")}))
    assert text == (
        "## Pages: 1\n\n- new: \\<script\\> \\[x\\]\\(https:&#8203;//evil.test\\) \\`c\\` \\*\\*b\\*\\* \\@all "
        "www&#8203;.evil.test - item \\| \\#1 \\&amp; (/a/)\n"
    )


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    pages = {f"p{number:03}": (f"P{number}", "") for number in range(65)}
    lines = compared(written(tmp_path / "1", {}), written(tmp_path / "2", pages)).splitlines()
    assert lines[0] == "## Pages: 65"
    assert lines[-1] == "- and 5 more"
    assert len(lines) == 63
