"""Fenced blocks in a note's source, with their lines: what SuperFences will take for one, and what it will not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN = re.compile(r"(?P<prefix>[ \t>]*)(?P<fence>`{3,}|~{3,})(?P<header>.*)$")
_LANGUAGE = re.compile(r"[ \t]*\.?([\w#.+-]+)(?=[ \t]|$)")
_OPTION = re.compile(r"[ \t]*([a-z_]+)=(?:\"([^\"]*)\"|'([^']*)')(?=[ \t]|$)")
# The parts of an attribute list as Python-Markdown splits it; a word that begins with a dot is a class.
_ATTRIBUTE = re.compile(r"""[^ =}]+=".*?"|[^ =}]+='.*?'|[^ =}]+=[^ =}]+|(?P<word>[^ =}]+)| """)
_NUMBERS = r"\d{1,6}(?:-\d{1,6})?"
_OPTIONS = {
    "title": re.compile(r".*"),
    "hl_lines": re.compile(rf"{_NUMBERS}(?:[ \t]+{_NUMBERS})*"),
    "linenums": re.compile(r"\d{1,6}(?:[ \t]+\d{1,6}){0,2}"),
}
_TAB = 4
# SuperFences reads a line of many options in time that doubles with each, and takes one with backticks for text.
_INLINE_OPTIONS = 8
_HEADER = 'after its language a block takes only title="…", hl_lines="…", linenums="…" or {…}; write nothing else there'


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block, from the index of its opening line to that of its closing one; None if it is never closed.

    ``prefix`` is what stands before the fence: spaces and ``>``. ``fault`` tells what is wrong with the opening line;
    written without all that follows the ``language``, it opens this block.
    """

    start: int
    end: int | None
    prefix: str
    fence: str
    language: str
    fault: str = ""

    @property
    def opening(self) -> str:
        """The opening line, with the language and nothing else."""
        return self.prefix + self.fence + self.language


def scan(lines: list[str]) -> Iterator[Fence]:
    """Yield the fenced blocks of ``lines`` in order; what stands inside a block opens none."""
    index = 0
    while index < len(lines):
        opened = _OPEN.match(lines[index]) if "```" in lines[index] or "~~~" in lines[index] else None
        header = _header(opened["fence"], opened["header"]) if opened else None
        if not opened or not header:
            index += 1
            continue
        prefix = _columns(opened["prefix"])
        end, following = _closing(lines, index + 1, prefix, opened["fence"])
        yield Fence(index, end, opened["prefix"], opened["fence"], *header)
        index = following


def _header(fence: str, header: str) -> tuple[str, str] | None:
    """Return the language that follows a fence and what is wrong there; None if the line opens no block."""
    header = header.replace("\t", " ").rstrip(" ")
    found = _LANGUAGE.match(header)
    language = found[1] if found else ""
    rest = header[found.end() :] if found else header
    if rest.lstrip(" ").startswith("{") and rest.endswith("}"):
        if not language:
            language = next((word[1:] for word in _words(rest.strip(" ")[1:-1]) if word.startswith(".")), "")
        return _spelled(language, "")
    while option := _OPTION.match(rest):
        name, value = option[1], option[2] if option[2] is not None else option[3]
        if name not in _OPTIONS or not _OPTIONS[name].fullmatch(value) or language.lower() == "dataview":
            break
        rest = rest[option.end() :]
    if not rest:
        return _spelled(language, "")
    if fence[0] in header and header.count("=") <= _INLINE_OPTIONS:
        return None
    return _spelled(language, _HEADER)


def _words(attributes: str) -> Iterator[str]:
    """Yield the words of an attribute list, up to what is none of its parts."""
    position = 0
    while found := _ATTRIBUTE.match(attributes, position):
        position = found.end()
        if found["word"]:
            yield found["word"]


def _spelled(language: str, fault: str) -> tuple[str, str]:
    if language.lower() == "dataview" != language:
        return "dataview", "a query's block begins with `dataview` in lower case; write it so"
    return language, fault


def _columns(prefix: str) -> str:
    return prefix.expandtabs(_TAB)


def _closing(lines: list[str], start: int, prefix: str, fence: str) -> tuple[int | None, int]:
    """Return the index of the closing line, None if there is none, and the index at which to read on.

    Each line has to begin like the first: as far in, and in as many quotations. A line in fewer of them still belongs
    to the block until an empty one.
    """
    width, depth = len(prefix), prefix.count(">")
    after_empty = False
    for index in range(start, len(lines)):
        line = _columns(lines[index])
        line = line if line.strip(" ") else ""
        cut = min(width, len(line) - len(line.lstrip(" >")))
        before, text = line[:cut], line[cut:]
        level = before.count(">")
        if level > depth:
            return None, index + 1
        if not (text if depth else text.strip()):
            after_empty = True
            continue
        if len(before) < width or (after_empty and level < depth):
            return None, index + 1
        if text.rstrip(" ") == fence:
            return index, index + 1
        after_empty = False
    return None, len(lines)


def begins_like(fence: Fence, line: str) -> bool:
    """Tell whether a line in a block begins another of the same kind: with as many signs, as far in, and a language."""
    opened = _OPEN.match(line)
    if not opened or (opened["prefix"], opened["fence"]) != (fence.prefix, fence.fence):
        return False
    header = _header(opened["fence"], opened["header"])
    return header is not None and header[0] != "" and not header[1]


def blanked(lines: list[str]) -> list[str]:
    """Return as many lines, those of fenced blocks empty."""
    kept = list(lines)
    for fence in scan(lines):
        end = len(lines) if fence.end is None else fence.end + 1
        kept[fence.start : end] = [""] * (end - fence.start)
    return kept


def outside_fences(text: str) -> Iterator[str]:
    """Yield the lines of ``text`` that are not in a fenced block."""
    lines = text.split("\n")
    start = 0
    for fence in scan(lines) if "```" in text or "~~~" in text else ():
        yield from lines[start : fence.start]
        start = fence.start + 1 if fence.end is None else fence.end + 1
    yield from lines[start:]
