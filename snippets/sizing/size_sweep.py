# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["psycopg[binary]>=3.1", "psycopg-pool>=3.2"]
# ///
"""Sweep the size of the pool.

The same threads send the same statements through pools of different sizes. Use it with your own
statements and as many threads as you run: where the throughput stops growing is your knee.
The pool is psycopg's own, because it serves threads in the order in which they came. Do not sweep
with one that lets a thread overtake those that wait, as SQLAlchemy's does: you would measure luck.
If you name a file, it sweeps more sizes, for a minute, and writes what it finds there as JSON.

Servers: PostgreSQL. `DATABASE_URL` names it.
"""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

# --8<-- [start:statements]
STATEMENTS = {
    "waiting": "SELECT pg_sleep(0.005)",
    "mixed": "SELECT pg_sleep(0.002), sum(number) FROM generate_series(1, 5000) number",
    "hot row": "UPDATE demo_counter SET number = number + 1",
}
# --8<-- [end:statements]


@dataclass
class Point:
    """What a sweep finds for one size; p99 is of the time with a connection, not of the wait for it."""

    size: int
    throughput: float
    p99: float


# --8<-- [start:sweep]
def measure(pool: ConnectionPool[Any], statement: str, threads: int, lasts: float) -> Point:
    """Let the threads send a statement over and over, for so many seconds; each at least once."""
    seconds: list[float] = []
    started = perf_counter()

    def client(_: int) -> None:
        while True:
            with pool.connection() as connection:
                begun = perf_counter()
                connection.execute(statement)
                seconds.append(perf_counter() - begun)
            if perf_counter() > started + lasts:
                return

    with ThreadPoolExecutor(threads) as clients:
        list(clients.map(client, range(threads)))
    throughput = len(seconds) / (perf_counter() - started)
    return Point(pool.min_size, throughput, sorted(seconds)[ceil(0.99 * len(seconds)) - 1])


def sweep(url: str, sizes: Sequence[int], threads: int, lasts: float) -> dict[str, list[Point]]:
    """Return for each statement, and for each size, the median of three rounds."""
    url = "postgresql://" + url.partition("://")[2]  # Without the name of SQLAlchemy's driver.
    options = {"autocommit": True}  # Each statement is its own transaction: one round trip.
    rounds: dict[str, list[list[Point]]] = {name: [] for name in STATEMENTS}
    with psycopg.connect(url, autocommit=True) as connection, ExitStack() as stack:
        try:
            connection.execute("CREATE TABLE demo_counter AS SELECT 0 AS number")
        except psycopg.errors.DuplicateTable:
            sys.exit("table demo_counter exists, and the demo would drop it: point DATABASE_URL at an empty database")
        stack.callback(connection.execute, "DROP TABLE demo_counter")
        pools = [ConnectionPool(url, min_size=size, kwargs=options, open=True) for size in sizes]
        for pool in pools:
            stack.enter_context(pool).wait()  # Until it has all its connections.
        for _ in range(3):  # In turns, so that what else the machine does slows all of them.
            for name, statement in STATEMENTS.items():
                rounds[name].append([measure(pool, statement, threads, lasts) for pool in pools])
    return {name: [middle(points) for points in zip(*rounds[name], strict=True)] for name in rounds}
# --8<-- [end:sweep]


def middle(points: Sequence[Point]) -> Point:
    """Return the medians of what was found for one size."""
    throughput, p99 = median(one.throughput for one in points), median(one.p99 for one in points)
    return Point(points[0].size, throughput, p99)


def demo() -> None:
    """Tell what 16 connections do, as multiples of what one does; or write the records of a sweep."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    if sys.argv[1:]:
        found = sweep(url, sizes=(1, 2, 4, 8, 16, 32), threads=32, lasts=1.0)
        records = {name: [vars(point) for point in found[name]] for name in found}
        Path(sys.argv[1]).write_text(json.dumps(records), encoding="utf-8")
        return
    gain = {}
    for name, (one, many) in sweep(url, sizes=(1, 16), threads=16, lasts=0.3).items():
        gain[name] = many.throughput / one.throughput
        print(f"{name}: {gain[name]:.1f} times the throughput, {many.p99 / one.p99:.1f} times the p99")
    print(f"waiting gains more than the hot row: {gain['waiting'] > gain['hot row']}")


if __name__ == "__main__":
    demo()
