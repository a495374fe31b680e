"""Fenced blocks in a note's source, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN = re.compile(r"(?P<prefix>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_LANGUAGE = re.compile(r"\{[ \t]*\.?([\w#.+-]+)|([\w#.+-]+)")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block, from the index of its opening line to that of its closing one; None if it is never closed."""

    start: int
    end: int | None
    fence: str
    language: str


def scan(lines: list[str]) -> Iterator[Fence]:
    """Yield the fenced blocks of ``lines`` in order, as SuperFences sees them; what stands inside a block opens none."""
    index = 0
    while index < len(lines):
        opened = _OPEN.match(lines[index]) if "```" in lines[index] or "~~~" in lines[index] else None
        if not opened:
            index += 1
            continue
        end, following = _closing(lines, index + 1, len(opened["prefix"]), opened["fence"])
        found = _LANGUAGE.match(opened["info"])
        language = (found[1] or found[2]).lower() if found else ""
        yield Fence(index, end, opened["fence"], language)
        index = following


def _closing(lines: list[str], start: int, width: int, fence: str) -> tuple[int | None, int]:
    """Return the index of the closing line, None if there is none, and the index at which to read on."""
    for index in range(start, len(lines)):
        line = lines[index]
        text = line.lstrip(" \t>")
        if text and len(line) - len(text) < width:
            return None, index
        if text.rstrip(" \t") == fence and len(line) - len(text) == width:
            return index, index + 1
    return None, len(lines)


def outside_fences(text: str) -> Iterator[str]:
    """Yield the lines of ``text`` that are not in a fenced block."""
    lines = text.split("\n")
    start = 0
    for fence in scan(lines) if "```" in text or "~~~" in text else ():
        yield from lines[start : fence.start]
        start = fence.start + 1 if fence.end is None else fence.end + 1
    yield from lines[start:]
