"""Queries: the part of the Dataview query language that a static site can compute.

A query is parsed into functions of a note: a source and conditions to test it, and expressions for sorting and cells.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .graph import Graph, order
from .note import Note
from .targets import Fault, Link, Targets, parse

_TOKEN = re.compile(
    r"\s*(?:(?P<link>\[\[[^\[\]]*\]\])|(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<tag>#[^\s()\",]+)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][\w.-]*)|(?P<sign>!=|<=|>=|[=<>!(),&|-]))"
)
_END = ("end", "the end of the query")
_UNSUPPORTED = frozenset({"task", "calendar", "group", "flatten", "without"})
_SUPPORTED = "supported are LIST, TABLE, FROM, WHERE, SORT, LIMIT"

Value = object
Expression = Callable[[Note], Value]


class QueryFault(Fault):
    """A query that cannot be computed. ``line`` counts from 0, the first line of the query."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
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


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass(slots=True)
class Evaluator:
    """Runs queries on the notes of one build."""

    notes: tuple[Note, ...]
    targets: Targets
    graph: Graph
    _folders: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        folders = set()
        for note in self.notes:
            path = note.path.removesuffix(".md").casefold()
            while path:
                folders.add(path)
                path = path.rpartition("/")[0]
        self._folders = frozenset(folders)

    def run(self, source: str, origin: Note) -> Result:
        """Compute the query that stands in ``origin``; raise `QueryFault` if it cannot be."""
        return _Parser(self, source, origin).query()

    def is_path(self, path: str) -> bool:
        """Tell whether a folder or a note is at ``path``, in any case."""
        return path.casefold() in self._folders


class _Parser:
    """Recursive descent over the tokens of one query; nesting is bounded."""

    def __init__(self, evaluator: Evaluator, source: str, origin: Note) -> None:
        self._evaluator = evaluator
        self._origin = origin
        self._tokens = list(_tokens(source))
        self._at = 0
        self._depth = 0

    # The query

    def query(self) -> Result:
        columns: list[Column] | None = None
        if self._word("table"):
            columns = [self._column()]
            while self._sign(","):
                columns.append(self._column())
        elif not self._word("list"):
            raise self._fault("a query begins with LIST or TABLE")
        notes = sorted(self._evaluator.notes, key=order)
        if self._word("from"):
            source = self._any(self._source)
            notes = [note for note in notes if source(note)]
        while self._next.kind != "end":
            notes = self._command(notes)
        return Result(tuple(notes), None if columns is None else tuple(columns))

    def _column(self) -> Column:
        start = self._at
        cell = self._operand()
        header = " ".join(token.text for token in self._tokens[start : self._at])
        if self._word("as"):
            header = self._text() if self._next.kind == "text" else self._take("word", 'a header such as "Title"').text
        return Column(header, cell)

    def _command(self, notes: list[Note]) -> list[Note]:
        if self._word("where"):
            condition = self._any(self._comparison)
            return [note for note in notes if condition(note)]
        if self._word("sort"):
            return self._sort(notes)
        if self._word("limit"):
            return notes[: int(float(self._take("number", "a number").text))]
        raise self._fault("a query goes on with FROM, WHERE, SORT or LIMIT, in this order")

    def _sort(self, notes: list[Note]) -> list[Note]:
        keys: list[tuple[Expression, bool]] = []
        while not keys or self._sign(","):
            expression = self._operand()
            descending = bool(self._word("desc", "descending"))
            if not descending:
                self._word("asc", "ascending")
            keys.append((expression, descending))
        for expression, descending in reversed(keys):
            notes = sorted(notes, key=lambda note, e=expression: _rank(e(note)), reverse=descending)  # type: ignore[misc]
        return notes

    # Truth: shared by sources and conditions

    def _any(self, atom: Callable[[], Expression]) -> Expression:
        tests = [self._all(atom)]
        while self._word("or") or self._sign("|"):
            self._sign("|")
            tests.append(self._all(atom))
        return tests[0] if len(tests) == 1 else lambda note: any(test(note) for test in tests)

    def _all(self, atom: Callable[[], Expression]) -> Expression:
        tests = [self._not(atom)]
        while self._word("and") or self._sign("&"):
            self._sign("&")
            tests.append(self._not(atom))
        return tests[0] if len(tests) == 1 else lambda note: all(test(note) for test in tests)

    def _not(self, atom: Callable[[], Expression]) -> Expression:
        with_not = False
        while self._word("not") or self._sign("-", "!"):
            with_not = not with_not
        if self._sign("("):
            self._depth += 1
            if self._depth > 50:
                raise self._fault("this query nests deeper than 50 parentheses; simplify it")
            test = self._any(atom)
            self._close()
        else:
            test = atom()
        return (lambda note: not test(note)) if with_not else test

    def _close(self) -> None:
        if not self._sign(")"):
            raise self._fault("a closing parenthesis is missing")
        self._depth -= 1

    # Sources

    def _source(self) -> Expression:
        token = self._next
        if token.kind == "link":
            found = frozenset(self._evaluator.graph.incoming(self._link()))
            return lambda note: note in found
        if token.kind == "tag":
            self._at += 1
            wanted = token.text[1:].casefold()
            return lambda note: any(_is_tag(tag, wanted) for tag in note.meta.tags)
        if token.kind == "text":
            return self._folder()
        if self._word("outgoing"):
            if not self._sign("("):
                raise self._fault("outgoing is followed by ([[a note]])")
            self._depth += 1
            targets = frozenset(self._evaluator.graph.outgoing(self._link()))
            self._close()
            return lambda note: note in targets
        raise self._fault('a source is [[a note]], outgoing([[a note]]), "a folder" or #a-tag')

    def _folder(self) -> Expression:
        token = self._next
        path = self._text().strip("/").removesuffix(".md").casefold()
        if path and not self._evaluator.is_path(path):
            raise QueryFault(token.line, f"no folder or note is at {token.text}; write its path from the notes' folder")
        return lambda note: not path or f"{note.path.casefold().removesuffix('.md')}/".startswith(f"{path}/")

    def _link(self) -> Note:
        token = self._take("link", "[[a note]]")
        inner = token.text[2:-2].strip()
        if inner in ("", "#"):
            return self._origin
        try:
            target = self._evaluator.targets.wikilink(parse(inner), self._origin)
        except Fault as fault:
            raise QueryFault(token.line, str(fault)) from None
        if not isinstance(target, Link):
            raise QueryFault(token.line, f"{token.text} is no note; name a note")
        return target.note

    # Expressions

    def _comparison(self) -> Expression:
        left = self._operand()
        token = self._next
        if token.kind == "sign" and token.text in _COMPARE:
            self._at += 1
            compare, right = _COMPARE[token.text], self._operand()
            return lambda note: compare(left(note), right(note))
        return lambda note: bool(left(note))

    def _operand(self) -> Expression:
        token = self._next
        if token.kind == "text":
            text = self._text()
            return lambda _: text
        if token.kind == "number":
            self._at += 1
            number = float(token.text)
            return lambda _: number
        if token.kind != "word" or token.text.lower() in _UNSUPPORTED:
            raise self._fault('a field, a "text", a number or a function is missing')
        self._at += 1
        name = token.text.lower()
        if self._sign("("):
            self._depth += 1
            return self._call(token, name)
        if name in _CONSTANTS:
            constant = _CONSTANTS[name]
            return lambda _: constant
        if name in ("file.inlinks", "file.outlinks"):
            graph = self._evaluator.graph
            return graph.incoming if name == "file.inlinks" else graph.outgoing
        if name not in _FIELDS:
            known = ", ".join([*_FIELDS, "file.inlinks", "file.outlinks"])
            raise QueryFault(token.line, f"`{token.text}` is no field; fields are {known}")
        return _FIELDS[name]

    def _call(self, token: _Token, name: str) -> Expression:
        if name == "date":
            day = "".join(self._until_close())
            try:
                date = datetime.date.fromisoformat(day)
            except ValueError:
                raise QueryFault(token.line, f"date({day}) is no date; write it like date(2026-01-31)") from None
            return lambda _: date
        if name not in _FUNCTIONS:
            raise QueryFault(token.line, f"`{token.text}` is no function; functions are {', '.join(_FUNCTIONS)}, date")
        function, count = _FUNCTIONS[name]
        if self._depth > 50:
            raise self._fault("this query nests deeper than 50 parentheses; simplify it")
        arguments = [self._operand()]
        while self._sign(","):
            arguments.append(self._operand())
        self._close()
        if len(arguments) != count:
            raise QueryFault(token.line, f"{name} takes {count} values, not {len(arguments)}")
        return lambda note: function(*(argument(note) for argument in arguments))

    def _until_close(self) -> Iterator[str]:
        while self._next.kind != "end" and not self._sign(")"):
            yield self._next.text
            self._at += 1
        self._depth -= 1

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

    def _text(self) -> str:
        return re.sub(r"\\(.)", r"\1", self._take("text", 'a "text"').text[1:-1])

    def _fault(self, what: str) -> QueryFault:
        token = self._next
        if token.text.lower() in _UNSUPPORTED:
            return QueryFault(token.line, f"{token.text} is not supported in a query; {_SUPPORTED}")
        before = _END[1] if token.kind == "end" else f"`{token.text}`"
        return QueryFault(token.line, f"cannot read the query at {before}: {what}")


def _tokens(source: str) -> Iterator[_Token]:
    position = line = 0
    while match := _TOKEN.match(source, position):
        kind = match.lastgroup or ""
        line += source.count("\n", position, match.start(kind))
        yield _Token(kind, match[kind], line)
        line += match[kind].count("\n")
        position = match.end()
    rest = source[position:]
    if rest.strip():
        line += rest[: len(rest) - len(rest.lstrip())].count("\n")
        word = rest.split()[0]
        raise QueryFault(line, f"cannot read the query at `{word[:40]}`; {_SUPPORTED}")
    yield _Token("end", "", line)


def _is_tag(tag: str, wanted: str) -> bool:
    return f"{tag.casefold()}/".startswith(f"{wanted}/")


def _rank(value: Value) -> tuple[int, float, str]:
    """Order values of any kind: nothing, numbers, dates, texts, collections by length."""
    match value:
        case None:
            return 0, 0, ""
        case bool() | int() | float():
            return 1, float(value), ""
        case datetime.date():
            return 2, value.toordinal(), ""
        case str():
            return 3, 0, value.casefold()
        case tuple():
            return 4, len(value), ""
        case _:
            return 5, 0, str(value)


def _same(left: Value, right: Value) -> bool:
    return _rank(left) == _rank(right)


def _less(left: Value, right: Value) -> bool:
    a, b = _rank(left), _rank(right)
    return a[0] == b[0] and a < b


_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "=": _same,
    "!=": lambda a, b: not _same(a, b),
    "<": _less,
    ">": lambda a, b: _less(b, a),
    "<=": lambda a, b: _less(a, b) or _same(a, b),
    ">=": lambda a, b: _less(b, a) or _same(a, b),
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
    "file.link": lambda note: (note,),
}


def _contains(container: Value, wanted: Value) -> bool:
    if isinstance(container, str):
        return isinstance(wanted, str) and wanted.casefold() in container.casefold()
    return isinstance(container, Iterable) and any(_same(item, wanted) for item in container)


def _length(value: Value) -> int:
    return len(value) if isinstance(value, str | tuple) else 0 if value is None else 1


_FUNCTIONS: dict[str, tuple[Callable[..., Value], int]] = {
    "contains": (_contains, 2),
    "length": (_length, 1),
    "lower": (lambda value: value.lower() if isinstance(value, str) else value, 1),
}
