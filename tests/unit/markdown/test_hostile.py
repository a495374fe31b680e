"""Input that nobody writes by accident: it comes out inert, and nothing hangs or raises."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import assert_inert, body, elements, links, marked

# Enough to fill every bound, and quick; what more of it costs is measured elsewhere.
N = 1_000
NAMES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "](javascript:alert(1))",
    "</mark></a><script>alert(1)</script>",
]
REFUSED = (
    "is refused: it would act in the reader's browser; remove it, "
    "or write it between backticks to show it [html-active]"
)


@pytest.mark.parametrize("name", NAMES)
def test_name_is_inert_everywhere(vault: Vault, name: str) -> None:
    file = name.replace("/", "-")
    quoted = "'" + name.replace("'", "''") + "'"
    site = vault(
        {
            "index.md": f"# Home\n\n[[one|{name}]], [[{name}]] *and* [[two#{name}]].\n\n"
            f"[{name}](one.md '{name}'), [[one#{name}]]\n\n"
            f"![[one]]\n\n![[two#{name}]]\n\n![[i.png|{name}]] ![{name}](i.png '{name}') [[i.png#{name}]]\n\n"
            f"```dataview\nTABLE title, aliases, tags FROM [[index]] OR outgoing([[index]])\n```\n\n"
            f'```dataview\nLIST FROM "{name}"\n```\n\n> [!note] {name}\n> [[one]]\n',
            "one.md": f"---\ntitle: {quoted}\naliases: [{quoted}]\ntags: [{quoted}]\n---\n"
            f"# {name}\n\n[[index|{name}]]\n",
            "two.md": f"---\naliases: {quoted}\n---\n# Two\n\n"
            f"## {name}\n\nIn {name} of [[one]], [[index]], [[three]].\n",
            f"{file}.md": f"# {name}\n\n{name} [[index]] [[two]] [[one]] {name}\n",
            "three.md": f"# Three {name}\n\n| [[one|{name}]] |\n|---|\n| `{name}` [[two]] |\n",
            "i.png": "",
        },
        sound=False,
    )
    assert_inert(site.pages.values())
    assert len(marked(site["two.md"])) >= 1
    assert not any("\n" in problem for problem in site.problems)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("a <script>alert(1)</script> b", "<script>"),
        ("<SCRIPT SRC=//example.org>", "<script>"),
        ('<iframe srcdoc="x"></iframe>', "<iframe>"),
        ("<div><form action=x></form></div>", "<form>"),
        ("a <img src=x onerror=alert(1)> b", "onerror"),
        ("<div onclick='alert(1)'>x</div>", "onclick"),
        ('<a href="javascript:alert(1)">x</a>', "javascript:"),
        ('<a href=" java&#10;script:alert(1)">x</a>', "javascript:"),
        ('<a href="data:text/html,x">x</a>', "data:"),
        ("<svg><a xlink:href='javascript:x'>y</a></svg>", "javascript:"),
        ("<!-- a --!><script>alert(1)</script> -->", "<script>"),
        ("<!--> <script>alert(1)</script> -->", "<script>"),
        ("<noscript><p title='</noscript><script>alert(1)</script>'></noscript>", "<script>"),
        ("<svg><defs><script>alert(1)</script></defs></svg>", "<script>"),
        ("<?php <script>alert(1)</script> ?>", "<script>"),
        ("<!doctype <script>>", "<script>"),
        ("<![CDATA[ <script>alert(1)</script> ]]>", "<script>"),
        ("<div>\n<img src=x onerror=alert(1)\n", "onerror"),
        ("<div markdown onclick='alert(1)'>x</div>", "onclick"),
        ("<form markdown>x</form>", "<form>"),
        ("*x*{onclick=alert(1)}", "onclick"),
        ("# x {onclick=alert(1)}", "onclick"),
    ],
)
def test_raw_html_that_acts_is_refused(vault: Vault, text: str, what: str) -> None:
    above = "# Home\n\n~~~\n<script> onclick=x onerror=x javascript: data: <form> <iframe>\n~~~\n\n"
    site = vault({"index.md": above + text}, sound=False)
    assert_inert(site.pages.values())
    line = above.count("\n") + 1 + text.partition(what.rstrip(">"))[0].count("\n")
    # What nobody should use, but which does nothing, is another matter.
    assert [problem for problem in site.fatal if "act" in problem] == [f"docs/index.md:{line}: `{what}` {REFUSED}"]


@pytest.mark.parametrize(
    "text",
    [
        "`<script>` and `onclick=alert(1)`",
        "```html\n<script onclick=x href=javascript:x></script>\n```",
        "- a\n\n        <script>x</script>",
        "a < b and c > d, once = 2, on = 3",
        '<b>bold</b> <span class="x">y</span> <br> <kbd>k</kbd>',
        "<!-- a comment about once = 1 -->",
        '[x](index.md "javascript: the good parts") ![data: flow](i.png)',
        "``` {.text onclick=alert(1)}\nx\n```",
        "<details><summary>x</summary>y</details>",
        "<div title='a &lt; b, href = c'>x</div>",
    ],
)
def test_harmless_html_is_kept(vault: Vault, text: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "i.png": "", "AA": ""})
    assert site.fatal == []
    assert "&lt;b&gt;" not in site["index.md"]


def test_each_refusal_has_its_line(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n<script>1</script>\n\nx <b onclick=x>\n\n<script>2</script>\n\n<a\nonclick=x>x</a>\n"}
    )
    assert site.fatal == [
        f"docs/index.md:{line}: `{what}` {REFUSED}"
        for line, what in [(3, "<script>"), (5, "onclick"), (7, "<script>"), (10, "onclick")]
    ]


def test_marks_of_the_engine_cannot_be_forged(vault: Vault) -> None:
    """Not as characters, which are dropped, nor as entities where Markdown decodes them."""
    forged = "".join(
        f'<div {a}="garden:&#xe002;{i}&#xe003;" markdown>x</div>\n\n'
        for a in ("href", "title", "garden-embed")
        for i in range(9)
    )
    raw = "garden:\ue0020\ue003 \ue0007\ue001 \ue004 \ue005 \x02wzxhzdk:0\x03 [[\ue000\ue001Foo]]\n\n"
    site = vault(
        {
            "index.md": f"# Home\n\n[[Foo]]\n\n![[Foo]]\n\n```dataview\nLIST\n```\n\n{raw}{forged}",
            "Foo.md": "# Foo\n",
        }
    )
    assert not set(map(chr, range(0xE000, 0xE010))) & set("".join(site.pages.values()))
    assert site.fatal == []


def test_id_that_a_note_has_taken_is_left_alone(vault: Vault) -> None:
    site = vault({"index.md": '# Home\n\nA\n{: #to:Foo }\n\n<b id="to:Foo:2">x</b> [[Foo]]\n', "Foo.md": "# Foo\n"})
    assert '<a href="Foo/" id="to:Foo:3">Foo</a>' in site["index.md"]


def test_title_in_a_message_cannot_forge_a_line(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[[T]] [[S]]\n",
            "a.md": '---\ntitle: "T"\naliases: ["S"]\n---\n',
            "b.md": '---\ntitle: "T\\ndocs/x.md:1: \\e[31m"\naliases: ["S"]\n---\n',
        }
    )
    assert len(site.fatal) == 1
    assert site.fatal[0].isprintable()


# Much of it must come to an end, and to a page.

MUCH = {
    "openings": "[[" * N,
    "openings with text": "[[a " * N,
    "openings, closed once": "[[a](" * N,
    "brackets": "[" * N + "]" * N,
    "links in links": "[a](" * N,
    "images": "![a](" * N,
    "references": "[a][" * N,
    "embeds": "![[" * N,
    "footnotes": "[^" * N,
    "comments": "%%" * N,
    "comments with text": "%% a " * (N + 1),
    "comments on lines": "%%\na\n" * (N + 1),
    "HTML comments": "<!--" * N,
    "HTML comments with text": "x <!-- a " * N,
    "HTML comments with figures": "1 <!-- a " * N,
    "tags that hold openings": "<a [[" * N,
    "tags": "<a b=" * N,
    "tags on lines": "x <a \n" * N,
    "declarations": "<![CDATA[" * N,
    "escapes": "\\" * N + "[[",
    "escaped openings": "\\[[" * N,
    "code": "`a ``b " * N,
    "emphasis": "*a **b " * N,
    "nested emphasis": "*a **b " * 600 + "[[Foo]]" + " b** a*" * 600,
    "nested links": "[a " * N + "[[Foo]]" + "](Foo.md)" * N,
    "quotations": "> " * 2_000 + "[[Foo]]",
    "lists": "".join("    " * depth + "- a [[Foo]]\n" for depth in range(100)),
    "one long word": "a" * 100_000 + "[[Foo]]" + "a" * 100_000,
    "a wide table": "|" + " a |" * 500 + "\n|" + "---|" * 500 + "\n|" + " [[Foo]] |" * 500,
}


@pytest.mark.parametrize("text", MUCH.values(), ids=MUCH)
def test_much_of_it_ends(vault: Vault, text: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": "# Foo\n\n[[index]]\n"})
    assert list(marked(site["index.md"])) == ["Foo"]
    assert elements(site["index.md"])


def test_many_links_in_one_paragraph(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n" + "See [[Foo]] and. " * N + "so [[foo]] " * N, "Foo.md": "# Foo\n"})
    assert len(links(body(site["index.md"]))) == 2 * N
    assert len(marked(site["Foo.md"])["Home"]) == 2
    assert max(map(len, marked(site["Foo.md"])["Home"])) < 700


def test_many_links_on_their_own_lines(vault: Vault) -> None:
    site = vault(
        {"index.md": "# Home\n\n" + "".join(f"- item {i} of [[Foo]]\n" for i in range(N)), "Foo.md": "# Foo\n"}
    )
    assert len(marked(site["Foo.md"])["Home"]) == N
    assert site.fatal == []


def test_many_broken_links(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n" + "".join(f"[[Missing {i}]]\n" for i in range(N))})
    assert [problem.split(":")[1] for problem in site.fatal] == [str(line) for line in range(3, N + 3)]


def test_note_that_nests_too_deep_is_shown_as_it_is(vault: Vault) -> None:
    text = "*a **b " * 1_200 + "<script>[[Foo]] [[Nope]]" + " b** a*" * 1_200
    site = vault({"index.md": f"---\ntags: x\n---\n# Home\n\n{text}\n", "Foo.md": "# Foo\n"})
    assert site.fatal == [
        "docs/index.md:4: nests deeper than Markdown can follow; flatten its lists, "
        "quotations or brackets [markdown-too-deep]"
    ]
    assert site["index.md"].startswith("<pre># Home\n\n*a **b *a **b ")
    assert_inert(site.pages.values())
    assert marked(site["Foo.md"]) == {}


# Brackets and tags that are few, or closed, are what they were


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[a [b [c](Foo.md)", '[a [b <a href="Foo/" id="to:Foo">c</a>'),
        ("[ " * 40 + "[c](Foo.md)", "[ " * 40 + "[c](Foo.md)"),
        ("`[[[[[[[[` [c](Foo.md)", '<code>[[[[[[[[</code> <a href="Foo/" id="to:Foo">c</a>'),
        ("``[ [ [ [ [ [ ( ( ( ( ( ( ` ``", "<code>[ [ [ [ [ [ ( ( ( ( ( ( `</code>"),
        ("[ [ [ [ [ <b title='[ [ [ ( ( (( ('>x</b>", "[ [ [ [ [ <b title='[ [ [ ( ( (( ('>x</b>"),
        ("(( ((( [c](Foo.md)", '(( ((( <a href="Foo/" id="to:Foo">c</a>'),
        ("[c](Foo.md) if a <b", '<a href="Foo/" id="to:Foo">c</a> if a &lt;b'),
        ("<b " * 40 + "[c](Foo.md)", "&lt;b " * 40 + '<a href="Foo/" id="to:Foo">c</a>'),
    ],
)
def test_brackets_in_prose(vault: Vault, text: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": "# Foo\n"})
    assert body(site["index.md"]) == f"<p>{html}</p>"
    assert site.fatal == []
