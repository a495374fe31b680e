"""Front matter: the YAML above a note's text, checked key by key with line numbers.

Texts are taken as they are written: a title of ``3.10`` or ``yes`` is that text, and no value is ever constructed.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import yaml

from garden.model.note import FrontMatter, Search
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source.suggest import did_you_mean

# libyaml when the wheel has it: ten times the speed of the Python parser, same nodes.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPEN = re.compile(r"---[ \t]*(?:\n|\Z)")
_BLOCK = re.compile(r"---[ \t]*\n(?:(.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LATE = re.compile(r"---[ \t]*\n[a-z_]+:")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
TAG = re.compile(r"[^\s,#]+")
# Counted from the top of the site, as a browser shows it: percent-encoded, a folder or a page.
_PART = r"(?!\.{1,2}/)(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+"
ADDRESS = re.compile(rf"(?:{_PART}/)*{_PART}(?:/|\.html)", re.ASCII)
# A page that counts for nothing is excluded, one that counts for everything hides the others.
_BOOST = re.compile(r"0\.[1-9]|[1-9](?:\.\d)?")
_KEYS = tuple(f.name for f in fields(FrontMatter))
# What YAML calls the values that are written without ado; any other tag asks for an object.
_YAML = "tag:yaml.org,2002:"
_SCALARS = frozenset(_YAML + name for name in ("str", "int", "float", "bool", "timestamp", "value", "merge"))
# Nobody writes this much by hand, and YAML's nesting is a way to stall a parser.
_LIMIT = 16_384


class _Wrong(ValueError):
    """A value that is not what its key wants; the text says what to write."""

    def __init__(self, text: str, rule: Rule = Rule.FRONT_MATTER_VALUE) -> None:
        super().__init__(text)
        self.rule = rule


def split(text: str) -> tuple[str, str, int]:
    """Return the YAML, the body, and the body's first line, counted from 1."""
    if not text.startswith("---") or not (block := _BLOCK.match(text)):
        return "", text, 1
    return block[1] or "", text[block.end() :], text.count("\n", 0, block.end()) + 1


def is_late(text: str) -> bool:
    """Tell whether front matter stands below empty lines, where it is none."""
    below = text.lstrip()
    return below != text and bool(_LATE.match(below)) and _BLOCK.match(below) is not None


def is_open(text: str) -> bool:
    """Tell whether ``text`` begins like front matter."""
    return _OPEN.match(text) is not None


def parse(source: str, shown: str, report: Report) -> FrontMatter:
    """Read front matter. What is unknown or malformed is a problem, and the rest still counts."""
    if not source.strip():
        return FrontMatter()
    if len(source) > _LIMIT:
        return _unread(shown, 1, f"is longer than {_LIMIT} characters; shorten it", report)
    loader = _Loader(source)
    try:
        return _mapping(loader.get_single_node(), shown, report)
    except yaml.YAMLError as error:
        line, reason = where(error, source)
        if "\t" in "".join(source.split("\n")[line : line + 1]):
            return _unread(shown, line + 2, "has a tab on this line; write spaces instead", report)
        advice = "correct this line, or put its text in quotes"
        return _unread(shown, line + 2, f"is not YAML: {reason}; {advice}", report)
    except RecursionError:
        return _unread(shown, 1, "nests too deep; write its lists on one level", report)
    finally:
        loader.dispose()


def _unread(shown: str, line: int, what: str, report: Report) -> FrontMatter:
    report.add(Problem(shown, line, Rule.FRONT_MATTER_SYNTAX, f"the front matter {what}"))
    return FrontMatter()


def where(error: yaml.YAMLError, source: str) -> tuple[int, str]:
    """Return the line of the YAML, counted from 0, that an error is about, and what is wrong with it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        # A character that YAML does not take; its place is counted in bytes.
        position = getattr(error, "position", 0)
        return source.encode()[:position].count(b"\n"), str(getattr(error, "reason", error))
    # What is never closed is noticed only at the end, and mended where it begins.
    unclosed = error.context and ("quoted" in error.context or "flow" in error.context)
    mark = error.context_mark if unclosed else error.problem_mark
    return mark.line if mark else 0, str(error.problem)


def _mapping(node: Any, shown: str, report: Report) -> FrontMatter:
    if node is None:
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        return _unread(shown, 2, "is not a list of `key: value` lines; write it so", report)
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 2
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name not in READERS:
            close = next(iter(difflib.get_close_matches(name, _KEYS, n=1)), None)
            advice = did_you_mean(close, "known are " + ", ".join(f"`{k}`" for k in _KEYS))
            report.add(Problem(shown, line, Rule.FRONT_MATTER_KEY, f"`{name}` is no front matter key; {advice}"))
        elif name in values:
            report.add(
                Problem(shown, line, Rule.FRONT_MATTER_KEY, f"`{name}` stands twice in the front matter; keep one")
            )
        else:
            try:
                values[name] = READERS[name](value)
            except _Wrong as wrong:
                report.add(Problem(shown, line, wrong.rule, f"`{name}` {wrong}"))
    return FrontMatter(**values)


def _scalar(node: Any) -> str:
    """Return the text of a value as it is written; empty if there is none, or if it is no plain value."""
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS else ""


def text(node: Any) -> str:
    """Read one line of text."""
    if found := " ".join(_scalar(node).split()):
        return found
    raise _Wrong("is not text; write it on the same line, in quotes if it holds a colon or begins with a sign")


def texts(node: Any) -> tuple[str, ...]:
    """Read a list of texts, or one."""
    if node.tag == f"{_YAML}null":
        return ()
    found = tuple(map(_scalar, node.value if node.tag == f"{_YAML}seq" else [node]))
    if all(found):
        return found
    raise _Wrong("is not text or a list of texts; write `[one, two]`")


def tags(node: Any) -> tuple[str, ...]:
    """Read a list of tags, each with or without its `#`."""
    found = tuple(tag.removeprefix("#") for tag in texts(node))
    for tag in found:
        if not TAG.fullmatch(tag):
            raise _Wrong(f"holds `{tag}`, which is no tag; write a list such as `[one, two]`, each without spaces")
    return found


def addresses(node: Any) -> tuple[str, ...]:
    """Read a list of addresses that pages had, counted from the top of the site."""
    found = texts(node)
    for address in found:
        if not ADDRESS.fullmatch(address) or ":" in address.partition("/")[0]:
            raise _Wrong(f"holds `{address}`, which is no address that a page had; write it like `old/path/`")
    return found


def date(node: Any) -> datetime.date:
    """Read a day."""
    try:
        if _DATE.fullmatch(found := _scalar(node)):
            return datetime.date.fromisoformat(found)
    except ValueError:
        pass  # such as 2026-02-31
    raise _Wrong("is not a date; write it like 2026-01-31", Rule.FRONT_MATTER_DATE)


def search(node: Any) -> Search:
    """Read how much a page counts in the search: ``boost: 2`` or ``exclude: true``, or both."""
    if isinstance(node, yaml.MappingNode):
        said = {_scalar(key): _scalar(value) for key, value in node.value}
        boost, exclude = said.pop("boost", "1"), said.pop("exclude", "false")
        if not said and _BOOST.fullmatch(boost) and exclude in ("true", "false"):
            return Search(float(boost), exclude == "true")
    raise _Wrong("is not understood; write `{boost: 2}` (from 0.1 to 9.9) or `{exclude: true}`")


READERS: dict[str, Callable[[Any], object]] = {
    "title": text,
    "description": text,
    "aliases": texts,
    "tags": tags,
    "errors": texts,
    "reviewed": date,
    "hide": texts,
    "search": search,
    "moved_from": addresses,
    "paths": texts,
}


def line(head: str, key: str, text: str) -> int:
    """Return the line of the file on which the front matter ``head`` has ``text`` below ``key``; 1 if nowhere."""
    lines = head.split("\n")
    first = next((i for i, found in enumerate(lines) if found.startswith(f"{key}:")), None)
    if first is None:
        return 1
    return next((i for i in range(first, len(lines)) if text in lines[i]), first) + 2
