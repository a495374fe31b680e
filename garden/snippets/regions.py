"""A snippet file as the includes see it: its lines, its named regions, and what is wrong with them."""

from __future__ import annotations

import codecs
import re
import textwrap
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source.loader import RESERVED, decode, newlines

# A line that pymdownx.snippets takes for an include, for the start of a list of them, or for one to show without `;`.
DIRECTIVE = re.compile(r"""(?P<indent>[ \t]*)(?P<escape>;*)-+8<-+(?:[ \t]+(?:"(?:\\"|[^"])+"|'(?:\\'|[^'])+'))?$""")
# What it takes for the start or end of a region. It drops the whole line, or only a `;` if that is before the marker.
MARKER = re.compile(
    r"(?P<before>.*?)(?<!;)(?!(?<=-)-)(?P<escape>;*)(?P<marker>-+8<-+)[ \t]+"
    r"\[[ \t]*(?P<type>start|end)[ \t]*:[ \t]*(?P<name>[a-z][-_0-9a-z]*)[ \t]*\](?P<after>.*)$",
    re.IGNORECASE,
)
_COMMENT_OPENERS = frozenset({"", "#", "//", "--", ";", "%", "/*", "<!--"})
_COMMENT_CLOSERS = frozenset({"", "*/", "-->"})


@dataclass(frozen=True, slots=True)
class Region:
    """Lines between two markers, as indices into the file's lines."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SnippetFile:
    """One file below snippets/. One with a problem is not included: what would be shown is not what was tested.

    ``problem`` is the first that the file has.
    """

    shown: str
    lines: tuple[str, ...]
    regions: dict[str, Region]
    problem: Problem | None

    def is_fix(self, name: str | None) -> bool:
        """Tell whether a region of an anti-pattern is marked as its fix."""
        return name is not None and self.lines[self.regions[name].start + 1].startswith("# FIX: ")

    def text(self, region: Region | None) -> list[tuple[int, str]]:
        """Return the number, counted from 1, and the text of each line that an include shows.

        Marker lines are never shown; a region is moved to the left as far as it goes.
        """
        start, end = (region.start + 1, region.end) if region else (0, len(self.lines))
        numbers = [i for i in range(start, end) if "8<-" not in self.lines[i] or not MARKER.match(self.lines[i])]
        text = "\n".join(self.lines[i] for i in numbers)
        lines = (textwrap.dedent(text) if region else text).split("\n")
        return [(index + 1, line) for index, line in zip(numbers, lines, strict=False)]


def load(file: Path, shown: str, report: Report) -> SnippetFile:
    """Read a snippet file and check it."""
    data, found = file.read_bytes(), Report()
    text = decode(data, shown, found)
    if data.startswith(codecs.BOM_UTF8):
        what = "the file begins with a byte order mark, which would be copied too; save it without one"
        found.add(Problem(shown, 1, Rule.FILE_ENCODING, what))
    raw = newlines(data.decode(errors="replace"))
    if reserved := RESERVED.search(raw):
        what = f"the character U+{ord(reserved[0]):04X} cannot be shown; write it as an escape"
        line = raw.count("\n", 0, reserved.start()) + 1
        found.add(Problem(shown, line, Rule.FILE_ENCODING, what))
    if not text.strip():
        found.add(Problem(shown, 1, Rule.SNIPPET_EMPTY, "the file is empty; put its code into it"))
    lines = tuple(text.split("\n"))
    marks, filled = _read(lines, shown, found)
    regions = {name: region for name, own in marks.items() if (region := _region(name, own, filled, shown, found))}
    report.extend(found.problems)
    return SnippetFile(shown, lines, regions, next(iter(found.problems), None))


def _read(lines: tuple[str, ...], shown: str, report: Report) -> tuple[dict[str, list[tuple[int, str]]], list[int]]:
    """Return the markers of each name, as index and type, and the indices of the lines that hold code.

    What marker lines and others would lose on the page is reported.
    """
    marks: dict[str, list[tuple[int, str]]] = {}
    filled: list[int] = []
    for index, line in enumerate(lines):
        what = ""
        marker = MARKER.match(line) if "8<-" in line else None
        if "8<-" in line and DIRECTIVE.match(line):
            what = "this line would be taken for an include, even in a string; write it in another way"
        elif marker and marker["escape"]:
            what = "this line would be shown without its `;`; write it in another way"
        elif marker:
            marks.setdefault(marker["name"], []).append((index, marker["type"].lower()))
            if marker["before"].strip() not in _COMMENT_OPENERS or marker["after"].strip() not in _COMMENT_CLOSERS:
                what = "code beside a region marker is lost; put the marker on a line of its own"
        elif line.strip():
            filled.append(index)
        if what:
            report.add(Problem(shown, index + 1, Rule.REGION_MARKER, what))
    return marks, filled


def _region(name: str, marks: list[tuple[int, str]], filled: list[int], shown: str, report: Report) -> Region | None:
    """Return the region between the markers of one name; None if something is wrong with them."""
    starts = [index for index, kind in marks if kind == "start"]
    ends = [index for index, kind in marks if kind == "end"]
    stray = [index for index in ends if not starts or index < starts[0]] or ends[1:]
    if len(starts) > 1:
        line, what = starts[1], "begins a second time; give it a name of its own"
    elif stray:
        line, what = stray[0], "ends here but is not open; add its start or remove this line"
    elif not ends:
        line, what = starts[0], f"is never closed; add `--8<-- [end:{name}]` where it ends"
    elif bisect(filled, starts[0]) == bisect(filled, ends[0]):
        line, what = starts[0], "is empty; put its code inside"
    else:
        return Region(starts[0], ends[0])
    report.add(Problem(shown, line + 1, Rule.REGION_BOUNDS, f"the region `{name}` {what}"))
    return None


def literal(line: str) -> str:
    """Return ``line`` so that pymdownx.snippets shows it as it is."""
    if found := DIRECTIVE.match(line):
        place = found.start("escape") if not found["escape"] else None
    elif found := MARKER.match(line):
        place = found.start("marker") if not found["escape"] else None
    else:
        place = None
    return line if place is None else f"{line[:place]};{line[place:]}"
