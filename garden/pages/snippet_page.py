"""The Markdown of a snippet's page, and of the catalog that lists them all."""

from __future__ import annotations

import posixpath
import re

from garden.snippets import code_blocks
from garden.snippets.browser import runs_here
from garden.snippets.code_blocks import ShownSnippet
from garden.snippets.library import CATALOG, Library
from garden.snippets.proofs import Browser, Proof, Test
from garden.snippets.regions import literal
from garden.snippets.snippet import Output, Snippet
from garden.source.loader import RESERVED

DESCRIPTION = "Every snippet of the guide: what it is for, what it runs on, what its tests have proved."
UNVERIFIED = "Not verified in this build"
_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
# Every character that some part of Markdown takes for a sign.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>&#|!%^~=$\"']|(?<=^\d)\.|^[-+:.\d]")
_TICKS = re.compile(r"`+")


def page(snippet: Snippet, library: Library, *, runs: bool = False) -> str:
    """Return the page of a snippet. ``runs`` tells whether pages offer to run what can run in the browser."""
    proof = library.proof(snippet.path)
    parts = [
        f"# {_text(snippet.title)}",
        *_warning(snippet),
        *(_text(paragraph) for paragraph in snippet.about),
        _verdict(proof),
        "## The file",
        _fenced(
            snippet.copied, code_blocks.attributes("python", [ShownSnippet(snippet.path, warns=snippet.is_antipattern)])
        ),
        "## Run it",
        *([_browser(snippet, proof)] if runs else []),
        *_run(snippet),
        *_needs(snippet, proof),
        *(["## What it printed"] if snippet.outputs else []),
        *map(_printed, snippet.outputs),
        *_proved(snippet, proof),
        *_tests(snippet),
        *_alternatives(snippet, library),
    ]
    return "\n\n".join(parts) + "\n"


def catalog(library: Library) -> str:
    """Return the page that lists all snippets: one table, a row each."""
    rows = [_row(snippet, library.proof(snippet.path)) for snippet in library.snippets.values()]
    return "\n".join(
        [
            "# Snippets",
            "",
            "Every piece of code in this guide is a file that runs as pasted and has tests. Each has a page with its",
            "source, its output, its tests and what they have proved. Programs find the same in",
            "[snippets.json](../snippets.json).",
            "",
            '<div class="catalog" markdown="1">',
            "",
            "| Snippet | Topic | Servers | Packages | In the browser | Verified |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            "</div>",
            "",
        ]
    )


def _row(snippet: Snippet, proof: Proof | None) -> str:
    cells = [
        f"[{_text(snippet.title)}]({_address(snippet, CATALOG)})<br>`{snippet.path}`",
        _text(snippet.topic),
        _text(", ".join(snippet.servers)),
        _text(", ".join(package.name for package in snippet.packages)),
        _in_browser(proof),
        proof.day if proof else "no",
    ]
    return f"| {' | '.join(cells)} |"


def _in_browser(proof: Proof | None) -> str:
    if proof is None or proof.browser is None:
        return "not measured"
    return "runs" if proof.browser.runs else f"needs {_text(proof.browser.needs)}"


def _warning(snippet: Snippet) -> list[str]:
    if not snippet.is_antipattern:
        return []
    return ['!!! danger "Anti-pattern: do not copy"\n\n    The file shows a mistake, and its tests prove the harm.']


def _verdict(proof: Proof | None) -> str:
    if proof is None:
        return f"**{UNVERIFIED}.** The tests have not run for this text of the file, or not all of them have passed."
    on = f" on {_text(', '.join(proof.servers))}" if proof.servers else ""
    return f"**Verified on {proof.day}**: {_count(len(proof.tests), 'test')} passed{on}, at commit `{proof.commit}`."


def _run(snippet: Snippet) -> list[str]:
    how = "Save it alone in a folder. [uv](https://docs.astral.sh/uv/) reads from its header what it needs:"
    return [how, _fenced("\n".join(snippet.commands), "{.sh}")]


def _browser(snippet: Snippet, proof: Proof | None) -> str:
    match proof.browser if proof else None:
        case Browser(runs=True):
            return "In this page: press Run above. The tests ran it under the same Python, with the output below."
        case Browser(needs=needs):
            return f"Not in this page: it needs {_text(needs)}, which a browser's Python does not have."
        case _ if runs_here(snippet, proof):
            return "In this page: press Run above. That it runs there was not measured in this build."
        case _:
            return f"Not in this page: it needs {_text(snippet.server)}."


def _needs(snippet: Snippet, proof: Proof | None) -> list[str]:
    rows = [("Python", snippet.python, "python"), *((p.asked, p.versions, p.name) for p in snippet.packages)]
    lines = ["| Needs | Versions | Tested with |", "| --- | --- | --- |"]
    for asked, versions, name in rows:
        tested = proof.versions.get(name, "") if proof else ""
        lines.append(f"| {_text(asked)} | {_text(versions) or 'any'} | {_text(tested) or UNVERIFIED.lower()} |")
    return ["\n".join(lines)]


def _printed(output: Output) -> str:
    block = _fenced(output.text, "{.text}")
    return f"On {_text(output.server)}:\n\n{block}" if output.server else block


def _proved(snippet: Snippet, proof: Proof | None) -> list[str]:
    passed = proof.tests if proof else ()
    own = {name: [test for test in passed if _function(test) == name] for name in snippet.functions}
    lines = [
        f"- {_words(name)}{_cases(own[name])}, line {line}\n{{: #{name} }}" for name, line in snippet.functions.items()
    ]
    others = [test for test in passed if _function(test) not in own]
    lines += [f"- {_words(test.name)} (`{test.file}`)" for test in others]
    parts = ["## What the tests prove", "\n".join(lines)] if lines else []
    if proof and proof.skipped:
        skipped = ", ".join(f"`{name}`" for name in proof.skipped)
        parts.append(f"Not run, since the machine lacked what they need: {skipped}.")
    return parts


def verdicts(snippet: Snippet, proof: Proof | None) -> dict[str, str]:
    """Return what became of each of a snippet's tests, by name: how links to them read."""
    passed = {_function(test) for test in proof.tests} if proof else ()
    day = proof.day if proof else ""
    return {
        name: f"{_words(name)}: {f'passed {day}' if name in passed else UNVERIFIED.lower()}"
        for name in snippet.functions
    }


def _function(test: Test) -> str:
    return test.name.partition("[")[0]


def _words(name: str) -> str:
    return _text(name.removeprefix("test_").replace("_", " "))


def _cases(tests: list[Test]) -> str:
    return f", passed in {len(tests)} cases" if len(tests) > 1 else ", passed" if tests else ""


def _tests(snippet: Snippet) -> list[str]:
    if not snippet.tests:
        return []
    block = "\n".join(f"    {line}".rstrip() for line in _fenced(snippet.tests, "{.python}").split("\n"))
    return ["## Its tests", f'??? example "{snippet.test}"\n\n{block}']


def _alternatives(snippet: Snippet, library: Library) -> list[str]:
    others = library.alternatives(snippet.path)
    if not others:
        return []
    items = [f"- [{_text(other.title)}]({_address(other, snippet.page)}), `{other.path}`" for other in others]
    return ["## See also", "\n".join(items)]


def _address(snippet: Snippet, origin: str) -> str:
    return posixpath.relpath(snippet.page, posixpath.dirname(origin))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _text(text: str) -> str:
    """Return text as Markdown that shows it as it is; what stands between backticks becomes code."""
    parts, start = [], 0
    for code in _CODE.finditer(text):
        parts += [_escaped(text[start : code.start()]), code[0]]
        start = code.end()
    return "".join([*parts, _escaped(text[start:])])


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text)


def _fenced(text: str, header: str) -> str:
    """Return a block that shows ``text`` as it is, whatever stands in it. ``header`` follows its fence."""
    text = RESERVED.sub("\N{REPLACEMENT CHARACTER}", text.rstrip("\n"))
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall(text)), default=0))
    return "\n".join([fence + header, *map(literal, text.split("\n")), fence])
