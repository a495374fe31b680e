"""Who gets the connection that comes back: the two ways, as the order in which clients are served."""

from __future__ import annotations

from collections import Counter

import pytest

from snippets.pooling.handoff_simulation import demo, simulate
from tests.snippets.catalog import ROOT


@pytest.mark.parametrize("pause", [0, 1])
def test_what_lies_free_goes_to_who_gave_it_back_and_the_others_get_nothing(pause: int) -> None:
    assert set(simulate(handed=False, pause=pause)) == {"A", "B"}


@pytest.mark.parametrize("pause", [3, 4, 10, 20])
def test_unless_it_pauses_for_longer_than_a_client_takes_to_wake_up(pause: int) -> None:
    assert simulate(handed=False, pause=pause) == simulate(handed=True, pause=pause)


@pytest.mark.parametrize(("wake", "alike"), [(4, True), (6, False), (9, False)])
def test_it_is_the_pause_against_the_time_to_wake_up_that_counts(wake: int, alike: bool) -> None:
    assert (len(set(simulate(handed=False, pause=5, wake=wake))) == 6) is alike


@pytest.mark.parametrize("pause", [0, 1, 3, 20])
def test_what_is_handed_on_goes_round(pause: int) -> None:
    order = simulate(handed=True, pause=pause)
    assert order == ("ABCDEF" * len(order))[: len(order)]


@pytest.mark.parametrize(("connections", "served"), [(1, "A"), (2, "AB"), (5, "ABCDE"), (6, "ABCDEF"), (7, "ABCDEF")])
def test_as_many_are_served_as_there_are_connections(connections: int, served: str) -> None:
    assert "".join(sorted(set(simulate(False, 0, connections=connections)))) == served


def test_handing_on_costs_the_time_to_wake_up() -> None:
    assert len(simulate(False, 0, hold=10, wake=2, until=1200)) == 2 * 1200 / 10
    assert len(simulate(True, 0, hold=10, wake=2, until=1200)) == 2 * 1200 / (10 + 2)


def test_a_client_holds_and_pauses_for_as_long_as_told() -> None:
    nobody_waits = simulate(False, pause=30, hold=10, connections=6, until=200)
    assert Counter(nobody_waits) == dict.fromkeys("ABCDEF", 200 / (30 + 10))


def test_it_begins_at_zero_and_ends_before_the_time_that_is_told() -> None:
    assert simulate(True, 0, hold=10, connections=6, until=10) == "ABCDEF"
    assert simulate(True, 0, hold=10, connections=6, until=11) == "ABCDEF" * 2


def test_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    demo()
    kept = ROOT / "snippets" / "pooling" / "handoff_simulation.out"
    assert capsys.readouterr().out == kept.read_text(encoding="utf-8")
