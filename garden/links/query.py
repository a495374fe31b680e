"""Queries: the part of the Dataview query language that a static site can compute.

A query is parsed into functions of a note: a source and conditions to test it, and expressions for sorting and cells.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from garden.links.graph import Graph, by_title
from garden.links.resolve import Resolver, parse
from garden.model.note import Note
from garden.model.reference import Fault, Link
from garden.model.rules import Rule

_TOKEN = re.compile(
    r"\s*(?:(?P<link>\[\[[^\[\]]*\]\])|(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<tag>#[^\s()\[\]\",&|=<>!]+)"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?)|(?P<word>[^\W\d][\w.]*(?:-+[\w.]+)*)|(?P<sign>!=|<=|>=|[=<>!(),&|-]))",
    re.DOTALL,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_UNSUPPORTED = frozenset({"task", "calendar", "group", "flatten", "without", "csv"})
_SUPPORTED = "supported are LIST, TABLE, FROM, WHERE, SORT, LIMIT"
_COMMANDS = frozenset({"from", "where", "sort", "limit"})
_DEEPEST = 50
_ESCAPED = re.compile(r"\\([\"\\])")
_UNCLOSED = {
    '"': 'this text is never closed; end it with "',
    "[": "this link is never closed; write it like [[a note]]",
    "#": "a tag has a name; write it like #a-tag",
    "“": 'these quotes are curly; write straight ones: "…"',
    "”": 'these quotes are curly; write straight ones: "…"',
}

Value: TypeAlias = "str | float | bool | datetime.date | Note | tuple[Value, ...] | None"
Expression = Callable[[Note], Value]
_Rank = tuple[str, Any]


class QueryFault(Fault):
    """A query that cannot be computed. ``line`` counts from 0, the first line of the query."""

    def __init__(self, line: int, text: str, rule: Rule = Rule.QUERY_SYNTAX) -> None:
        super().__init__(rule, text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    header: str
    cell: Expression


@dataclass(frozen=True, slots=True)
class Result:
    """What a query found. ``columns`` is None for a list."""

    notes: tuple[Note, ...]
    columns: tuple[Column, ...] | None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int
    start: int
    end: int


class Evaluator:
    """Runs queries on the notes of one build."""

    def __init__(self, notes: Iterable[Note], resolver: Resolver, graph: Graph) -> None:
        self.notes = tuple(sorted(notes, key=by_title))
        self.resolver = resolver
        self.graph = graph
        self._files: set[str] = set()
        self._folders = {""}
        for note in self.notes:
            self._files.add(note.path.casefold())
            folder = note.folder.casefold()
            while folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]

    def run(self, source: str, origin: Note) -> Result:
        """Compute the query that stands in ``origin``; raise `QueryFault` if it cannot be."""
        return _Parser(self, source, origin).query()

    def below(self, path: str) -> Callable[[Note], bool] | None:
        """Return a test for the notes in the folder, or else for the note, at ``path`` in any case; None without it."""
        path = path.strip("/").casefold()
        if path in self._folders:
            return lambda note: not path or f"{note.folder.casefold()}/".startswith(f"{path}/")
        file = path if path in self._files else f"{path}.md"
        return (lambda note: note.path.casefold() == file) if file in self._files else None


def mentions(source: str) -> list[tuple[str, bool]]:
    """Return what a query names, as it is written, in order: links, and the folders or files of its source.

    With each goes whether it is a link.
    """
    found, sourced = [], False
    for token in _tokens(source):
        if token.kind == "word" and token.text.lower() in _COMMANDS:
            sourced = token.text.lower() == "from"
        elif token.kind == "link" or (token.kind == "text" and sourced):
            found.append((token.text, token.kind == "link"))
    return found


class _Parser:
    """Recursive descent over the tokens of one query; nesting is bounded."""

    def __init__(self, evaluator: Evaluator, source: str, origin: Note) -> None:
        self._evaluator = evaluator
        self._origin = origin
        self._text = source
        self._tokens = list(_tokens(source))
        self._at = 0
        self._depth = 0

    # The query

    def query(self) -> Result:
        columns = None
        if self._word("table"):
            columns = tuple(self._columns())
        elif not self._word("list"):
            raise self._fault("a query begins with LIST or TABLE")
        elif not self._ends():
            raise self._fault("LIST shows no fields; write TABLE to show some, or go on with FROM")
        notes = list(self._evaluator.notes)
        if self._word("from"):
            source = self._boolean(self._source)
            notes = [note for note in notes if source(note)]
        while self._next.kind != "end":
            notes = self._command(notes)
        return Result(tuple(notes), columns)

    def _ends(self) -> bool:
        """Tell whether the part that says what to show is over."""
        word = self._next.text.lower()
        return self._next.kind == "end" or (self._next.kind == "word" and word in _COMMANDS | _UNSUPPORTED)

    def _columns(self) -> Iterator[Column]:
        if self._ends():
            return
        yield self._column()
        while self._sign(","):
            yield self._column()

    def _column(self) -> Column:
        start = self._next.start
        cell = self._boolean(self._comparison)
        header = " ".join(self._text[start : self._tokens[self._at - 1].end].split())
        if self._word("as"):
            named = self._next.kind == "text"
            header = self._string() if named else self._take("word", 'a header such as "Title"').text
        return Column(header, cell)

    def _command(self, notes: list[Note]) -> list[Note]:
        if self._word("where"):
            condition = self._boolean(self._comparison)
            return [note for note in notes if condition(note)]
        if self._word("sort"):
            return self._sort(notes)
        if self._word("limit"):
            return notes[: int(min(self._limit(), len(notes)))]
        if self._next.text.lower() == "from":
            raise self._fault("FROM stands once, before WHERE, SORT and LIMIT; join sources with AND or OR")
        raise self._fault("a query goes on with WHERE, SORT or LIMIT, and FROM before them")

    def _limit(self) -> float:
        token = self._next
        number = float(self._take("number", "a number").text)
        if number < 0:
            raise QueryFault(token.line, f"LIMIT {token.text} is no number of notes; write it like LIMIT 10")
        return number

    def _sort(self, notes: list[Note]) -> list[Note]:
        keys: list[tuple[Expression, bool]] = []
        while not keys or self._sign(","):
            expression = self._boolean(self._comparison)
            descending = self._word("desc", "descending")
            if not descending:
                self._word("asc", "ascending")
            keys.append((expression, descending))
        for expression, descending in reversed(keys):
            notes = sorted(notes, key=lambda note, e=expression: _rank(e(note)), reverse=descending)  # type: ignore[misc]
        return notes

    # Truth: shared by sources and conditions

    def _boolean(self, atom: Callable[[], Expression]) -> Expression:
        """Read what AND and OR join. Neither binds closer than the other: they count from left to right."""
        first = self._not(atom)
        rest: list[tuple[bool, Expression]] = []
        while (conjunction := self._word("and") or self._sign("&")) or self._word("or") or self._sign("|"):
            rest.append((conjunction, self._not(atom)))

        def test(note: Note) -> Value:
            value = bool(first(note))
            for conjunction, other in rest:
                # What cannot change the value is not computed.
                if value is conjunction:
                    value = bool(other(note))
            return value

        return test if rest else first

    def _not(self, atom: Callable[[], Expression]) -> Expression:
        negated = False
        while self._word("not"):
            negated = not negated
        test = atom()
        return (lambda note: not test(note)) if negated else test

    def _negated(self, *signs: str) -> bool:
        negated = False
        while self._sign(*signs):
            negated = not negated
        return negated

    def _parenthesis(self, inner: Callable[[], Expression]) -> Expression:
        """Read what stands in a parenthesis that has just been opened."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault(f"it nests deeper than {_DEEPEST} parentheses; simplify it")
        expression = inner()
        if not self._sign(")"):
            raise self._fault("a closing parenthesis is missing")
        self._depth -= 1
        return expression

    # Sources

    def _source(self) -> Expression:
        negated = self._negated("-", "!")
        test = self._simple_source()
        return (lambda note: not test(note)) if negated else test

    def _simple_source(self) -> Expression:
        token = self._next
        graph = self._evaluator.graph
        if self._sign("("):
            return self._parenthesis(lambda: self._boolean(self._source))
        if token.kind == "link":
            return frozenset(graph.incoming(self._link())).__contains__
        if token.kind == "tag":
            self._at += 1
            wanted = token.text[1:].casefold()
            return lambda note: any(_is_tag(tag, wanted) for tag in note.meta.tags)
        if token.kind == "text":
            below = self._evaluator.below(self._string())
            if not below:
                what = f"no folder or note is at {token.text}; write its path from the notes' folder"
                raise QueryFault(token.line, what, Rule.QUERY_NAME)
            return below
        if self._word("outgoing"):
            if not self._sign("("):
                raise self._fault("outgoing is followed by ([[a note]])")
            return self._parenthesis(lambda: frozenset(graph.outgoing(self._link())).__contains__)
        raise self._fault('a source is [[a note]], outgoing([[a note]]), "a folder" or #a-tag')

    def _link(self) -> Note:
        token = self._take("link", "[[a note]]")
        inner = token.text[2:-2].strip()
        if inner in ("", "#"):
            return self._origin
        try:
            target = self._evaluator.resolver.wikilink(parse(inner), self._origin)
        except Fault as fault:
            raise QueryFault(token.line, str(fault), fault.rule) from None
        if not isinstance(target, Link):
            raise QueryFault(token.line, f"{token.text} is no note; name a note", Rule.QUERY_NAME)
        return target.note

    # Expressions

    def _comparison(self) -> Expression:
        left = self._operand()
        token = self._next
        if token.kind == "sign" and token.text in _COMPARE:
            self._at += 1
            compare, right = _COMPARE[token.text], self._operand()
            return lambda note: compare(_rank(left(note)), _rank(right(note)))
        return left

    def _operand(self) -> Expression:
        negated = self._negated("!")
        value = self._parenthesis(lambda: self._boolean(self._comparison)) if self._sign("(") else self._value()
        return (lambda note: not value(note)) if negated else value

    def _value(self) -> Expression:
        token = self._next
        if token.kind == "text":
            return _constant(self._string())
        if token.kind == "link":
            return _constant(self._link())
        if token.kind == "number":
            self._at += 1
            return _constant(float(token.text))
        name = token.text.lower()
        if token.kind != "word" or name in _COMMANDS | _UNSUPPORTED:
            raise self._fault('a field, a "text", a number or a function is missing')
        self._at += 1
        if self._sign("("):
            return self._parenthesis(lambda: self._call(token, name))
        if name in _CONSTANTS:
            return _constant(_CONSTANTS[name])
        graph = self._evaluator.graph
        known = _FIELDS | {"file.inlinks": graph.incoming, "file.outlinks": graph.outgoing}
        if name not in known:
            what = f"`{token.text}` is no field; fields are {', '.join(known)}"
            raise QueryFault(token.line, what, Rule.QUERY_NAME)
        return known[name]

    def _call(self, token: _Token, name: str) -> Expression:
        if name == "date":
            return _constant(self._date(token))
        if name not in _FUNCTIONS:
            what = f"`{token.text}` is no function; functions are {', '.join(_FUNCTIONS)}, date"
            raise QueryFault(token.line, what, Rule.QUERY_NAME)
        function, count = _FUNCTIONS[name]
        arguments = [self._boolean(self._comparison)]
        while self._sign(","):
            arguments.append(self._boolean(self._comparison))
        if len(arguments) != count:
            values = "1 value" if count == 1 else f"{count} values"
            raise QueryFault(token.line, f"{name} takes {values}, not {len(arguments)}")
        return lambda note: function(*(argument(note) for argument in arguments))

    def _date(self, token: _Token) -> datetime.date:
        start = self._next.start
        while self._next.kind != "end" and self._next.text != ")":
            self._at += 1
        day = self._text[start : self._next.start].strip()
        try:
            if _DATE.fullmatch(day):
                return datetime.date.fromisoformat(day)
        except ValueError:
            pass  # such as 2026-02-31
        raise QueryFault(token.line, f"date({day}) is no date; write it like date(2026-01-31)")

    # Tokens

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _word(self, *words: str) -> bool:
        return self._accept("word", words)

    def _sign(self, *signs: str) -> bool:
        return self._accept("sign", signs)

    def _accept(self, kind: str, texts: tuple[str, ...]) -> bool:
        token = self._next
        if token.kind != kind or token.text.lower() not in texts:
            return False
        self._at += 1
        return True

    def _take(self, kind: str, what: str) -> _Token:
        token = self._next
        if token.kind != kind:
            raise self._fault(f"{what} is missing")
        self._at += 1
        return token

    def _string(self) -> str:
        return _ESCAPED.sub(r"\1", self._take("text", 'a "text"').text[1:-1])

    def _fault(self, what: str) -> QueryFault:
        token = self._next
        if token.kind == "word" and token.text.lower() in _UNSUPPORTED:
            what = f"{token.text} is not supported in a query; {_SUPPORTED}"
            return QueryFault(token.line, what, Rule.QUERY_UNSUPPORTED)
        place = "its end" if token.kind == "end" else f"`{token.text}`"
        return QueryFault(token.line, f"cannot read the query at {place}: {what}")


def _tokens(source: str) -> Iterator[_Token]:
    position = line = 0
    while match := _TOKEN.match(source, position):
        kind = match.lastgroup or ""
        line += source.count("\n", position, match.start(kind))
        yield _Token(kind, match[kind], line, match.start(kind), match.end())
        line += match[kind].count("\n")
        position = match.end()
    rest = source[position:].lstrip()
    line += source.count("\n", position, len(source) - len(rest))
    if rest:
        word = rest.split(None, 1)[0][:40]
        advice = _UNCLOSED.get(rest[0], "this sign means nothing in a query; remove it")
        raise QueryFault(line, f"cannot read the query at `{word}`: {advice}")
    yield _Token("end", "", line, len(source), len(source))


def _is_tag(tag: str, wanted: str) -> bool:
    return f"{tag.casefold()}/".startswith(f"{wanted}/")


def _rank(value: Value) -> _Rank:
    """Return what orders values as Dataview does: nothing first, then by the name of the kind, then by the value."""
    match value:
        case None:
            return "", 0
        case bool():
            return "boolean", value
        case int() | float():
            return "number", value
        case datetime.date():
            return "date", value
        case Note():
            return "link", value.path
        case tuple():
            return "array", tuple(map(_rank, value))
    return "string", (value.casefold(), value.swapcase(), value)


def _constant(value: Value) -> Expression:
    return lambda _: value


_COMPARE: dict[str, Callable[[_Rank, _Rank], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_CONSTANTS: dict[str, Value] = {"null": None, "true": True, "false": False}
_FIELDS: dict[str, Expression] = {
    "title": lambda note: note.title,
    "description": lambda note: note.meta.description or None,
    "aliases": lambda note: note.meta.aliases,
    "tags": lambda note: note.meta.tags,
    "errors": lambda note: note.meta.errors,
    "reviewed": lambda note: note.meta.reviewed,
    "file.name": lambda note: note.name,
    "file.path": lambda note: note.path,
    "file.folder": lambda note: note.folder,
    "file.link": lambda note: note,
}


def _contains(container: Value, wanted: Value) -> Value:
    """Tell whether a text holds a text, or a list a value; in a list of texts, whether one of them holds it."""
    if isinstance(container, tuple):
        return any(_contains(item, wanted) for item in container)
    if isinstance(container, str) and isinstance(wanted, str):
        return wanted in container
    return _rank(container) == _rank(wanted)


def _length(value: Value) -> Value:
    return float(len(value)) if isinstance(value, str | tuple) else 0.0


def _lower(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(map(_lower, value))
    return value.lower() if isinstance(value, str) else value


_FUNCTIONS: dict[str, tuple[Callable[..., Value], int]] = {
    "contains": (_contains, 2),
    "length": (_length, 1),
    "lower": (_lower, 1),
}
