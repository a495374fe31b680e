"""A snippet file as the includes see it: its lines, its named regions, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .problem import Problem
from .reader import decode

_MARKER = re.compile(
    r"(?P<before>.*?)(?<!;)-+8<-+[ \t]+\[[ \t]*(?P<type>start|end)[ \t]*:[ \t]*(?P<name>[a-z][-_0-9a-z]*)[ \t]*\]"
    r"(?P<after>.*)$",
    re.IGNORECASE,
)
DIRECTIVE = re.compile(r"[ \t>]*-+8<-+(?:[ \t].*)?$")
_COMMENT_OPENERS = frozenset({"", "#", "//", "--", ";", "%", "/*", "<!--"})
_COMMENT_CLOSERS = frozenset({"", "*/", "-->"})


@dataclass(frozen=True, slots=True)
class Region:
    """Lines between two markers, as indices into the file's lines; ``end`` is None if it is never closed."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class SnippetFile:
    """One file below snippets/."""

    shown: str
    lines: tuple[str, ...]
    regions: dict[str, Region]
    problems: tuple[Problem, ...] = field(default=())

    def text(self, region: Region | None) -> Iterator[tuple[int, str]]:
        """Yield the number, counted from 1, and the text of each line that an include shows: no marker lines."""
        start, end = (region.start + 1, region.end) if region else (0, None)
        for number, line in enumerate(self.lines[start:end], start + 1):
            if "8<-" not in line or not _MARKER.match(line):
                yield number, line


def load(file: Path, shown: str) -> SnippetFile:
    """Read a snippet file and check its markers. A problem in it is told once, with its own line."""
    text, problems = decode(file.read_bytes(), shown)
    lines = tuple(text.split("\n"))
    regions: dict[str, Region] = {}
    for number, line in enumerate(lines, 1):
        if "8<-" not in line:
            continue
        if marker := _MARKER.match(line):
            problems += _mark(marker, number, shown, regions)
        elif DIRECTIVE.match(line):
            problems.append(
                Problem(shown, number, "this line would be taken for an include, even in a string; put a `;` before it")
            )
    for name, region in regions.items():
        if region.end is None:
            advice = f"add `--8<-- [end:{name}]` where it ends"
            problems.append(Problem(shown, region.start + 1, f"the region `{name}` is never closed; {advice}"))
        elif not any(line.strip() for line in lines[region.start + 1 : region.end]):
            problems.append(Problem(shown, region.start + 1, f"the region `{name}` is empty; put its code inside"))
    return SnippetFile(shown, lines, regions, tuple(problems))


def _mark(marker: re.Match[str], number: int, shown: str, regions: dict[str, Region]) -> Iterator[Problem]:
    name = marker["name"]
    if marker["before"].strip() not in _COMMENT_OPENERS or marker["after"].strip() not in _COMMENT_CLOSERS:
        yield Problem(shown, number, "code beside a region marker is lost; put the marker on a line of its own")
    open_region = regions.get(name)
    if marker["type"].lower() == "start":
        if open_region:
            yield Problem(shown, number, f"the region `{name}` begins a second time; give it a name of its own")
        else:
            regions[name] = Region(number - 1, None)
    elif open_region is None or open_region.end is not None:
        yield Problem(
            shown, number, f"the region `{name}` ends here but is not open; add its start or remove this line"
        )
    else:
        regions[name] = Region(open_region.start, number - 1)
