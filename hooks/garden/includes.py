"""Snippet includes: every ``--8<-- "topic/name.py:region"`` is checked before pymdownx.snippets follows it.

What the check refuses is shown on the page as written, so that one bad line never stops a build.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from . import fences, snippetfile
from .note import Note
from .problem import Problem
from .snippetfile import DIRECTIVE, Region, SnippetFile

_INCLUDE = re.compile(r"""[ \t]*-+8<-+[ \t]+(["'])(?P<target>(?:(?!\1)[^\n])+)\1$""")
_TARGET = re.compile(r"(?P<path>[^:]+)(?::(?P<region>[A-Za-z][-_0-9A-Za-z]*))?$")
_PYTHON = frozenset({"python", "py", "python3", "py3", "python2", "py2", "pycon", "pyi", "sage", "ipython", "ipython3"})


class _Refused(ValueError):
    """An include that must not be followed; the text says why and what to write."""


@dataclass(slots=True)
class Includes:
    """The includes of one build. ``folder`` holds the snippets; ``used`` maps a snippet to the notes that show it."""

    folder: Path
    shown: str = "snippets"
    problems: list[Problem] = field(default_factory=list)
    used: dict[str, dict[Note, None]] = field(default_factory=dict)
    _files: dict[str, SnippetFile | None] = field(default_factory=dict)
    _names: list[str] | None = None

    def check(self, note: Note) -> str:
        """Return the note's text with refused includes escaped; add what is wrong to ``problems``."""
        body = note.body
        if "```" not in body and "~~~" not in body and "8<-" not in body:
            return body
        lines = body.split("\n")
        inside: dict[int, fences.Fence] = {}
        for fence in fences.scan(lines):
            if fence.end is None:
                self._tell(note, fence.start, "this block is never closed; end it with a line of " + fence.fence)
                continue
            content = range(fence.start + 1, fence.end)
            if fence.language == "dataview" and not any(lines[i].strip(" \t>") for i in content):
                self._tell(note, fence.start, "this query is empty; write one, such as LIST FROM [[a note]]")
            inside.update(dict.fromkeys(content, fence))
            if fence.language in _PYTHON and (typed := self._typed(lines, content)) is not None:
                what = "Python typed into a page is not tested; move it to snippets/ and include it"
                self._tell(note, typed, f'{what}: --8<-- "topic/name.py:region"')
        for index, line in enumerate(lines):
            if "8<-" in line and DIRECTIVE.match(line):
                try:
                    self._follow(note, line, inside.get(index))
                except _Refused as refused:
                    self._tell(note, index, str(refused))
                    lines[index] = re.sub(r"(?=-+8<-)", ";", line, count=1) if _INCLUDE.match(line) else _shown(line)
        return "\n".join(lines)

    def _tell(self, note: Note, index: int, text: str) -> None:
        self.problems.append(Problem(note.shown, note.first_line + index, text))

    @staticmethod
    def _typed(lines: list[str], content: Iterable[int]) -> int | None:
        for index in content:
            if lines[index].strip(" \t>") and not DIRECTIVE.match(lines[index]):
                return index
        return None

    def _follow(self, note: Note, line: str, fence: fences.Fence | None) -> None:
        include = _INCLUDE.match(line)
        if not include:
            raise _Refused(_why_not(line))
        if fence is None:
            raise _Refused("an include outside a fenced block is read as Markdown; put it between ```python and ```")
        target = _TARGET.match(include["target"].strip())
        if not target or include["target"].startswith(("http:", "https:")):
            name = include["target"].strip()
            raise _Refused(f"`{name}` is not `topic/name.py` or `topic/name.py:region`; line numbers and addresses rot")
        found = self._load(target["path"])
        if found is None:
            raise _Refused(self._missing(target["path"]))
        region = self._region(found, target["region"])
        if region and region.end is None:
            raise _Refused(f"the region `{target['region']}` of {found.shown} is never closed")
        for number, text in found.text(region):
            if DIRECTIVE.match(text):
                raise _Refused(f"{found.shown}:{number} holds an include of its own; put a `;` before it there")
            if text.strip() == fence.fence:
                longer = fence.fence + fence.fence[0]
                raise _Refused(f"{found.shown}:{number} would close this block; open and close the block with {longer}")
        self.used.setdefault(target["path"], {})[note] = None

    def _region(self, found: SnippetFile, name: str | None) -> Region | None:
        if name is None:
            return None
        if name in found.regions:
            return found.regions[name]
        close = difflib.get_close_matches(name, found.regions, n=1)
        has = "its regions are " + ", ".join(f"`{r}`" for r in found.regions) if found.regions else "it has none"
        raise _Refused(f"{found.shown} has no region `{name}`; " + (f"did you mean `{close[0]}`?" if close else has))

    def _load(self, path: str) -> SnippetFile | None:
        if path not in self._files:
            file = self.folder / path
            shown = f"{self.shown}/{path}"
            try:
                inside, exists = file.resolve().is_relative_to(self.folder.resolve()), file.is_file()
            except OSError:  # no file system takes such a name
                inside, exists = True, False
            if not inside:
                raise _Refused(f"{shown} leads out of {self.shown}/; put the file itself there")
            self._files[path] = snippetfile.load(file, shown) if exists else None
            if loaded := self._files[path]:
                self.problems += loaded.problems
        return self._files[path]

    def _missing(self, path: str) -> str:
        if self._names is None:
            self._names = sorted(f.relative_to(self.folder).as_posix() for f in self.folder.rglob("*") if f.is_file())
        close = difflib.get_close_matches(path, self._names, n=1)
        advice = f'did you mean "{close[0]}"?' if close else "write its path from there"
        return f"no file is at {self.shown}/{path}; {advice}"


def _why_not(line: str) -> str:
    if line != line.rstrip():
        return "spaces after an include print it instead; remove them"
    if ">" in line[: line.index("8")]:
        return "an include in a quotation is not followed; move it out of the `>` lines"
    return 'is not an include; write `--8<-- "topic/name.py:region"`, one on each line'


def _shown(line: str) -> str:
    """Keep a line that is no include from being taken for the start of a list of them."""
    return line if line.strip(" \t->8<") else line.replace("8<", "8 <")
