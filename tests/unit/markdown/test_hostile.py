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
        ("a <img src=x onerror=alert(1)> b", "<img>"),
        ("<div onclick='alert(1)'>x</div>", "onclick"),
        ("a <b/onclick=alert(1)>x</b>", "onclick"),
        ('<div title="x"onclick=alert(1)>', "onclick"),
        ("<details open ontoggle=alert(1)>x</details>", "ontoggle"),
        ("<div style='position: fixed'>x</div>", "style"),
        ('<a href="javascript:alert(1)">x</a>', "<a>"),
        ("<svg><a xlink:href='javascript:x'>y</a></svg>", "<svg>"),
        ("<!-- a --!><script>alert(1)</script> -->", "<script>"),
        ("<!--> <script>alert(1)</script> -->", "<script>"),
        ("<noscript><p title='</noscript><script>alert(1)</script>'></noscript>", "<noscript>"),
        ('<style><b title="</style><script>alert(1)</script>">', "<style>"),
        ("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>", "<math>"),
        ("<svg><defs><script>alert(1)</script></defs></svg>", "<svg>"),
        ("<div>\n\n<svg onload=alert(1)>\n</div>", "<svg>"),
        ("<?php <script>alert(1)</script> ?>", "<?php>"),
        ("<!doctype <script>>", "<!doctype>"),
        ("<![CDATA[ <script>alert(1)</script> ]]>", "<![cdata[>"),
        ("<div>\n<img src=x onerror=alert(1)\n", "<img>"),
        ("<div markdown onclick='alert(1)'>x</div>", "onclick"),
        ("<div markdown><b onclick=alert(1)>x</b>\n\n*x*\n</div>", "onclick"),
        ("<div markdown>\n<section data-x=y markdown>x</section>\n</div>", "<section>"),
        ("<form markdown>x</form>", "<form>"),
        ("*x*{onclick=alert(1)}", "onclick"),
        ("*x*{style='top: 0'}", "style"),
        ("# x {onclick=alert(1)}", "onclick"),
        ("![x](i.png){srcset=//example.org/i.png}", "srcset"),
        ("x </div> y", "</div>"),
        ("</article>\n\nx", "</article>"),
    ],
)
def test_html_that_is_not_on_the_list_is_refused(vault: Vault, text: str, what: str) -> None:
    above = "# Home\n\n~~~\n<script> onclick=x onerror=x javascript: data: <form> <iframe>\n~~~\n\n"
    site = vault({"index.md": above + text, "i.png": ""}, sound=False)
    assert_inert(site.pages.values())
    for tag, attributes in elements(site["index.md"]):
        assert tag not in ("article", "math", "section", "style", "svg")
        assert not {"style", "srcset"} & attributes.keys()
    line = above.count("\n") + 1 + text.lower().partition(what.rstrip(">"))[0].count("\n")
    assert site.fatal[0].startswith(f"docs/index.md:{line}: `{what}` ")


def test_what_is_cleaned_besides_does_not_act(vault: Vault) -> None:
    """What the search for a message does not see, such as a name that begins with a quotation mark."""
    site = vault({"index.md": "# Home\n\n<div \"onclick=alert(1) 'onclick=alert(1)>x</div>\n"}, sound=False)
    assert body(site["index.md"]) == "<div>x</div>"


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
        "<details markdown open><summary>x</summary>\n\n*y*\n\n</details>",
        "<abbr title='a &amp; \"b\"'>a</abbr><br/>",
        "<div>\n```text\n<script onclick=x>\n```\n</div>",
        "[x](index.md){ .x #y title=z rel=nofollow data-x=y aria-label=x }",
    ],
)
def test_harmless_html_is_kept(vault: Vault, text: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "i.png": "", "AA": ""})
    assert site.fatal == []
    assert "&lt;b&gt;" not in site["index.md"]


def test_each_refusal_has_its_line(vault: Vault) -> None:
    text = "# Home\n\n<script>1</script>\n\nx <b onclick=x>\n\n<script>2</script>\n\n<i\nonclick=x>x</i>\n"
    show = "or write it between backticks to show it"
    script = f"`<script>` is HTML that notes do not use; remove it, {show} [html-element]"
    onclick = f"`onclick` is an attribute that notes do not use; remove it, {show} [html-attribute]"
    assert vault({"index.md": text}).fatal == [
        f"docs/index.md:3: {script}",
        f"docs/index.md:5: {onclick}",
        f"docs/index.md:7: {script}",
        f"docs/index.md:10: {onclick}",
    ]


def test_an_end_alone_is_reported(vault: Vault) -> None:
    ends = "ends nothing; remove it, or write it between backticks to show it [html-element]"
    site = vault({"index.md": "# Home\n\n<b>x</b></b> <i onclick=x>y</i></i>\n"})
    assert [problem for problem in site.fatal if "ends" in problem] == [
        f"docs/index.md:3: `</b>` {ends}",
        f"docs/index.md:3: `</i>` {ends}",
    ]
    assert body(site["index.md"]) == "<p><b>x</b>&lt;/b&gt; &lt;i onclick=x&gt;y&lt;/i&gt;&lt;/i&gt;</p>"


def test_marks_of_the_engine_cannot_be_forged(vault: Vault) -> None:
    """Not as characters, which are dropped, nor as entities where Markdown decodes them."""
    forged = (
        "".join(
            f'<div {a}="garden:&#xe002;{i}&#xe003;" markdown>x</div>\n\n'
            for a in ("href", "title", "garden-embed")
            for i in range(9)
        )
        + "<b title='&#xe002;0&#XE003; &#57344; &#2;wzxhzdk:0&#3; &#x110000;'>x</b>\n\n<div>&#xe002;0&#xe003;</div>\n"
    )
    raw = "garden:\ue0020\ue003 \ue0007\ue001 \ue004 \ue005 \x02wzxhzdk:0\x03 [[\ue000\ue001Foo]]\n\n"
    site = vault(
        {
            "index.md": f"# Home\n\n[[Foo]]\n\n![[Foo]]\n\n```dataview\nLIST\n```\n\n{raw}{forged}",
            "Foo.md": "# Foo\n",
        }
    )
    assert not set(map(chr, range(0xE000, 0xE010))) & set("".join(site.pages.values()))
    assert "\x02" not in site["index.md"]
    assert "wzxhzdk:0 &#x110000;'" not in site["index.md"]
    refused = [problem.partition("`")[2].partition("`")[0] for problem in site.fatal]
    assert sorted(refused) == ["garden-embed"] * 9 + ["href"] * 9


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
        ("[ [ [ [ [ <b title='[ [ [ ( ( (( ('>x</b>", '[ [ [ [ [ <b title="[ [ [ ( ( (( (">x</b>'),
        ("(( ((( [c](Foo.md)", '(( ((( <a href="Foo/" id="to:Foo">c</a>'),
        ("[c](Foo.md) if a <b", '<a href="Foo/" id="to:Foo">c</a> if a &lt;b'),
        ("<b " * 40 + "[c](Foo.md)", "&lt;b " * 40 + '<a href="Foo/" id="to:Foo">c</a>'),
    ],
)
def test_brackets_in_prose(vault: Vault, text: str, html: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n", "Foo.md": "# Foo\n"})
    assert body(site["index.md"]) == f"<p>{html}</p>"
    assert site.fatal == []
