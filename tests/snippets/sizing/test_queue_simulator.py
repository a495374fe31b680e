"""The simulated queue obeys Little's law, and waits for as long as Erlang's formula says."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from functools import cache
from inspect import signature
from itertools import pairwise
from math import exp, log
from random import Random
from statistics import mean

import pytest

from snippets.sizing import queue_simulator
from snippets.sizing.littles_law import littles_law
from snippets.sizing.queue_simulator import Request, present, slowest

# Each is simulated once, and nobody changes it.
simulate = cache(queue_simulator.simulate)


def waits_at_all(connections: int, use: float) -> float:
    """Return the share of requests that wait, as Erlang's formula has it ("Erlang C")."""
    offered, blocked = connections * use, 1.0
    for number in range(1, connections + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - use * (1 - blocked))


def p99(connections: int, use: float) -> float:
    """Return the wait that one request in a hundred exceeds."""
    return max(0.0, log(100 * waits_at_all(connections, use)) / (connections * (1 - use)))


@pytest.mark.parametrize("connections", [1, 5, 20])
@pytest.mark.parametrize("use", [0.5, 0.8])
def test_littles_law(connections: int, use: float) -> None:
    served = simulate(connections, use)
    rate = len(served) / served[-1].asked
    # Present is who holds or waits: counted at moments that have nothing to do with the requests.
    stay = mean(one.ended - one.asked for one in served)
    assert present(served) == pytest.approx(rate * stay, rel=0.05)
    assert queue_simulator.littles_law(served) == pytest.approx(rate * stay)
    # The law holds for a part as well: for the connections, where a request is while it holds one.
    holding = [Request(one.begun, one.begun, one.ended) for one in served]
    held = mean(one.ended - one.begun for one in served)
    in_use = littles_law(rate=rate, held_ms=held * 1000, target=99, connections=connections).in_use
    assert present(holding) == pytest.approx(in_use, rel=0.05)
    assert in_use == pytest.approx(connections * use, rel=0.05)


@pytest.mark.parametrize("connections", [1, 5, 20])
@pytest.mark.parametrize("use", [0.5, 0.8])
def test_the_waits_are_those_of_the_formula(connections: int, use: float) -> None:
    served = simulate(connections, use)
    waits = [one.begun - one.asked for one in served]
    share = waits_at_all(connections, use)
    assert mean(wait > 0 for wait in waits) == pytest.approx(share, rel=0.1, abs=0.005)
    assert mean(waits) == pytest.approx(share / (connections * (1 - use)), rel=0.2, abs=0.01)
    assert slowest(served, 99) == pytest.approx(p99(connections, use), rel=0.15, abs=0.01)
    # Exponentially distributed, for those that wait.
    assert mean(wait > 1.0 for wait in waits) == pytest.approx(share * exp(-connections * (1 - use)), rel=0.2, abs=0.01)


def test_at_four_fifths_the_p99_of_the_wait_is_a_multiple_of_the_hold_time_in_a_small_pool() -> None:
    found = {connections: slowest(simulate(connections, 0.8), 99) for connections in (1, 5, 20)}
    assert found[1] > 15
    assert found[5] > 3
    assert found[20] < 1


def test_the_wait_grows_faster_than_the_use() -> None:
    waits = [slowest(simulate(5, use), 99) for use in (0.5, 0.7, 0.8, 0.9)]
    fifth, tenth, last = (later - earlier for earlier, later in pairwise(waits))
    assert 0 < fifth < last
    assert 0 < tenth < last


def test_one_large_pool_waits_less_than_several_small_ones_at_the_same_use() -> None:
    assert slowest(simulate(20, 0.8), 99) < slowest(simulate(5, 0.8), 99) < slowest(simulate(1, 0.8), 99)


def test_a_small_pool_at_half_use_waits_longer_than_a_large_one_at_nine_tenths() -> None:
    assert slowest(simulate(2, 0.5), 99) > slowest(simulate(20, 0.9), 99)
    assert p99(2, 0.5) > p99(20, 0.9)


@pytest.mark.parametrize("connections", [1, 5])
def test_no_more_at_once_than_connections_and_in_order(connections: int) -> None:
    served = simulate(connections, 0.9, requests=2_000)
    assert len(served) == 2_000
    assert all(one.asked <= one.begun < one.ended for one in served)
    assert [one.begun for one in served] == sorted(one.begun for one in served)
    begun, ended = (sorted(times) for times in zip(*((one.begun, one.ended) for one in served), strict=True))
    # The one that is so many later begins when the first of those before it has ended.
    assert all(later >= earlier for earlier, later in zip(ended, begun[connections:], strict=False))
    # Nobody waits while a connection is free.
    waiting = [index for index, one in enumerate(served) if one.begun > one.asked]
    assert waiting
    assert all(served[index].begun in set(ended) for index in waiting)


def test_the_same_on_every_run() -> None:
    assert (len(simulate(1, 0.5)), signature(present).parameters["looks"].default) == (50_000, 10_000)
    chance = Random(3)
    asked, held = chance.expovariate(2 * 0.5), chance.expovariate(1.0)
    [first] = simulate(2, 0.5, requests=1)
    assert first == Request(asked, asked, asked + held)
    with pytest.raises(FrozenInstanceError):
        first.asked = 0.0  # type: ignore[misc]
    assert queue_simulator.simulate(3, 0.8, 500) == queue_simulator.simulate(3, 0.8, 500)


def test_who_is_present() -> None:
    # One is there for the first half, another for all of the time until the last has asked.
    served = [Request(0.0, 0.0, 5.0), Request(0.0, 5.0, 20.0), Request(10.0, 20.0, 21.0)]
    assert present(served, looks=10) == pytest.approx(1.5)
    assert present(served, looks=1) == 1.0  # In the middle; who leaves there, has left.
    assert present(served) == pytest.approx(1.5, abs=0.001)


def test_the_slowest() -> None:
    served = [Request(1.0, 1.0 + wait, 500.0) for wait in range(100, 0, -1)]
    assert (slowest(served, 99), slowest(served, 100), slowest(served, 1)) == (99.0, 100.0, 1.0)
    assert slowest(served[:10], 99) == 100.0


@pytest.mark.parametrize(
    ("connections", "use", "requests"), [(0, 0.5, 1), (1, 0.0, 1), (1, 1.0, 1), (1, float("nan"), 1), (1, 0.5, 0)]
)
def test_it_says_what_it_does_not_take(connections: int, use: float, requests: int) -> None:
    text = "at least one connection and one request, and a use between 0 and 1"
    with pytest.raises(ValueError, match=f"^{text}$"):
        simulate(connections, use, requests)
    assert len(simulate(1, 0.5, requests=1)) == 1
