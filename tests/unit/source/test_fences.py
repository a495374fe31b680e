"""Fenced blocks: the engine sees the same ones as SuperFences, and tells of those that would not become one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from garden.source import fences
from tests.unit.conftest import Vault

HEADER = (
    'after its language a block takes only title="…", hl_lines="…", linenums="…" or {…}; '
    "write nothing else there [code-header]"
)
UNCLOSED = "this block is never closed; end it with a line of ``` [code-unclosed]"


def scan(text: str) -> list[tuple[int, int | None, str]]:
    return [(fence.start, fence.end, fence.language) for fence in fences.scan(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```\nx\n```", [(0, 2, "")]),
        ("~~~\nx\n~~~", [(0, 2, "")]),
        ("```\n```", [(0, 1, "")]),
        ("a\n```\nx\n```  \nb\n```\ny\n```", [(1, 3, ""), (5, 7, "")]),
        ("````\n```\nx\n```\n````", [(0, 4, "")]),
        ("```\n~~~\n```\n~~~", [(0, 2, ""), (3, None, "")]),
        ("```\n````\n```", [(0, 2, "")]),
        ("```\nx", [(0, None, "")]),
        ("- a\n\n    ```py\n    x\n    ```", [(2, 4, "py")]),
        ("- a\n\n\t```py\n\tx\n    ```", [(2, 4, "py")]),
        ("1. a\n   ```\n   x\n\n     y\n   ```", [(1, 5, "")]),
        ("> ```py\n> x\n>\n> y\n> ```", [(0, 4, "py")]),
        ("> ```\n  lazy\n> ```", [(0, 2, "")]),
        ("> > ```\n> > x\n> > ```", [(0, 2, "")]),
        (">\t```\n>   x\n>   ```", [(0, 2, "")]),
        ("    ```\n    x\n  y\n    ```", [(0, None, ""), (3, None, "")]),
        ("> ```\n> x\nout\n> ```", [(0, None, ""), (3, None, "")]),
        ("> ```\n\n  lazy\n> ```", [(0, None, ""), (3, None, "")]),
        ("> ```\n> > x\n> ```", [(0, 2, "")]),
        (">  ```\n>> x\n>  ```", [(0, None, ""), (2, None, "")]),
        ("    ```\n  >  x\n    ```", [(0, None, ""), (2, None, "")]),
        ("``\nx\n``", []),
        ("x ```\nx\n```", [(2, None, "")]),
        ("```x``` is code in a line\n\n```\ny\n```", [(2, 4, "")]),
    ],
)
def test_blocks(text: str, found: list[tuple[int, int | None, str]]) -> None:
    assert scan(text) == found


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", ""),
        ("python", "python"),
        ("  python  ", "python"),
        ("Python", "Python"),
        (".python", "python"),
        ("c++", "c++"),
        ("{.python}", "python"),
        (" { .python } ", "python"),
        ("{ #id .python .numbered title='x' }", "python"),
        ("{}", ""),
        ("{title='x'}", ""),
        ("python {.other}", "python"),
        ('python title="A title"', "python"),
        ("python title='A title' linenums=\"1\"", "python"),
        ('python linenums="1 2 3" hl_lines="1-2 4"', "python"),
        ('title="only"', ""),
        ("\tpython\ttitle='x'", "python"),
        ('python title="`x`"', "python"),
        ("{.python title='`x`'}", "python"),
        ("{.dataview}", "dataview"),
    ],
)
def test_header(header: str, language: str) -> None:
    (fence,) = fences.scan([f"```{header}", "x", "```"])
    assert (fence.language, fence.fault) == (language, "")


@pytest.mark.parametrize(
    ("header", "opening"),
    [
        ("python x", "```python"),
        ("python title=x", "```python"),
        ('python title="x"y', "```python"),
        ('python hl_lines="one"', "```python"),
        ('python linenums="1 2 3 4"', "```python"),
        ('python width="3"', "```python"),
        ("python{.x}", "```"),
        ("a b c", "```a"),
        ("{.python} x", "```"),
        ("{.python", "```"),
        ('dataview title="x"', "```dataview"),
        ('x y="`" ' + 'a="" ' * 9, "```x"),
    ],
)
def test_header_that_superfences_would_not_take(vault: Vault, header: str, opening: str) -> None:
    (fence,) = fences.scan([f"```{header}", "x", "```"])
    assert (f"{fence.fault} [code-header]", fence.opening, fence.end) == (HEADER, opening, 2)


def test_block_with_a_bad_header_is_shown_all_the_same(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n    ```text x y\n    [[a]]\n    ```\n\n~~~text x\n[[a]]\n~~~\n"})
    assert site.problems == [f"docs/index.md:3: {HEADER}", f"docs/index.md:7: {HEADER}"]
    assert site["index.md"].count("<code>") == 2
    assert "[[a]]" in site["index.md"]


def test_many_options_do_not_stall_the_build(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n```text " + 'a="" ' * 200 + "!\nx\n```\n"})
    assert site.problems == [f"docs/index.md:3: {HEADER}"]


def test_query_in_upper_case(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n```Dataview\nLIST\n```\n"})
    assert site.problems == [
        "docs/index.md:3: a query's block begins with `dataview` in lower case; write it so [code-header]"
    ]
    assert '<ul class="query">' in site["index.md"]


def test_line_of_code_in_a_line_is_no_block(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n```x``` is code\n\n```` `y` ````\n"})
    assert site.problems == []
    assert "<code>x</code> is code" in site["index.md"]


def test_never_closed(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: Home\n---\n\n```text\nx\n\n- y\n\n    ~~~~\n    z\n"})
    assert site.problems == [f"docs/index.md:5: {UNCLOSED}"]


def test_never_closed_in_a_list_or_quotation(vault: Vault) -> None:
    alike = ", and begin every line of it like this one [code-unclosed]"
    site = vault({"index.md": "# Home\n\n- y\n\n    ~~~~\n    z\n  ~~~~\n\n> ```\n\nx\n"})
    assert site.problems == [
        f"docs/index.md:5: this block is never closed; end it with a line of ~~~~{alike}",
        f"docs/index.md:9: {UNCLOSED.removesuffix(' [code-unclosed]')}{alike}",
    ]


def test_outside_fences() -> None:
    text = "a\n```\nb\n```\nc\n~~~\nd"
    assert list(fences.outside_fences(text)) == ["a", "c", "d"]
    assert list(fences.outside_fences("a\nb")) == ["a", "b"]


# The same blocks as SuperFences

_FENCES = st.sampled_from(["```", "```", "~~~", "````"])
_PREFIXES = st.sampled_from(["", "", " ", "    ", "\t", "> ", ">", "> > ", "  > ", ">  "])
_HEADERS = st.sampled_from([
    "", "", "", "python", " python", ".python", "{.python}", "{ #id .python }", "python {.x}", "{}", "dataview",
    'python title="x"', 'python hl_lines="1-2 3"', 'linenums="1 2"',
    "python x", "python{.x}", "a b", "`", "x `y`", 'dataview title="x"', "python title=x",
])  # fmt: skip
_CONTENT = st.sampled_from(["", "code", " code", ">", "# x", "``` ", "\x0b"])
_LINES = st.one_of(
    st.tuples(_PREFIXES, _FENCES, _HEADERS).map("".join),
    st.tuples(_PREFIXES, _CONTENT).map("".join),
)


class SuperFences:
    """What pymdownx.superfences takes for fenced blocks."""

    def __init__(self) -> None:
        query = {"name": "dataview", "class": "dataview", "format": lambda *_, **__: "<p>query</p>"}
        markdown = Markdown(
            extensions=["pymdownx.superfences", "attr_list"],
            extension_configs={"pymdownx.superfences": {"custom_fences": [query]}},
        )
        self._normalize = markdown.preprocessors["normalize_whitespace"]
        self._fences: object = markdown.preprocessors["fenced_code_block"]
        self._fences.reassemble = lambda lines: lines  # type: ignore[attr-defined]
        self._markdown = markdown

    def blocks(self, lines: list[str]) -> Iterator[tuple[int, int]]:
        self._markdown.reset()
        self._fences.run(self._normalize.run(lines))  # type: ignore[attr-defined]
        for _, start, end in self._fences.stack:  # type: ignore[attr-defined]
            yield start, end - 1


SUPERFENCES = SuperFences()


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(st.lists(_LINES, max_size=9))
def test_same_blocks_as_superfences(lines: list[str]) -> None:
    found = list(fences.scan(lines))
    for fence in found:
        if fence.fault:
            lines[fence.start] = fence.opening
    assert [(f.start, f.end, f.fault) for f in fences.scan(lines)] == [(f.start, f.end, "") for f in found]
    assert [(f.start, f.end) for f in found if f.end is not None] == list(SUPERFENCES.blocks(lines))


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(alphabet="`~> \t\n{}.=\"'python#-:1", max_size=60))
def test_same_blocks_in_any_text(text: str) -> None:
    lines = text.split("\n")
    for fence in fences.scan(lines):
        lines[fence.start] = fence.opening if fence.fault else lines[fence.start]
    ours = [(fence.start, fence.end) for fence in fences.scan(lines) if fence.end is not None]
    assert ours == list(SUPERFENCES.blocks(lines))


def test_one_that_is_not_closed_before_another(vault: Vault) -> None:
    text = "# Home\n\n[[#Why]]\n\n> a\n\n```text\nOne.\n\n## Why\n\n```toml\n[a]\n```\n\n**Bold**.\n"
    site = vault({"index.md": text})
    advice = "end it with a line of ```, or begin and end it with ```` [code-unclosed]"
    assert site.fatal == [f"docs/index.md:7: this block is not closed before another begins on line 12; {advice}"]
    assert "<strong>Bold</strong>" in site["index.md"]


def test_one_without_an_empty_line_before_another(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n```text\nOne.\n```text\n\n```\n"})
    advice = "end it with a line of ```, or begin and end it with ```` [code-unclosed]"
    assert site.fatal == [f"docs/index.md:3: this block is not closed before another begins on line 5; {advice}"]


@pytest.mark.parametrize("line", ["```", "````py", "~~~py", "  ```py", '```py x="1"', "``` a`", "py"])
def test_what_begins_no_other(vault: Vault, line: str) -> None:
    site = vault({"index.md": f"# Home\n\n```text\n\n{line}\n```\n"})
    assert [what for what in site.fatal if "before another" in what] == []
