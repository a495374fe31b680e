"""Front matter: the YAML above a note's text, checked key by key with line numbers."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import yaml

from .note import FrontMatter
from .problem import Problem

# libyaml when the wheel has it: ten times the speed of the Python parser, same nodes.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK = re.compile(r"---[ \t]*\n(?:(.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEYS = tuple(f.name for f in fields(FrontMatter))
# Nobody writes this much by hand, and YAML's nesting is a way to stall a parser.
_LIMIT = 16_384


class _Wrong(ValueError):
    """A value that is not what its key wants; the text says what to write."""


def split(text: str) -> tuple[str, str, int]:
    """Return the YAML, the body, and the body's first line, counted from 1."""
    if not text.startswith("---") or not (block := _BLOCK.match(text)):
        return "", text, 1
    return block[1] or "", text[block.end() :], text.count("\n", 0, block.end()) + 1


def parse(source: str, shown: str) -> tuple[FrontMatter, list[Problem]]:
    """Read front matter. What is unknown or malformed is a problem, and the rest still counts."""
    if not source.strip():
        return FrontMatter(), []
    if len(source) > _LIMIT:
        return FrontMatter(), [Problem(shown, 1, f"the front matter is longer than {_LIMIT} characters; shorten it")]
    loader = _Loader(source)
    try:
        node = loader.get_single_node()
        return _mapping(loader, node, shown)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        return FrontMatter(), [
            Problem(shown, line, f"the front matter is not YAML: {error.problem}; correct this line")
        ]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        return FrontMatter(), [Problem(shown, 1, f"the front matter is not YAML: {reason}; correct it")]
    finally:
        loader.dispose()


def _mapping(loader: Any, node: Any, shown: str) -> tuple[FrontMatter, list[Problem]]:
    if node is None:
        return FrontMatter(), []
    if not isinstance(node, yaml.MappingNode):
        return FrontMatter(), [Problem(shown, 2, "the front matter is not a list of `key: value` lines; write it so")]
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 2
        name = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        if name not in _READERS:
            close = difflib.get_close_matches(name, _KEYS, n=1)
            advice = f"did you mean `{close[0]}`?" if close else "known are " + ", ".join(f"`{k}`" for k in _KEYS)
            problems.append(Problem(shown, line, f"`{name}` is no front matter key; {advice}"))
        elif name in values:
            problems.append(Problem(shown, line, f"`{name}` stands twice in the front matter; keep one"))
        else:
            try:
                values[name] = _READERS[name](loader.construct_document(value_node))
            except _Wrong as wrong:
                problems.append(Problem(shown, line, f"`{name}` {wrong}"))
    return FrontMatter(**values), problems


def _text(value: object) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not str(value).strip():
        raise _Wrong("is not text; write it on the same line, in quotes if it holds a colon")
    return str(value).strip()


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    try:
        return tuple(_text(item) for item in values)
    except _Wrong:
        raise _Wrong("is not text or a list of texts; write `[one, two]`") from None


def _tags(value: object) -> tuple[str, ...]:
    return tuple(tag.removeprefix("#") for tag in _texts(value))


def _date(value: object) -> datetime.date:
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise _Wrong("is not a date; write it like 2026-01-31")
    return value


_READERS: dict[str, Callable[[object], object]] = {
    "title": _text,
    "description": _text,
    "aliases": _texts,
    "tags": _tags,
    "errors": _texts,
    "reviewed": _date,
    "hide": _texts,
}
