"""A page as Markdown: what each kind of element becomes, and that nothing of the text is lost or read as markup."""

from __future__ import annotations

from html import escape, unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import markdown as rendered

from garden.publish import markdown, page_tokens

HOME = "https://guide.example/pool/"


def plain(html: str) -> str:
    return markdown.page(page_tokens.read(html), HOME).removesuffix("\n")


CASES = {
    "heading": ('<h2 id="a">A <em>b</em><a class="headerlink" href="#a">#</a></h2>', "## A *b*"),
    "empty heading": ("<h2></h2><p>x</p>", "x"),
    "paragraphs": ("<p>One\ntwo.</p>\n<p>Three.</p>", "One two.\n\nThree."),
    "emphasis": ("<p>a<strong> b </strong>c <del>d</del></p>", "a **b** c ~~d~~"),
    "empty element": ("<p>a<em> </em>b<em></em>c</p>", "a bc"),
    "line break": ("<p>a<br>b<br />c</p>", "a  \nb  \nc"),
    "link": ('<p><a href="../size/#how">x</a></p>', "[x](https://guide.example/size/#how)"),
    "link to a place here": ('<p><a href="#how">x</a></p>', "[x](https://guide.example/pool/#how)"),
    "link with signs": ('<p><a href="a (b).txt">x</a></p>', "[x](https://guide.example/pool/a%20%28b%29.txt)"),
    "link behind a sign": ('<p>now!<a href="https://b.example/">x</a></p>', "now\\![x](https://b.example/)"),
    "anchor": ('<p><a name="x">y</a></p>', "y"),
    "term": ('<p>a <a class="term" href="../glossary/#term:pool">pool</a></p>', "a pool"),
    "image": ('<p><img src="../a.png" alt="[b]"></p>', "![[b\\]](https://guide.example/a.png)"),
    "code": ("<p><code>a*b</code> <code>a`b</code> <code>`c</code></p>", "`a*b` ``a`b`` `` `c ``"),
    "codes that touch": ("<p><code>a</code><code>b</code></p>", "`a` `b`"),
    "figure in a text": ('<p><data value="2.1" title="x">2.1</data> times</p>', "2.1 times"),
    "comment": ("<p>a<!-- <b> -->b</p>", "ab"),
    "rule": ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb"),
    "list": ("<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>", "-   a\n-   b\n    -   c"),
    "numbers": ("<ol><li>a</li><li>b</li></ol>", "1.  a\n2.  b"),
    "numbers from": ('<ol start="9"><li>a</li><li>b</li></ol>', "9.  a\n10. b"),
    "numbers from nowhere": ('<ol start="x"><li>a</li></ol>', "1.  a"),
    "loose list": ("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "-   a\n\n    b\n\n-   c"),
    "code in a list": ("<ul><li>a<pre><code>b\n</code></pre></li></ul>", "-   a\n\n    ```\n    b\n    ```"),
    "empty item": ("<ul><li></li></ul>", "-"),
    "definitions": (
        "<dl><dt>A</dt><dd>b</dd><dd>c</dd><dt>D</dt><dd><p>e</p><p>f</p></dd></dl>",
        "A\n:   b\n:   c\n\nD\n:   e\n\n    f",
    ),
    "definition of nothing": ("<dl><dd>b</dd></dl>", "b"),
    "quotation": ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    "callout": (
        '<div class="admonition warning"><p class="admonition-title">Mind</p><p>the gap</p></div>',
        "> **Mind**\n>\n> the gap",
    ),
    "folded": ("<details><summary>More</summary><p>a</p></details>", "**More**\n\na"),
    "table": (
        "<table><thead><tr><th>A</th><th>B|C</th></tr></thead>"
        "<tbody><tr><td><code>a|b</code></td><td>c<br>d</td></tr></tbody></table>",
        "| A | B\\|C |\n| --- | --- |\n| `a\\|b` | c<br>d |",
    ),
    "table without rows": ("<table></table><p>x</p>", "x"),
    "block of code": (
        '<div class="language-python highlight"><span class="filename">Do not</span><pre><span></span><code>'
        '<span class="k">def</span> a():\n    &quot;```&quot;\n</code></pre></div>',
        '**Do not**\n\n````python\ndef a():\n    "```"\n````',
    ),
    "code that never ends": ("<pre><code>a", "```\na\n```"),
    "footnote": (
        '<p>a<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>'
        '<div class="footnote"><hr><ol><li id="fn:1"><p>b '
        '<a class="footnote-backref" href="#fnref:1">↩</a></p></li></ol></div>',
        "a[^1]\n\n[^1]: b",
    ),
    "tabs": (
        '<div class="tabbed-set"><input type="radio"><div class="tabbed-labels"><label>One</label>'
        '<label>Two</label></div><div class="tabbed-content"><div class="tabbed-block"><p>a</p></div>'
        '<div class="tabbed-block"><p>b</p></div></div></div>',
        "**One**\n\na\n\n**Two**\n\nb",
    ),
    "plot": (
        '<figure><p class="plot-title">Costs</p><svg><rect/><g><text>1</text></g></svg>'
        "<figcaption>Then</figcaption></figure>",
        "**Costs**\n\nThen",
    ),
    "calculator": (
        '<form class="calculator"><p><label><span>Threads <code>t</code></span> <input type="number" value="4"></label>'
        "<span hidden>Wrong</span></p><output>"
        '<span class="calculator-result"><span>Sum</span> <data value="5">5</data></span>'
        '<span class="calculator-result"><span>Rest</span> <data value="1">1</data></span></output>'
        "<button>Back</button></form>",
        "Threads `t` 4\n\nSum 5\n\nRest 1",
    ),
    "nested out of order": ("<p><em>a <strong>b</em> c</strong></p></section>", "*a **b*** c"),
    "block in a line": ("<p>a <span>b<div>c</div></span></p>", "a bc"),
    "left open": ("<p>a</p><ul><li>b<em>c", "a\n\n-   b*c*"),
    "closed but never opened": ("<p>a</em></section></p>", "a"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_an_element_becomes(name: str) -> None:
    html, expected = CASES[name]
    assert plain(html) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * 3 and *no*", "2 * 3 and \\*no\\*"),
        ("pool_size and _no_", "pool_size and \\_no\\_"),
        ("[a](b) [^1] [c]", "[a\\](b) \\[^1] [c]"),
        ("a `b` \\", "a \\`b\\` \\\\"),
        ("&lt;ratio&gt; &amp;amp; 1 &lt; 2 &amp; 3", "&lt;ratio> &amp;amp; 1 < 2 & 3"),
        ("# a", "\\# a"),
        ("1. a", "1\\. a"),
        ("2026 was", "2026 was"),
        ("- a", "\\- a"),
        ("-a", "-a"),
        ("&gt; a", "\\> a"),
    ],
)
def test_a_text_is_not_read_as_markup(text: str, expected: str) -> None:
    assert plain(f"<p>{text}</p>") == expected
    assert rendered(expected) == f"<p>{text}</p>"


def test_what_nests_very_deep_is_still_there_and_takes_no_more_time() -> None:
    deep = 20_000
    assert "kept" in plain("<blockquote>" * deep + "<p>kept</p>" + "</blockquote>" * deep)
    assert "kept" in plain("<svg>" * deep + "</svg>" * deep + "<p>kept</p>")


@settings(deadline=None)
@example("---")
@example("-- -")
@example("* * *")
@example("&#1")
@given(st.text(alphabet=" ab#>*_`[]()!<&-+1.:|\\~=\n"))
def test_any_text_survives(text: str) -> None:
    shown = rendered(plain(f"<p>{escape(text)}</p>")).removeprefix("<p>").removesuffix("</p>")
    assert unescape(shown).split() == text.split()
