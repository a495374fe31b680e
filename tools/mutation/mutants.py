"""The mutants of a snippet: copies of its source with one small change each.

Most changes are mutmut's: numbers, texts, names of string methods, operators, lambdas, both arms of a conditional.
Ours are those that matter in code about resources: a statement left out, a `with` left out, a condition negated.

Not mutated, because no reader could tell: annotations, docstrings, imports, the `__main__` guard, and the texts
that `demo()` prints, which the kept output holds word for word. Left out as well is what fails at once whatever the
tests assert, and would only flatter the score: `None` for a value or an argument, a leading argument removed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import libcst as cst
import libcst.matchers as m
from mutmut.mutation import mutators

Operator = Callable[[Any], Iterable[cst.CSTNode]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, the text of the line before and after it, and the whole source with it."""

    number: int
    line: str
    becomes: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a source, in the order of its lines; none is equal to another, or to the source."""
    module = cst.parse_module(source)
    places = _Places()
    module.visit(places)
    found: list[Mutant] = []
    seen = {_meaning(source)}
    for node, changed in places.changes:
        mutated = module.deep_replace(node, changed)
        assert isinstance(mutated, cst.Module)
        meaning = _meaning(mutated.code)
        if meaning is not None and meaning not in seen:
            seen.add(meaning)
            found.append(_mutant(source, mutated.code))
    return sorted(found, key=lambda mutant: mutant.number)


def first_text_change(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """Change a text once: its other spellings tell nothing more."""
    yield from list(mutators.operator_string(node))[:1]


def formatted_text_change(node: cst.FormattedString) -> Iterator[cst.FormattedString]:
    """Change the text of an f-string."""
    yield node.with_changes(parts=[cst.FormattedStringText("XX"), *node.parts])


def keyword_removal(node: cst.Call) -> Iterator[cst.Call]:
    """Leave out each keyword argument, and the last positional one of several: the defaults come into force."""
    positional = [index for index, argument in enumerate(node.args) if not argument.keyword and not argument.star]
    for index, argument in enumerate(node.args):
        if argument.keyword or (index > 0 and index == positional[-1]):
            rest = [*node.args[:index], *node.args[index + 1 :]]
            last = [argument.with_changes(comma=node.args[-1].comma) for argument in rest[-1:]]
            yield node.with_changes(args=[*rest[:-1], *last])


def statement_removal(node: cst.BaseSmallStatement) -> Iterator[cst.BaseSmallStatement]:
    """Leave out a statement that acts; let a function return nothing."""
    acts = (
        m.Expr(m.Call() | m.Await())
        | m.Raise()
        | m.Del()
        | m.AugAssign()
        | m.Assert()
        | m.Assign(targets=[m.AssignTarget(m.Attribute() | m.Subscript())])
    )
    if m.matches(node, acts):
        yield cst.Pass()
    elif m.matches(node, m.Return(value=~m.Name("None"))) and isinstance(node, cst.Return) and node.value:
        yield cst.Return()


def with_removal(node: cst.With) -> Iterator[cst.If]:
    """Run the body of a `with` that binds no name, without what it guards."""
    if all(item.asname is None for item in node.items):
        yield cst.If(cst.Name("True"), node.body, leading_lines=node.leading_lines)


def negation(node: cst.If | cst.While | cst.CompIf) -> Iterator[cst.CSTNode]:
    """Negate a condition, unless a `not` is there to be removed."""
    if m.matches(node.test, m.UnaryOperation(m.Not())):
        return
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    space = cst.SimpleWhitespace(" ")
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(whitespace_after=space), test))


# `Any`: some of libcst's classes of nodes are abstract, which types here cannot say.
OPERATORS: list[tuple[Any, Operator]] = [
    (cst.BaseNumber, mutators.operator_number),
    (cst.Name, mutators.operator_name),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.Call, mutators.operator_symmetric_string_methods_swap),
    (cst.Call, mutators.operator_unsymmetrical_string_methods_swap),
    (cst.Lambda, mutators.operator_lambda),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.CSTNode, mutators.operator_swap_op),
    (cst.Match, mutators.operator_match),
    (cst.IfExp, mutators.operator_if_exp),
    (cst.BaseString, first_text_change),
    (cst.FormattedString, formatted_text_change),
    (cst.Call, keyword_removal),
    (cst.BaseSmallStatement, statement_removal),
    (cst.With, with_removal),
    (cst.If, negation),
    (cst.While, negation),
    (cst.CompIf, negation),
]

NEVER = (
    m.Annotation()
    | m.Import()
    | m.ImportFrom()
    | m.Expr(m.SimpleString() | m.ConcatenatedString())
    | m.If(m.Comparison(m.Name("__name__")))
)


class _Places(cst.CSTVisitor):
    """Walks a module and collects each node that changes, with what it changes to."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode]] = []
        self._printed: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, NEVER):
            return False
        if m.matches(node, m.Call(m.Name("print"))) and isinstance(node, cst.Call):
            self._printed |= {text for argument in node.args for text in _texts(argument.value)}
        for kind, operator in OPERATORS:
            if isinstance(node, kind) and node not in self._printed:
                self.changes += [(node, changed) for changed in operator(node)]
        return True


def _texts(value: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """Return the literals of a text, which may be several side by side."""
    if isinstance(value, cst.ConcatenatedString):
        yield from _texts(value.left)
        yield from _texts(value.right)
    elif isinstance(value, cst.BaseString):
        yield value


def _meaning(source: str) -> str | None:
    """Return what Python makes of a source, or None if that is an error."""
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def _mutant(source: str, mutated: str) -> Mutant:
    """Return a mutant with the lines that differ, each run of them as one line."""
    before, after = source.splitlines(), mutated.splitlines()
    changes = [
        change for change in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    first, last = changes[0], changes[-1]
    return Mutant(first[1] + 1, _joined(before[first[1] : last[2]]), _joined(after[first[3] : last[4]]), mutated)


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
