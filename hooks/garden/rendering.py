"""What one pass over one note yields, beside its HTML."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from .excerpt import Excerpt
from .note import Note
from .targets import Fault, Fragment, Slot

_LOOSE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the page."""

    level: int
    text: str
    ident: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a note links to another: the excerpt, and the id of the link in the page."""

    target: Note
    ident: str
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a note: in a slot, ``line`` lines below its first, or on ``line`` where no slot has it."""

    text: str
    slot: int | None = None
    line: int = 0


@dataclass(slots=True)
class Rendering:
    """The result of one pass over ``note``, or over the ``part`` of it that an embed shows.

    ``slots`` are the links, embeds and queries in the order of their numbers; ``lines`` their lines, 0 unless the text
    was stamped. ``ids`` are the ids of the page.
    """

    note: Note
    part: Fragment | None = None
    slots: list[Slot] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    places: list[Place] = field(default_factory=list)
    html: str = ""

    def add(self, slot: Slot, line: int, fault: str = "") -> int:
        """Number a slot; remember what is wrong with it."""
        self.slots.append(slot)
        self.lines.append(line)
        index = len(self.slots) - 1
        if fault:
            self.findings.append(Finding(fault, index))
        return index

    def ident(self, fragment: Fragment, name: str) -> str:
        """Return the id that ``fragment`` leads to; raise `Fault` if there is none, or more than one.

        ``name`` is how messages call the note in a link; empty if the link stands in the note itself.
        """
        if fragment.ident:
            return self._literal(fragment.ident, name)
        first, last = 0, len(self.headings)
        found: list[int] = []
        for depth, wanted in enumerate(fragment.chain):
            found = self._matching(wanted, first, last)
            if not found and depth == 0 and len(fragment.chain) == 1 and wanted in self.ids:
                return wanted
            if not found:
                raise Fault(self._no_heading(fragment.chain, depth, name))
            if len(found) > 1 and depth == len(fragment.chain) - 1:
                raise Fault(self._ambiguous(found, wanted, name))
            first, last = found[0] + 1, self._section_end(found[0])
        return self.headings[found[0]].ident

    def _literal(self, ident: str, name: str) -> str:
        if ident in self.ids:
            return ident
        if ident.startswith("^"):
            blocks = sorted(i for i in self.ids if i.startswith("^"))
            advice = f"its blocks are {', '.join(blocks)}" if blocks else f"end the block with ` {ident}`"
            raise Fault(f"{_who(name)} has no block {ident}; {advice}")
        known = [heading.ident for heading in self.headings if heading.ident]
        close = difflib.get_close_matches(ident, known, n=1)
        if close:
            advice = f"did you mean #{close[0]}?"
        else:
            advice = f"its headings are {', '.join(f'#{i}' for i in known)}" if known else "it has no headings"
        raise Fault(f"{_who(name)} has no #{ident}; {advice}")

    def _matching(self, wanted: str, first: int, last: int) -> list[int]:
        text = _exact(wanted)
        span = range(first, last)
        found = [i for i in span if _exact(self.headings[i].text) == text]
        if not found and (text := _loose(wanted)):
            found = [i for i in span if _loose(self.headings[i].text) == text]
        return found

    def _section_end(self, index: int) -> int:
        level = self.headings[index].level
        following = range(index + 1, len(self.headings))
        return next((i for i in following if self.headings[i].level <= level), len(self.headings))

    def _no_heading(self, chain: tuple[str, ...], depth: int, name: str) -> str:

        texts = {_loose(h.text): h.text for h in self.headings}
        where = "".join(f"#{part}" for part in chain[:depth])
        close = difflib.get_close_matches(_loose(chain[depth]), texts, n=1)
        if close:
            advice = f"did you mean [[{name}{where}#{texts[close[0]]}]]?"
        elif texts:
            advice = "its headings are " + ", ".join(f"“{text}”" for text in texts.values())
        else:
            advice = "it has no headings"
        return f"{_who(name + where)} has no heading “{chain[depth]}”; {advice}"

    def _ambiguous(self, found: list[int], wanted: str, name: str) -> str:
        paths = [self._path(i) for i in found]
        if len(set(paths)) < len(paths):
            paths = [f"#{self.headings[i].ident}" for i in found]
        spellings = " or ".join(f"[[{name}{path}]]" for path in paths)
        return f"{_who(name)} has {len(found)} headings “{wanted}”; write {spellings}"

    def _path(self, index: int) -> str:
        """Return ``#H1#H2`` for a heading: itself and what it stands under, without the page's title."""
        path = [self.headings[index].text]
        level = self.headings[index].level
        for heading in reversed(self.headings[:index]):
            if 1 < heading.level < level:
                path.append(heading.text)
                level = heading.level
        return "".join(f"#{text}" for text in reversed(path))


def _who(name: str) -> str:
    return f"[[{name}]]" if name else "this note"


def _exact(text: str) -> str:
    return " ".join(text.casefold().split())


def _loose(text: str) -> str:
    return _LOOSE.sub(" ", text.casefold()).strip()
