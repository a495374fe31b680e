# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Requests in line for a pool, simulated.

The simplest queue there is: requests come at random, each holds a connection for a random time, and
the pool serves them in order ("M/M/c"). Time counts in hold times: 1.0 is the average.
Use it to get a feeling for how use turns into waiting. Not for your own numbers: real requests come
in bursts, and slow down with the database. `sizing/sweep_player.py` simulates what is behind the pool.

Servers: SQLite. None is needed.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace
from math import ceil
from random import Random


@dataclass(frozen=True)
class Request:
    """When a request asked for a connection, when it got one, and when it gave it back."""

    asked: float
    begun: float
    ended: float


# --8<-- [start:simulate]
def simulate(connections: int, use: float, requests: int = 50_000) -> list[Request]:
    """Let requests come so fast that `use` of the connections are in use on average: 0.8 for four fifths."""
    if connections < 1 or not 0 < use < 1 or requests < 1:
        raise ValueError("at least one connection and one request, and a use between 0 and 1")
    chance = Random(3)  # noqa: S311  Not for secrets; the same on every run.
    now, served = 0.0, []
    free = [0.0] * connections  # When each of them is given back; the first is the next.
    for _ in range(requests):
        now += chance.expovariate(connections * use)
        begun = max(now, free[0])
        served.append(Request(now, begun, begun + chance.expovariate(1.0)))
        heapreplace(free, served[-1].ended)
    return served
# --8<-- [end:simulate]


# --8<-- [start:look]
def present(served: Sequence[Request], looks: int = 10_000) -> float:
    """Look at the pool so many times; return how many requests hold a connection or wait, on average."""
    asked, ended = sorted(one.asked for one in served), sorted(one.ended for one in served)
    moments = [asked[-1] * (look + 0.5) / looks for look in range(looks)]
    return sum(bisect_right(asked, moment) - bisect_right(ended, moment) for moment in moments) / looks


def littles_law(served: Sequence[Request]) -> float:
    """Return the rate at which requests come, times the time that each stays, on average."""
    return len(served) / served[-1].asked * (sum(one.ended - one.asked for one in served) / len(served))


def slowest(served: Sequence[Request], percent: int) -> float:
    """Return the wait that so many percent of the requests do not exceed."""
    waits = sorted(one.begun - one.asked for one in served)
    return waits[ceil(len(waits) * percent / 100) - 1]
# --8<-- [end:look]


def demo() -> None:
    """Check Little's law, then print how long the slowest hundredth waits, in hold times."""
    served = simulate(connections=5, use=0.8)
    print(f"requests present, looked at:  {present(served):.1f}")
    print(f"rate x time that they stay:   {littles_law(served):.1f}")
    print("the p99 of the wait, in hold times")
    print("connections  50 % used  70 %   80 %   90 %")
    for connections in (1, 5, 20):
        waits = [slowest(simulate(connections, use), 99) for use in (0.5, 0.7, 0.8, 0.9)]
        print(f"{connections:11}  {waits[0]:9.1f}{''.join(f'{wait:7.1f}' for wait in waits[1:])}")


if __name__ == "__main__":
    demo()
