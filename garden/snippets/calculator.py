"""A calculator: what a snippet computes from a few numbers, read from the snippet itself.

    ```calculator
    sizing/deadlock_bound.py
    ```

The function that is called like the file gives the inputs: its parameters, and what their docstring says of them. Its
statements are the formula. The first call in the kept output is the worked example: the tests hold that to what the
snippet prints. Nothing of it is typed twice but the function in JavaScript, which the tests hold to the one in Python.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from garden.model.reference import Fault
from garden.model.rules import Rule
from garden.snippets.library import Library
from garden.snippets.snippet import Snippet
from garden.source.suggest import Suggester, did_you_mean

SCRIPT = "assets/calculators.js"
# What a field without an upper bound takes. JavaScript is exact up to the product of three such numbers.
_MOST = "100000"
_SECTION = re.compile(r"(Args|Attributes|Returns):")
_ENTRY = re.compile(r"    (?P<name>\w+): (?P<text>\S.*)")
_BOUNDS = re.compile(r"(?P<label>\S.*) \((?P<low>\d[\d.]*) (?:or more|to (?P<high>\d[\d.]*))\)")
_NUMBER = r"-?\d[\d.e+-]*"
_RESULT = re.compile(rf"  (?P<name>\w+) = (?P<value>{_NUMBER})")


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a reader types, from ``low`` to ``high``; ``value`` is that of the worked example."""

    name: str
    label: str
    low: str
    high: str
    whole: bool
    value: str

    @property
    def fault(self) -> str:
        """What to write instead of something else."""
        return f"Write a {'whole ' if self.whole else ''}number from {self.low} to {self.high}."


@dataclass(frozen=True, slots=True)
class Result:
    """A number that is computed; ``value`` is that of the worked example."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Calculator:
    """What a form needs to compute the same as a function of a snippet."""

    snippet: Snippet
    name: str
    inputs: tuple[Input, ...]
    formula: tuple[str, ...]
    results: tuple[Result, ...]


class Calculators:
    """The calculators of one build. ``script`` is the address of the one in JavaScript; empty if there is none."""

    def __init__(self, library: Library, docs: Path, assets: Mapping[str, str]) -> None:
        self.script = assets.get(SCRIPT, "")
        self._library = library
        self._shown = f"{docs.name}/{SCRIPT}"
        self._source = (docs / SCRIPT).read_text(encoding="utf-8", errors="replace") if self.script else ""
        self._nearest = Suggester(lambda: {path: path for path in library.snippets})

    def read(self, block: str) -> Calculator:
        """Return the calculator that a block names; raise `Fault` if there is none."""
        path = block.strip()
        if snippet := self._library.snippets.get(path):
            found = read(snippet)
            wanted = f"export function {found.name}({{ {', '.join(field.name for field in found.inputs)} }})"
            if wanted not in self._source:
                raise Fault(Rule.CALCULATOR_SCRIPT, f"{self._shown} has no `{wanted}`; write it there")
            return found
        if "\n" in path:
            what = "a calculator block holds the path of one snippet and nothing else; remove the other lines"
            raise Fault(Rule.CALCULATOR_SNIPPET, what)
        advice = did_you_mean(self._nearest(path), "write a path such as `topic/name.py`")
        raise Fault(Rule.CALCULATOR_SNIPPET, f"no snippet is at `{path}`; {advice}")


def read(snippet: Snippet) -> Calculator:
    """Return the calculator that a snippet is; raise `Fault` if it is none."""
    name = snippet.name.removesuffix(".py")
    shown = snippet.shown
    top = {node.name: node for node in snippet.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    function = top.get(name)
    if not isinstance(function, ast.FunctionDef):
        what = f"{shown} has no function `{name}`, which a calculator takes; call one like the file"
        raise Fault(Rule.CALCULATOR_FUNCTION, what)
    documented = _documented(function)
    call = _Example(snippet, name)
    inputs = tuple(_input(argument, default, documented, call, name) for argument, default in _parameters(function))
    kind = ast.unparse(function.returns) if function.returns else "nothing"
    returned = top.get(kind)
    if kind in ("int", "float"):
        labels, fields = {name: documented.get("", "")}, [name]
    elif isinstance(returned, ast.ClassDef):
        labels = _documented(returned)
        fields = [
            node.target.id
            for node in returned.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ]
    else:
        what = f"`{name}` returns {kind}; let it return int, float or a dataclass of its file"
        raise Fault(Rule.CALCULATOR_FUNCTION, what)
    for field in fields:
        if not labels.get(field):
            where = "`Returns:`" if kind in ("int", "float") else f"`Attributes:` of `{kind}`"
            what = f"nothing says what the result `{field}` of {shown} is; write it below {where}"
            raise Fault(Rule.CALCULATOR_FUNCTION, what)
    results = tuple(Result(field, labels[field], call.result(field)) for field in fields)
    return Calculator(snippet, name, inputs, tuple(_formula(function, fields)), results)


def _parameters(function: ast.FunctionDef) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Yield the parameters of a function, each with its default."""
    given = function.args
    if given.vararg or given.kwarg:
        what = f"`{function.name}` takes any number of arguments; a calculator needs a name for each"
        raise Fault(Rule.CALCULATOR_FUNCTION, what)
    by_place = [*given.posonlyargs, *given.args]
    without = len(by_place) - len(given.defaults)
    yield from zip(by_place, [*[None] * without, *given.defaults], strict=True)
    yield from zip(given.kwonlyargs, given.kw_defaults, strict=True)


def _input(
    argument: ast.arg, default: ast.expr | None, documented: Mapping[str, str], call: _Example, function: str
) -> Input:
    name = argument.arg
    kind = ast.unparse(argument.annotation) if argument.annotation else ""
    if kind not in ("int", "float"):
        what = f"`{name}` of `{function}` is not annotated as int or float; a calculator takes nothing else"
        raise Fault(Rule.CALCULATOR_FUNCTION, what)
    bounds = _BOUNDS.fullmatch(documented.get(name, ""))
    if not bounds:
        example = f"{name}: what it is (1 or more)"
        what = f"nothing says what `{name}` of `{function}` may be; write `{example}` below its `Args:`"
        raise Fault(Rule.CALCULATOR_FUNCTION, what)
    return Input(
        name=name,
        label=bounds["label"],
        low=bounds["low"],
        high=bounds["high"] or _MOST,
        whole=kind == "int",
        value=call.argument(name, default),
    )


class _Example:
    """The first call of a function in the kept output of its snippet, with the lines of results below it."""

    def __init__(self, snippet: Snippet, function: str) -> None:
        line, *others = (snippet.outputs[0].text if snippet.outputs else "").split("\n")
        self._fault = Fault(
            Rule.CALCULATOR_EXAMPLE,
            f"the output kept of {snippet.shown} does not begin with a call `{function}(name=1, …)` and a "
            f"line `  name = 1` for each result; let its demo() print them, and run `make outputs`",
        )
        try:
            call = ast.parse(line, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self._fault from None
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != function:
            raise self._fault
        self._arguments = {str(given.arg): ast.unparse(given.value) for given in call.keywords}
        below = takewhile(lambda other: other.startswith("  "), others)
        self._results = {found["name"]: found["value"] for found in map(_RESULT.fullmatch, below) if found}

    def argument(self, name: str, default: ast.expr | None) -> str:
        """Return what the call gives to a parameter."""
        value = self._arguments.get(name) or (ast.unparse(default) if default else "")
        if not re.fullmatch(_NUMBER, value):
            raise self._fault
        return value

    def result(self, name: str) -> str:
        """Return what the call has returned."""
        if name not in self._results:
            raise self._fault
        return self._results[name]


def _formula(function: ast.FunctionDef, fields: list[str]) -> Iterator[str]:
    """Yield how a function computes what it returns, a line for each step: its assignments, and what it returns."""
    for statement in function.body:
        if isinstance(statement, ast.Assign):
            yield _equation(ast.unparse(statement.targets[0]), statement.value)
        elif isinstance(statement, ast.Return) and isinstance(statement.value, ast.Call) and len(fields) > 1:
            by_place = dict(zip(fields, statement.value.args, strict=False))
            by_name = {str(given.arg): given.value for given in statement.value.keywords}
            for name, value in (by_place | by_name).items():
                if ast.unparse(value) != name:
                    yield _equation(name, value)
        elif isinstance(statement, ast.Return) and statement.value:
            yield _equation(fields[0], statement.value)


def _equation(name: str, value: ast.expr) -> str:
    return f"{name} = {ast.unparse(value)}".replace(" * ", " × ").replace(" - ", " − ")


def _documented(node: ast.FunctionDef | ast.ClassDef) -> dict[str, str]:
    """Return what the docstring says of each name below `Args:` or `Attributes:`; of what is returned, as ``""``."""
    found: dict[str, str] = {}
    section = ""
    for line in inspect.cleandoc(ast.get_docstring(node) or "").split("\n"):
        if heading := _SECTION.fullmatch(line):
            section = heading[1]
        elif section == "Returns":
            found[""] = f"{found.get('', '')} {line.strip()}".strip()
        elif section and (entry := _ENTRY.fullmatch(line)):
            found[entry["name"]] = entry["text"]
    return found
