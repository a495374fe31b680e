"""Snippet includes: every ``--8<-- "topic/name.py:region"`` is checked before pymdownx.snippets follows it.

What the check refuses is shown on the page as written, so that one bad line never stops a build.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.reference import Fault
from garden.model.report import Report
from garden.model.rules import Rule
from garden.model.settings import Folders
from garden.snippets import code_blocks, regions
from garden.snippets.code_blocks import ShownSnippet
from garden.snippets.regions import Region, SnippetFile
from garden.source import fences
from garden.source.suggest import Suggester, did_you_mean, listing

# What somebody may have meant for an include. Only some of these lines are one for pymdownx.snippets.
_MEANT = re.compile(r"[ \t>]*-+8<-+(?:[ \t\"'].*)?$")
_INCLUDE = re.compile(r"[ \t]*-+8<-+[ \t]+([\"'])(?P<target>.+)\1$")
_PATH = re.compile(r"[\w.+-]+(?:/[\w.+-]+)+")
_TARGET = re.compile(r"[ \t]*(?P<path>[\w./+-]+)(?::(?P<region>[A-Za-z][-_0-9A-Za-z]*))?[ \t]*")
# What Pygments takes for Python, as it is typed, in a session or in a traceback.
_PYTHON = frozenset({
    "python", "py", "python3", "py3", "python2", "py2", "pyi", "sage", "bazel", "starlark",
    "pycon", "python-console", "ipython", "ipython3", "pytb", "py3tb", "py2tb",
})  # fmt: skip

# What is wrong with a block that holds nothing, by its language.
_EMPTY = {
    "dataview": (Rule.QUERY_SYNTAX, "this query is empty; write one, such as LIST FROM [[a note]]"),
    "calculator": (
        Rule.CALCULATOR_SNIPPET,
        "this calculator is empty; write the path of a snippet, such as topic/name.py",
    ),
}


@dataclass(slots=True)
class Includes:
    """The includes of one build. ``folder`` holds the snippets; ``used`` maps a snippet to the notes that show it.

    ``folders`` are those of the site, as messages name them.

    ``annotate`` tells whether blocks are to name in their HTML what they show.
    """

    folder: Path
    folders: Folders
    report: Report
    annotate: bool = False
    used: dict[str, dict[Note, None]] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)
    _files: dict[str, SnippetFile] = field(default_factory=dict)
    _closers: dict[tuple[str, str | None], dict[str, int]] = field(default_factory=dict)
    _nearest: Suggester = field(init=False)

    def __post_init__(self) -> None:
        self._nearest = Suggester(self._names)

    @property
    def meant(self) -> set[str]:
        """The files that includes name which are not followed, or that their authors must have meant."""
        return {close for path in self._named - self.used.keys() if (close := self._nearest(path))}

    def check(self, note: Note) -> str:
        """Return the note's text with refused includes escaped; report what is wrong."""
        body = note.body
        if "```" not in body and "~~~" not in body and "8<-" not in body:
            return body
        lines = body.split("\n")
        self._part(note, lines)
        inside: dict[int, fences.Fence] = {}
        unclosed = len(lines)
        for fence in fences.scan(lines):
            if fence.fault:
                self._report_fault(note, fence.start, Rule.CODE_HEADER, fence.fault)
                lines[fence.start] = fence.opening
            if fence.end is None:
                unclosed = min(unclosed, fence.start)
                alike = ", and begin every line of it like this one" if fence.prefix else ""
                what = f"this block is never closed; end it with a line of {fence.fence}{alike}"
                self._report_fault(note, fence.start, Rule.CODE_UNCLOSED, what)
                continue
            content = range(fence.start + 1, fence.end)
            inside.update(dict.fromkeys(content, fence))
            if fence.language in _EMPTY and not any(lines[index].strip(" \t>") for index in content):
                self._report_fault(note, fence.start, *_EMPTY[fence.language])
                lines[fence.start] = fence.prefix + fence.fence
            if fence.language.lower() in _PYTHON and _is_typed(lines, content):
                what = "Python typed into a page is not tested; move it into a snippet and include it"
                self._report_fault(note, fence.start, Rule.CODE_UNTESTED, f'{what}: --8<-- "topic/name.py:region"')
        followed: dict[fences.Fence, list[ShownSnippet]] = {}
        for index, line in enumerate(lines):
            if "8<-" not in line:
                continue
            block = inside.get(index)
            meant = _MEANT.match(line)
            if meant and (named := _PATH.search(line)):
                self._named.add(named[0])
            try:
                if not meant or (block is None and index > unclosed):
                    lines[index] = regions.literal(line)
                else:
                    fence, shown = self._follow(note, line, block)
                    followed.setdefault(fence, []).append(shown)
            except Fault as fault:
                self._report_fault(note, index, fault.rule, str(fault))
                lines[index] = regions.literal(line)
        for fence, found in followed.items() if self.annotate else ():
            if fence.language != "dataview":
                lines[fence.start] = code_blocks.annotate(lines[fence.start], fence, found)
        return "\n".join(lines)

    def _part(self, note: Note, lines: list[str]) -> None:
        """Close the first block in which another one begins, as far up as can be: what follows is not its text."""
        for fence in fences.scan(lines):
            content = range(fence.start + 1, len(lines) if fence.end is None else fence.end)
            inner = next((index for index in content if fences.begins_like(fence, lines[index])), None)
            if inner is None:
                continue
            line = note.first_line + inner
            advice = f"end it with a line of {fence.fence}, or begin and end it with {fence.fence}{fence.fence[0]}"
            what = f"this block is not closed before another begins on line {line}; {advice}"
            self._report_fault(note, fence.start, Rule.CODE_UNCLOSED, what)
            end = next((index for index in content if not lines[index].strip(" \t>")), inner)
            if end < inner:
                lines[end] = fence.prefix + fence.fence
            return

    def _report_fault(self, note: Note, index: int, rule: Rule, text: str) -> None:
        self.report.add(Problem(note.shown, note.first_line + index, rule, text))

    def _follow(self, note: Note, line: str, fence: fences.Fence | None) -> tuple[fences.Fence, ShownSnippet]:
        include = _INCLUDE.match(line)
        if not include or (fence and ">" in fence.prefix):
            raise _why_not(line, fence)
        if fence is None:
            block = "```text" if include["target"].endswith(".out") else "```python"
            what = f"an include outside a fenced block is read as Markdown; put it between {block} and ```"
            raise Fault(Rule.INCLUDE_PLACE, what)
        target = _TARGET.fullmatch(include["target"])
        if not target:
            name = include["target"].strip()
            what = f"`{name}` is not `topic/name.py` or `topic/name.py:region`; line numbers and addresses rot"
            raise Fault(Rule.INCLUDE_TARGET, what)
        path, name = target["path"], target["region"]
        found = self._file(path, f":{name}" if name else "")
        if (path, name) not in self._closers:
            region = self._region(found, name) if name else None
            self._closers[path, name] = {text.rstrip(): number for number, text in found.text(region)[::-1]}
        if number := self._closers[path, name].get(fence.fence):
            longer = fence.fence + fence.fence[0]
            what = f"{found.shown}:{number} would close this block; open and close the block with {longer}"
            raise Fault(Rule.INCLUDE_FENCE, what)
        self.used.setdefault(path, {})[note] = None
        warns = path.startswith(f"{self.folders.antipatterns}/") and path.endswith(".py") and not found.is_fix(name)
        return fence, ShownSnippet(path, name or "", warns)

    def _region(self, found: SnippetFile, name: str) -> Region:
        if name in found.regions:
            return found.regions[name]
        nearest = Suggester(lambda: {region: region for region in found.regions})(name)
        has = f"its regions are {listing([f'`{r}`' for r in found.regions])}" if found.regions else "it has none"
        raise Fault(Rule.INCLUDE_REGION, f"{found.shown} has no region `{name}`; {did_you_mean(nearest, has)}")

    def _file(self, path: str, region: str) -> SnippetFile:
        """Return the snippet at ``path``, read once in a build; raise `Fault` if it cannot be shown."""
        if path not in self._files:
            self._files[path] = self._load(path, region)
        found = self._files[path]
        if first := found.problem:
            what = f"this include is not followed, since {first.file}:{first.line}: {first.text}"
            raise Fault(Rule.INCLUDE_BROKEN, what)
        return found

    def _load(self, path: str, region: str) -> SnippetFile:
        """Read a snippet; raise `Fault`, with what to write before ``region``, if it must not or cannot be read."""
        top = self.folders.snippets
        plain = posixpath.normpath(path)
        outside = Fault(Rule.INCLUDE_TARGET, f"{path} leads out of {top}/; put the file itself there")
        if plain.startswith(("/", "..")):
            raise outside
        if plain != path:
            raise Fault(Rule.INCLUDE_TARGET, f"{path} is a roundabout path; write {plain}")
        try:
            place = (self.folder / path).resolve(strict=True)
            if not place.is_relative_to(self.folder.resolve()):
                raise outside
            found = regions.load(place, f"{top}/{path}", self.report) if place.is_file() else None
        except (OSError, RuntimeError):  # no such file, a link in a circle, a name that no file system takes
            found = None
        if not found and (of := _printed_by(path)) and (self.folder / f"{of}.py").is_file():
            what = f"{top}/{path} is not kept yet; run `make outputs ONLY={of}`"
            raise Fault(Rule.SNIPPET_OUTPUT_MISSING, what)
        if not found:
            advice = did_you_mean(self._nearest(path), f"write its path from {top}/", f'"{{}}{region}"')
            raise Fault(Rule.INCLUDE_MISSING, f"no file is at {top}/{path}; {advice}")
        return found

    def _names(self) -> dict[str, str]:
        files = (file.relative_to(self.folder) for file in self.folder.rglob("*") if file.is_file())
        names = sorted(file.as_posix() for file in files if "__pycache__" not in file.parts)
        return dict(zip(names, names, strict=True))


def _printed_by(path: str) -> str:
    """Return the name of the snippet that prints the output at ``path``, `name.out` or `name.server.out`."""
    folder, _, name = path.rpartition("/")
    return posixpath.join(folder, name.partition(".")[0]) if name.endswith(".out") else ""


def _is_typed(lines: list[str], content: Iterable[int]) -> bool:
    """Tell whether a block has a line that is neither empty nor an include."""
    return any(lines[index].strip(" \t>") and not _MEANT.match(lines[index]) for index in content)


def _why_not(line: str, fence: fences.Fence | None) -> Fault:
    if line != line.rstrip():
        return Fault(Rule.INCLUDE_SYNTAX, "spaces after an include print it instead; remove them")
    if ">" in line[: line.index("8")] or (fence and ">" in fence.prefix):
        return Fault(Rule.INCLUDE_PLACE, "an include in a quotation is not followed; move it out of the `>` lines")
    return Fault(Rule.INCLUDE_SYNTAX, 'is not an include; write `--8<-- "topic/name.py:region"`, one on each line')
