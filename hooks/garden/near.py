"""The part of a list that is shown beside a page: what stands near it, so that no page grows with the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

# As many as are read at a glance.
MOST = 15


class Entry(Protocol):
    """An entry of the navigation: a page, or a section with entries of its own."""

    @property
    def children(self) -> Sequence[Entry] | None:
        """The entries of a section, None for a page."""


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Near(Generic[E]):
    """What is shown of a list, and the entry that stands before and after it; None where the list ends."""

    before: E | None
    shown: Sequence[E]
    after: E | None


def finder(entries: Iterable[Entry]) -> Callable[[Sequence[E], E | None], Near[E]]:
    """Return the function that finds what is near an entry in its list, for all lists below ``entries``.

    It looks places up that were noted once, so that a page costs the same in a list of ten and of a thousand.
    """
    places: dict[int, int] = {}
    lists = [list(entries)]
    for found in lists:
        places.update((id(entry), place) for place, entry in enumerate(found))
        lists += [list(entry.children) for entry in found if entry.children]

    def near(entries: Sequence[E], entry: E | None) -> Near[E]:
        place = places.get(id(entry), 0)
        first = max(0, min(place - MOST // 2, len(entries) - MOST))
        shown = entries[first : first + MOST]
        before = entries[first - 1] if first else None
        return Near(before, shown, entries[first + MOST] if first + MOST < len(entries) else None)

    return near
