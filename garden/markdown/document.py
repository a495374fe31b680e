"""What one pass over one note yields, beside its HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markdown import Markdown

from garden.links.headings import Heading, Outline, display_name
from garden.model.note import Note
from garden.model.reference import Fault, Fragment, Mention, Slot
from garden.model.rules import Rule
from garden.source import placeholders
from garden.source.suggest import listing


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a note: in a slot, ``line`` lines below its first, or on ``line`` where no slot has it."""

    rule: Rule
    text: str
    slot: int | None = None
    line: int = 0


@dataclass(slots=True)
class Document:
    """The result of one pass over ``note``, or over the ``part`` of it that an embed shows.

    ``slots`` are the links, embeds and queries in the order of their numbers; ``lines`` their lines, 0 unless the text
    was stamped. ``ids`` are the ids of the page, ``toc`` its headings as MkDocs takes them.
    """

    note: Note
    part: Fragment | None = None
    slots: list[Slot] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    html: str = ""
    toc: list[dict[str, Any]] = field(default_factory=list)
    _outline: Outline | None = None
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, slot: Slot, line: int, fault: Fault | None = None) -> int:
        """Number a slot; remember what is wrong with it."""
        self.slots.append(slot)
        self.lines.append(line)
        index = len(self.slots) - 1
        if fault:
            self.add_slot_problem(index, fault)
        return index

    def line(self, index: int) -> int:
        """Return the line of a slot; 0 if it is not known."""
        return self.lines[index] if index < len(self.lines) else 0

    def index(self, text: str) -> int | None:
        """Return the number of the slot that ``text`` stands for, or None if it stands for none."""
        return (
            int(found[1]) if placeholders.SLOT_OPEN in text and (found := placeholders.SLOT.fullmatch(text)) else None
        )

    def add_slot_problem(self, index: int, fault: Fault, line: int = 0) -> None:
        """Remember what is wrong with a slot, ``line`` lines below its first."""
        self.findings.append(Finding(fault.rule, str(fault), index, line))

    def add_problem(self, fault: Fault, line: int) -> None:
        """Remember what is wrong in a line of the note where no slot is."""
        self.findings.append(Finding(fault.rule, str(fault), line=line))

    def discard(self, fault: Fault) -> None:
        """Forget what was read of a note that cannot be rendered."""
        for read in (self.slots, self.lines, self.findings, self.headings, self.mentions):
            read.clear()
        self.ids.clear()
        self.add_problem(fault, self.note.first_line)

    def unused(self, base: str) -> str:
        """Return an id that begins with ``base`` and that the page does not have; it has it from now on."""
        count = self._counts.get(base, 0) + 1
        while (ident := base if count == 1 else f"{base}:{count}") in self.ids:
            count += 1
        self._counts[base] = count
        self.ids.add(ident)
        return ident

    def ident(self, fragment: Fragment, name: str) -> str:
        """Return the id that ``fragment`` leads to; raise `Fault` if there is none, or more than one.

        ``name`` is how messages call the note in a link; empty if the link stands in the note itself.
        """
        if fragment.ident and fragment.ident in self.ids:
            return fragment.ident
        if fragment.ident.startswith("^"):
            blocks = sorted(ident for ident in self.ids if ident.startswith("^"))
            advice = f"its blocks are {listing(blocks)}" if blocks else f"end the block with ` {fragment.ident}`"
            raise Fault(Rule.BLOCK_MISSING, f"{display_name(name)} has no block {fragment.ident}; {advice}")
        if self._outline is None:
            self._outline = Outline(self.headings, self.ids)
        if fragment.ident:
            raise self._outline.no_ident(fragment.ident, name)
        return self._outline.find(fragment.chain, name)


class GardenMarkdown(Markdown):
    """Python-Markdown that knows which document it is reading. `Converter` sets it before each."""

    document: Document
