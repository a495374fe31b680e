# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""A sweep of the pool size, simulated and drawn.

It assumes: a client asks again as soon as it is served; the pool serves in order; a statement waits
first, without needing a core, then computes on one, in order of arrival; both times vary at random
(exponentially); sharing costs nothing, so a real server does worse beyond the knee.
Use it to learn the shape of a sweep, not to size your own pool: measure that, and name the file of
JSON that size_sweep.py wrote; then this draws it.

Servers: SQLite. None is needed.
"""

import json
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import ceil
from pathlib import Path
from random import Random


@dataclass
class Statement:
    """When a client asked for a connection, when it got one, and when it was served."""

    asked: float
    begun: float = 0.0
    ended: float = 0.0


# --8<-- [start:simulate]
def simulate(
    size: int, wait: float, compute: float, cores: int = 2, clients: int = 32, served: int = 20_000
) -> list[Statement]:
    """Serve so many statements with a pool of that size; `wait` and `compute` are mean times."""
    chance = Random(1)  # noqa: S311  Not for secrets; the same on every run.
    now, connections, order = 0.0, size, count()
    line = deque(Statement(asked=now) for _ in range(clients))  # Those that want a connection.
    ready = deque[Statement]()  # Those that have one, and want a core.
    events: list[tuple[float, int, bool, Statement]] = []  # The ends of waiting and of computing.
    done: list[Statement] = []

    def begin(computing: bool, statement: Statement) -> None:
        end = now + chance.expovariate(1.0) * (compute if computing else wait)
        heappush(events, (end, next(order), computing, statement))

    while len(done) < served:
        while line and connections:
            connections, line[0].begun = connections - 1, now
            begin(False, line.popleft())
        while ready and cores:
            cores -= 1
            begin(True, ready.popleft())
        now, _, computing, statement = heappop(events)
        if computing:
            cores, connections, statement.ended = cores + 1, connections + 1, now
            done.append(statement)
            line.append(Statement(asked=now))
        else:
            ready.append(statement)
    return done
# --8<-- [end:simulate]


@dataclass
class Point:
    """What a sweep finds for one size; p99 is of the time with a connection, not of the wait for it."""

    size: int
    throughput: float
    p99: float


def point(size: int, served: Sequence[Statement]) -> Point:
    """Sum up what a pool of that size has served."""
    times = sorted(statement.ended - statement.begun for statement in served)
    return Point(size, len(times) / served[-1].ended, times[ceil(0.99 * len(times)) - 1])


def bars(points: Sequence[Point]) -> Iterator[str]:
    """Draw a sweep, a line for each size; the numbers are relative to the first."""
    most, longest = max(one.throughput for one in points), max(one.p99 for one in points)
    yield f"size  {'throughput':32} p99 in the database"
    for one in points:
        done = f"{'#' * round(24 * one.throughput / most):24} {one.throughput / points[0].throughput:4.1f}"
        late = f"{'#' * round(24 * one.p99 / longest):24} {one.p99 / points[0].p99:4.1f}"
        yield f"{one.size:4}  {done}    {late}"


def demo() -> None:
    """Draw the sweeps in the file that is named; without one, what three models give."""
    sweeps = {
        name: [Point(**record) for record in records]
        for file in sys.argv[1:]
        for name, records in json.loads(Path(file).read_text(encoding="utf-8")).items()
    } or {
        name: [point(size, simulate(size, wait, compute, cores)) for size in (1, 2, 4, 8, 16, 32)]
        for name, wait, compute, cores in [
            ("waiting only", 1.0, 0.0, 2),
            ("80 % waiting, 2 cores", 0.8, 0.2, 2),
            ("a row that everybody updates, one at a time", 0.0, 1.0, 1),
        ]
    }
    for name, points in sweeps.items():
        print(name, *bars(points), sep="\n")


if __name__ == "__main__":
    demo()
