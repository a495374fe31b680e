"""The headings of a page, and which of them a link means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Set
from dataclasses import dataclass

from garden.links.names import key
from garden.model.reference import Fault
from garden.model.rules import Rule
from garden.source.suggest import SHOWN, Suggester, did_you_mean, listing

_LOOSE = re.compile(r"[\W_]+")
_SIGNS = re.compile(r"[\[\]|#]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the page."""

    level: int
    text: str
    ident: str


@dataclass(frozen=True, slots=True)
class _Answer:
    ident: str = ""
    fault: tuple[Rule, str] | None = None


class Outline:
    """The headings of one page in their order."""

    def __init__(self, headings: list[Heading], ids: Set[str]) -> None:
        """``ids`` are the ids of the page, those of the headings among them."""
        self._headings = headings
        self._ends = _ends(headings)
        self._exact: dict[str, list[int]] = {}
        self._loose: dict[str, list[int]] = {}
        for index, heading in enumerate(headings):
            self._exact.setdefault(key(heading.text), []).append(index)
            self._loose.setdefault(_loose(heading.text), []).append(index)
        self._ids = ids
        self._answers: dict[tuple[tuple[str, ...], str], _Answer] = {}
        self._nearest_text = Suggester(lambda: {_loose(heading.text): _written(heading.text) for heading in headings})
        self._nearest_ident = Suggester(lambda: {key(heading.ident): heading.ident for heading in headings})

    def find(self, chain: tuple[str, ...], name: str) -> str:
        """Return the id of the heading that ``chain`` names, each under the one before it; an id will do as well.

        Raises `Fault` if there is none, or more than one. ``name`` is how messages call the note in a link; empty if
        the link stands in the note itself.
        """
        answer = self._answers.get((chain, name)) or self._answers.setdefault((chain, name), self._answer(chain, name))
        if answer.fault:
            raise Fault(*answer.fault)
        return answer.ident

    def _answer(self, chain: tuple[str, ...], name: str) -> _Answer:
        # A heading may hold a `#` of its own.
        found = self._search(chain) or self._search((" ".join(chain),))
        if not found and len(chain) == 1 and chain[0] in self._ids:
            return _Answer(ident=chain[0])
        if not found:
            return _Answer(fault=(Rule.HEADING_MISSING, self._none(chain, name)))
        if len(found) > 1:
            return _Answer(fault=(Rule.HEADING_AMBIGUOUS, self._several(found, chain[-1], name)))
        return _Answer(ident=self._headings[found[0]].ident)

    def _search(self, chain: tuple[str, ...]) -> list[int]:
        found: list[int] = []
        sections = [(0, len(self._headings))]
        for wanted in chain:
            # A section in a section of the same name is found twice.
            found = sorted({index for start, end in sections for index in self._matching(wanted, start, end)})
            sections = self._sections(found)
        return found

    def _sections(self, found: list[int]) -> list[tuple[int, int]]:
        return [(index + 1, self._ends[index]) for index in found]

    def no_ident(self, ident: str, name: str) -> Fault:
        """Return what is wrong with an address that ends in an id which is not in the page."""
        known = _known(self._headings, lambda heading: f"#{heading.ident}")
        advice = did_you_mean(self._nearest_ident(key(ident)), known, "`#{}`")
        return Fault(Rule.HEADING_MISSING, f"{display_name(name)} has no #{ident}; {advice}")

    def _matching(self, wanted: str, start: int, end: int) -> list[int]:
        for index, spelling in ((self._exact, key(wanted)), (self._loose, _loose(wanted))):
            found = index.get(spelling, []) if spelling else []
            if inside := found[bisect_left(found, start) : bisect_left(found, end)]:
                return inside
        return []

    def _none(self, chain: tuple[str, ...], name: str) -> str:
        depth = next(depth for depth in range(len(chain)) if not self._search(chain[: depth + 1]))
        above, wanted = chain[:depth], chain[depth]
        where = "#".join((name, *above))
        if close := self._nearest_text(_loose(wanted)):
            path = (*above, close) if self._search((*above, close)) else self._path(self._loose[_loose(close)][0])
            advice = f"did you mean [[{'#'.join((name, *path))}]]?"
        else:
            sections = self._sections(self._search(above)) if above else [(0, len(self._headings))]
            inside = [heading for start, end in sections for heading in self._headings[start:end]]
            advice = _known(inside, lambda heading: f"“{heading.text}”")
        return f"{display_name(where)} has no heading “{wanted}”; {advice}"

    def _several(self, found: list[int], wanted: str, name: str) -> str:
        paths = [self._path(index) for index in found[:SHOWN]]
        if [self._search(path) for path in paths] == [[index] for index in found]:
            advice = "write " + " or ".join(f"[[{'#'.join((name, *path))}]]" for path in paths)
        else:
            advice = f"rename one, or end it with an id such as {{#another}} and write [[{name}#another]]"
        return f"{display_name(name)} has {len(found)} headings “{wanted}”; {advice}"

    def _path(self, index: int) -> tuple[str, ...]:
        """Return a heading's text after those that it stands under, without the page's title."""
        heading = self._headings[index]
        path, level = [_written(heading.text)], heading.level
        while index and level > 2:
            index -= 1
            above = self._headings[index]
            if 1 < above.level < level:
                path.append(_written(above.text))
                level = above.level
        return tuple(reversed(path))


def _ends(headings: list[Heading]) -> list[int]:
    """Return for each heading the index of the one that ends its section."""
    ends = [len(headings)] * len(headings)
    open_at: list[int] = []
    for index, heading in enumerate(headings):
        while open_at and headings[open_at[-1]].level >= heading.level:
            ends[open_at.pop()] = index
        open_at.append(index)
    return ends


def _known(headings: list[Heading], show: Callable[[Heading], str]) -> str:
    return f"its headings are {listing(headings, show)}" if headings else "it has no headings"


def display_name(name: str) -> str:
    """Return how a message calls a note."""
    return f"[[{name}]]" if name else "this note"


def _written(text: str) -> str:
    """Return a heading as it may stand in a link."""
    return " ".join(_SIGNS.sub(" ", text).split())


def _loose(text: str) -> str:
    return _LOOSE.sub(" ", key(text)).strip()
