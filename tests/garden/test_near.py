"""The navigation beside a page shows what is near it, and as much in a long list as in a short one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from garden.near import MOST, Near, finder


@dataclass(eq=False)
class Entry:
    name: str
    children: list[Entry] | None = field(default=None)


def names(near: Near[Entry]) -> tuple[str, list[str], str]:
    before, after = near.before, near.after
    return before.name if before else "", [entry.name for entry in near.shown], after.name if after else ""


def entries(count: int) -> list[Entry]:
    return [Entry(str(number)) for number in range(count)]


@pytest.mark.parametrize("place", [0, 7, MOST - 1])
def test_a_short_list_is_shown_whole(place: int) -> None:
    given = entries(MOST)
    assert names(finder(given)(given, given[place])) == ("", [str(number) for number in range(MOST)], "")


@pytest.mark.parametrize(
    ("place", "before", "first", "after"),
    [(0, "", 0, "15"), (7, "", 0, "15"), (8, "0", 1, "16"), (100, "92", 93, "108"), (199, "184", 185, "")],
)
def test_of_a_long_list_it_shows_what_is_near(place: int, before: str, first: int, after: str) -> None:
    given = entries(200)
    shown = [str(number) for number in range(first, first + MOST)]
    assert names(finder(given)(given, given[place])) == (before, shown, after)


def test_in_sections_too() -> None:
    given = [Entry("alone"), Entry("section", entries(40))]
    inner = given[1].children
    assert inner
    assert names(finder(given)(inner, inner[39]))[1][-1] == "39"


def test_without_an_entry_it_shows_the_beginning() -> None:
    given = entries(20)
    assert names(finder(given)(given, None)) == ("", [str(number) for number in range(MOST)], "15")
    assert names(finder(given)(given, Entry("elsewhere")))[1][0] == "0"
