"""Markup that readers would see as it was typed, since Markdown could make nothing of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from garden.markdown import excerpt
from garden.markdown.document import GardenMarkdown
from garden.model.reference import Fault
from garden.model.rules import Rule
from garden.source import fences

# In the text that is searched: what is no text as it was typed, and where a block begins or ends.
_OTHER, _BLOCK = "\x1a", "\x1d"
_STASHED = re.compile("\x02[^\x02\x03]*\x03")
_WHOLE = re.compile(rf"[^\s{_OTHER}]+")
_SIGNS = ("%%", "**", "`", "](", "] (", "][")
_PATH = r"(?:(?:https?|mailto):|\.{0,2}/|#)[^\s()]+|[^\s()]+\.[a-z]{2,4}(?:#[^\s()]*)?"
_LEFT = (
    (
        r"%%",
        Rule.COMMENT_UNCLOSED,
        "`%%` begins a comment that is never closed, and readers see it; end it with %%, or write \\%%",
    ),
    (
        r"(?<!\*)\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?!\*)",
        Rule.MARKUP_UNCLOSED,
        "`**` is shown as it is typed; close what is bold with another, put code between backticks, or write \\*\\*",
    ),
    (r"`+", Rule.MARKUP_UNCLOSED, "a backtick without another is shown as it is typed; close the code, or write \\`"),
    (
        rf"\] \((?:{_PATH})\)",
        Rule.LINK_SYNTAX,
        "a link with a blank in its middle is shown as it is typed; write [text](address)",
    ),
    (
        rf"\]\([^(){_OTHER}]*$",
        Rule.LINK_SYNTAX,
        "a link without its end is shown as it is typed; write [text](address)",
    ),
    (
        r"(?<!\w)\[[^\[\]]+\]\[(?P<reference>[^\[\]]+)\]",
        Rule.LINK_REFERENCE,
        "no reference is called `{0}`; write `[{0}]: address` below, or [text](address) here",
    ),
)
_ANY = re.compile("|".join(f"(?P<_{number}>{pattern})" for number, (pattern, _, _) in enumerate(_LEFT)))
# Each is looked for in the source. Who has so many of them, mends some and looks again.
_MOST = 100


@dataclass(frozen=True, slots=True)
class _Unparsed:
    """What is left of markup: the rule, what to say of it, the sign, and the line of text in which it stands."""

    rule: Rule
    what: str
    sign: str
    line: str


class UnparsedMarkup(Treeprocessor):
    """Runs when inline markup has been read, and before escapes are undone."""

    md: GardenMarkdown

    def run(self, root: Element) -> None:
        """Tell what is left; of a note that is shown in another, it is told where it stands."""
        note = self.md.document.note
        if note.generated or self.md.document.part is not None:
            return
        text = "".join(_flat(root))
        if not any(sign in text for sign in _SIGNS):
            return
        lines = fences.blanked(note.body.split("\n"))
        after: dict[_Unparsed, int] = {}
        for left in islice(_found(text), _MOST):
            index = _place(lines, left, after.get(left, -1) + 1)
            # What stands in no line is from a block that is never closed, and that is told.
            if index is not None:
                after[left] = index
                self.md.document.add_problem(Fault(left.rule, left.what), note.first_line + index)


def _flat(root: Element) -> Iterator[str]:
    """Yield the text of a tree line by line as it was typed, in a loop, since nesting is the author's."""
    stack: list[tuple[Element, bool]] = [(root, True)]
    while stack:
        element, begins = stack.pop()
        edge = _BLOCK if element.tag in excerpt.BLOCKS else "\n" if element.tag == "br" else _OTHER
        yield edge
        if not begins:
            yield _typed(element.tail)
        elif _is_text(element):
            yield _typed(element.text)
            stack.append((element, False))
            stack += [(child, True) for child in reversed(element)]
        else:
            yield _typed(element.tail)


def _is_text(element: Element) -> bool:
    """Tell whether what an element holds was typed as text, and is shown so."""
    address = element.tag == "a" and "://" in (element.text or "")
    return not (element.tag in ("code", "pre", "script") or address or excerpt.hidden(element))


def _typed(text: str | None) -> str:
    return _OTHER if isinstance(text, AtomicString) else _STASHED.sub(_OTHER, text or "")


def _found(text: str) -> Iterator[_Unparsed]:
    for block in text.split(_BLOCK):
        lines = block.split("\n")
        for line in lines:
            said = set()
            for found in _ANY.finditer(line):
                _, rule, what = _LEFT[int(str(found.lastgroup)[1:])]
                if name := found["reference"]:
                    what = what.format(name)
                if what not in said:
                    said.add(what)
                    yield _Unparsed(rule, what, found[0], line)


def _place(lines: list[str], left: _Unparsed, start: int) -> int | None:
    """Return the index of the line in which something is left, from ``start`` on; None if there is none."""
    alone, parts = left.line.strip(), _WHOLE.findall(left.line)
    ways: tuple[Callable[[str], bool], ...] = (
        lambda line: line.strip(" \t>") == alone,
        lambda line: _has(line, parts),
        lambda line: left.sign in line,
    )
    return next(
        (index for fits in ways for index, line in enumerate(lines[start:], start) if fits(line)),
        None,
    )


def _has(line: str, parts: list[str]) -> bool:
    place = 0
    for part in parts:
        place = line.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True
