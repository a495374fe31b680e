"""A calculator is read from its snippet: inputs, formula, worked example. What is missing is a problem of the note."""

from __future__ import annotations

import html
import re

import pytest

from tests.unit.conftest import Site, Vault
from tests.unit.reading import elements

SNIPPET = '''"""How long a line is.

Use it here, not there.

Servers: SQLite.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What a line is.

    Attributes:
        people: people in it, those at the counter too
        left: people who go <away>
    """

    people: int
    left: float
    word = "no field"


def line(rate: float, /, stay: int = 2, *, limit: int = 7) -> Line:
    """Return how long the line is.

    Args:
        rate: people who come per minute (0.5 or more)
        stay: minutes that each stays & waits (1 to 60)
        limit: the most that are let in (0 or more)
    """
    if rate < 0.5:
        raise ValueError(rate)
    come = rate * stay
    return Line(come, left=max(0, come - limit) // 1)


def demo() -> None:
    """Print it."""
'''
OUTPUT = "line(rate=4.5, stay=2)\n  people = 9\n  left = -2\nline(rate=1)\n  people = 1\n"
SCRIPT = "export function line({ rate, stay, limit }) {}\n"
SIMPLE = '''"""Twice.

Servers: SQLite.
"""


def twice(number: int) -> int:
    """Return it.

    Args:
        number: a number (1 or more)

    Returns:
        twice
        as much
    """
    return number * 2
'''
BLOCK = "```calculator\ntopic/line.py\n```"


def site(vault: Vault, text: str = BLOCK, **others: str) -> Site:
    """Build a note below a folder, with the snippet, its output and the script; ``others`` replace these."""
    parts = {"snippet": SNIPPET, "output": OUTPUT, "script": SCRIPT, "home": "# Home\n\n[[Note]]\n"} | others
    docs = {"index.md": parts["home"], "a/note.md": f"# Note\n\n{text}\n", "assets/calculators.js": parts["script"]}
    return vault(docs, {"topic/line.py": parts["snippet"], "topic/line.out": parts["output"]})


def text(markup: str) -> str:
    """Return HTML as a reader sees it."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", markup)).split())


def test_the_fields_are_the_parameters_and_hold_the_worked_example(vault: Vault) -> None:
    built = site(vault)
    assert built.fatal == []
    page = built["a/note.md"]
    fields = [attributes for tag, attributes in elements(page) if tag == "input"]
    shown = ("data-name", "value", "min", "max", "step", "inputmode")
    assert [tuple(field[name] for name in shown) for field in fields] == [
        ("rate", "4.5", "0.5", "100000", "any", "decimal"),
        ("stay", "2", "1", "60", "1", "numeric"),
        ("limit", "7", "0", "100000", "1", "numeric"),
    ]
    assert all(field["type"] == "number" and "readonly" in field for field in fields)
    labels = [text(label) for label in re.findall(r"<label>(.*?)</label>", page)]
    assert labels == [
        "People who come per minute rate",
        "Minutes that each stays & waits stay",
        "The most that are let in limit",
    ]
    assert re.findall(r'<span class="calculator-fault" hidden>(.*?)</span>', page) == [
        "Write a number from 0.5 to 100000.",
        "Write a whole number from 1 to 60.",
        "Write a whole number from 0 to 100000.",
    ]


def test_the_formula_is_what_the_statements_say(vault: Vault) -> None:
    page = site(vault)["a/note.md"]
    formula = re.findall(r'<p class="calculator-formula">(.*?)</p>', page)
    assert re.findall("<code>(.*?)</code>", formula[0]) == [
        "come = rate × stay",
        "people = come",
        "left = max(0, come − limit) // 1",
    ]


def test_what_a_name_says_already_is_not_said_again(vault: Vault) -> None:
    page = site(vault, snippet=SNIPPET.replace("come", "people"))["a/note.md"]
    assert "<code>people = rate × stay</code><code>left = max(0, people − limit) // 1</code></p>" in page


def test_the_results_are_those_of_the_kept_output(vault: Vault) -> None:
    page = site(vault)["a/note.md"]
    output = re.findall(r'<output aria-live="polite">(.*?)</output>', page)[0]
    results = re.findall(r'<span class="calculator-result">(.*?)</data>', output)
    assert [text(result) for result in results] == [
        "People in it, those at the counter too people 9",
        "People who go <away> left −2",
    ]
    assert '<data value="-2" data-name="left">−2</data>' in output


def test_a_number_alone_is_a_result_too(vault: Vault) -> None:
    docs = {
        "index.md": "# Home\n\n```calculator\ntopic/twice.py\n```\n",
        "assets/calculators.js": "export function twice({ number })",
    }
    built = vault(docs, {"topic/twice.py": SIMPLE, "topic/twice.out": "twice(number=4)\n  twice = 8\nmore\n"})
    assert built.fatal == []
    page = built["index.md"]
    assert "<code>twice = number × 2</code></p>" in page
    assert "<span>Twice as much <code>twice</code></span>" in page
    assert '<data value="8" data-name="twice">8</data>' in page


def test_the_script_is_on_pages_with_a_calculator_only(vault: Vault) -> None:
    built = site(vault)
    scripts = [attributes for tag, attributes in elements(built["a/note.md"]) if tag == "script"]
    assert scripts == [{"type": "module", "src": "../../assets/calculators.js"}]
    assert "<script" not in built["index.md"]


def test_it_may_stand_on_a_page_twice_and_be_embedded(vault: Vault) -> None:
    built = site(
        vault, f"{BLOCK}\n\n- item\n\n    {BLOCK.replace(chr(10), f'{chr(10)}    ')}", home="# Home\n\n![[Note]]\n"
    )
    assert built.fatal == []
    assert built["a/note.md"].count("<form") == built["index.md"].count("<form") == 2
    assert 'src="assets/calculators.js"' in built["index.md"]


def test_it_leads_to_the_page_of_its_snippet(vault: Vault) -> None:
    docs = {"index.md": f"# Home\n\n{BLOCK}\n", "assets/calculators.js": SCRIPT}
    built = vault(docs, {"topic/line.py": SNIPPET, "topic/line.out": OUTPUT}, pages=True)
    assert 'as <a href="snippets/topic/line/">line.py</a> prints it' in built["index.md"]
    assert "as line.py prints it" in site(vault)["a/note.md"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("topic/lyne.py", "no snippet is at `topic/lyne.py`; did you mean `topic/line.py`? [calculator-snippet]"),
        ("zzz", "no snippet is at `zzz`; write a path such as `topic/name.py` [calculator-snippet]"),
        (
            "topic/line.py\ntitle: it",
            "a calculator block holds the path of one snippet and nothing else; "
            "remove the other lines [calculator-snippet]",
        ),
    ],
)
def test_a_block_that_names_none_is_a_problem(vault: Vault, block: str, message: str) -> None:
    built = site(vault, f"Text.\n\n```calculator\n{block}\n```")
    assert built.fatal == [f"docs/a/note.md:6: {message}"]
    assert "<form" not in built["a/note.md"]
    assert text(block) in text(built["a/note.md"])


def test_an_empty_block_is_a_problem(vault: Vault) -> None:
    built = site(vault, "```calculator\n\n```")
    what = "this calculator is empty; write the path of a snippet, such as topic/name.py [calculator-snippet]"
    assert f"docs/a/note.md:3: {what}" in built.fatal


NO_CALL = (
    "the output kept of snippets/topic/line.py does not begin with a call `line(name=1, …)` and a line `  name = 1` "
    "for each result; let its demo() print them, and run `make outputs` [calculator-example]"
)


def without(snippet_text: str) -> str:
    """Return the snippet without a text that it has."""
    assert snippet_text in SNIPPET
    return SNIPPET.replace(snippet_text, "")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"snippet": SNIPPET.replace("def line(", "def lines(")},
            "snippets/topic/line.py has no function `line`, which a calculator takes; "
            "call one like the file [calculator-function]",
        ),
        (
            {"snippet": "def ("},
            "snippets/topic/line.py has no function `line`, which a calculator takes; "
            "call one like the file [calculator-function]",
        ),
        (
            {"snippet": SNIPPET.replace("*, limit: int = 7", "**limit: int")},
            "`line` takes any number of arguments; a calculator needs a name for each [calculator-function]",
        ),
        (
            {"snippet": SNIPPET.replace("rate: float", "rate: str")},
            "`rate` of `line` is not annotated as int or float; a calculator takes nothing else [calculator-function]",
        ),
        (
            {"snippet": SNIPPET.replace("rate: float", "rate")},
            "`rate` of `line` is not annotated as int or float; a calculator takes nothing else [calculator-function]",
        ),
        (
            {"snippet": without(" (1 to 60)")},
            "nothing says what `stay` of `line` may be; write `stay: "
            "what it is (1 or more)` below its `Args:` [calculator-function]",
        ),
        (
            {"snippet": without("        stay: minutes that each stays & waits (1 to 60)\n")},
            "nothing says what `stay` of `line` may be; write `stay: "
            "what it is (1 or more)` below its `Args:` [calculator-function]",
        ),
        (
            {"snippet": SNIPPET.replace("-> Line", "-> str")},
            "`line` returns str; let it return int, float or a dataclass of its file [calculator-function]",
        ),
        (
            {"snippet": without(" -> Line")},
            "`line` returns nothing; let it return int, float or a dataclass of its file [calculator-function]",
        ),
        (
            {"snippet": SNIPPET.replace("-> Line", "-> line")},
            "`line` returns line; let it return int, float or a dataclass of its file [calculator-function]",
        ),
        (
            {"snippet": without("        left: people who go <away>\n")},
            "nothing says what the result `left` of snippets/topic/line.py is; "
            "write it below `Attributes:` of `Line` [calculator-function]",
        ),
        (
            {"snippet": SNIPPET.replace("-> Line", "-> float")},
            "nothing says what the result `line` of snippets/topic/line.py is; "
            "write it below `Returns:` [calculator-function]",
        ),
        ({"output": ""}, NO_CALL),
        ({"output": "It is (\n"}, NO_CALL),
        ({"output": "7\n"}, NO_CALL),
        ({"output": OUTPUT.replace("line(", "lines(", 1)}, NO_CALL),
        ({"output": OUTPUT.replace("rate=4.5, ", "", 1)}, NO_CALL),
        ({"output": OUTPUT.replace("4.5", "'<b>'", 1)}, NO_CALL),
        ({"output": OUTPUT.replace("  left = -2\n", "")}, NO_CALL),
        ({"output": OUTPUT.replace("-2", "<b>")}, NO_CALL),
        (
            {"script": "export function line({ rate, stay })"},
            "docs/assets/calculators.js has no `export function line({ rate, stay, limit })`; "
            "write it there [calculator-script]",
        ),
    ],
)
def test_a_snippet_that_is_no_calculator_is_a_problem(vault: Vault, parts: dict[str, str], message: str) -> None:
    built = site(vault, f"Text.\n\n{BLOCK}", **parts)
    assert built.fatal == [f"docs/a/note.md:6: {message}"]
    assert "topic/line.py" in text(built["a/note.md"])


def test_without_the_script_or_the_output_there_is_no_calculator(vault: Vault) -> None:
    built = vault({"index.md": f"# Home\n\n{BLOCK}\n"}, {"topic/line.py": SNIPPET})
    assert built.fatal == [f"docs/index.md:4: {NO_CALL}"]
    built = vault({"index.md": f"# Home\n\n{BLOCK}\n"}, {"topic/line.py": SNIPPET, "topic/line.out": OUTPUT})
    what = (
        "docs/assets/calculators.js has no `export function line({ rate, stay, limit })`; "
        "write it there [calculator-script]"
    )
    assert built.fatal == [f"docs/index.md:4: {what}"]


@pytest.mark.parametrize(
    ("last", "formula"),
    [
        ("return rate + 1", ["come = rate × stay", "people = rate + 1"]),
        ("return", ["come = rate × stay"]),
        ("return Line(come, limit)", ["come = rate × stay", "people = come", "left = limit"]),
    ],
)
def test_other_ways_to_return(vault: Vault, last: str, formula: list[str]) -> None:
    page = site(vault, snippet=re.sub(r"return Line\(.*", last, SNIPPET))["a/note.md"]
    shown = re.findall(r'<p class="calculator-formula">(.*?)</p>', page)
    assert re.findall("<code>(.*?)</code>", shown[0]) == formula
