"""Python in a block that does not say so: it looks like any text, and nobody runs it.

Told is only what can be nothing else. A block with a title is the text of a whole file, which has its tests there.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.source import fences, prose

_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext"})
# Statements that no output, log, query or formula has; an import alone may be one of another language.
_STATEMENTS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ImportFrom)
_BEGINS = re.compile(r"^[ \t]*(?:async |def |class |from )", re.MULTILINE)


def problems(note: Note) -> Iterator[Problem]:
    """Yield a problem for each block of a note that is without doubt Python, and calls itself text or nothing."""
    body = prose.without_comments(note)
    if not _BEGINS.search(body):
        return
    lines = body.split("\n")
    for fence in fences.scan(lines):
        titled = "title=" in lines[fence.start]
        if fence.end is not None and fence.language.lower() in _PLAIN and not titled:
            text = "\n".join(line[len(fence.prefix) :] for line in lines[fence.start + 1 : fence.end])
            if _is_python(text):
                what = (
                    "is Python, though its block does not say so, and not tested; move it into a snippet and include it"
                )
                include = '--8<-- "topic/name.py:region"'
                yield Problem(note.shown, note.first_line + fence.start, Rule.CODE_UNTESTED, f"{what}: {include}")


def _is_python(text: str) -> bool:
    if not _BEGINS.search(text):
        return False
    try:
        tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, _STATEMENTS) for node in tree.body)
