# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""A connection per request, one for everybody, or a pool: measured.

Eight threads send statements of 10 ms, so that there is something to wait for, as in a service.
With statements that take no time, one global connection looks as good as a pool.
Use it to see the order of the three on your own server; not to predict a service's throughput.

Servers: PostgreSQL. `DATABASE_URL` names it.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import perf_counter

from sqlalchemy import Connection, Engine, NullPool, create_engine, text

THREADS = 8
SLEEP = text("SELECT pg_sleep(:wait)")


# --8<-- [start:ways]
def on_its_own(engine: Engine, wait: float) -> Callable[[], None]:
    """Serve each request on a connection of its own: a new one (NullPool), or one from a pool."""

    def request() -> None:
        with engine.connect() as connection:
            connection.execute(SLEEP, {"wait": wait})

    return request


def on_one_for_all(connection: Connection, wait: float) -> Callable[[], None]:
    """Serve all requests on one connection. It runs one statement at a time: the others queue."""
    lock = Lock()

    def request() -> None:
        with lock:
            connection.execute(SLEEP, {"wait": wait})

    return request
# --8<-- [end:ways]


# --8<-- [start:measure]
def seconds(request: Callable[[], None], requests: int) -> float:
    """Return how long the threads take to serve so many requests."""
    with ThreadPoolExecutor(THREADS) as threads:
        started = perf_counter()
        for served in [threads.submit(request) for _ in range(requests)]:
            served.result()
        return perf_counter() - started


def compare(url: str, wait: float = 0.01, requests: int = 64) -> dict[str, float]:
    """Return how long each way takes for statements of `wait` seconds; 1.0 is the pool's time."""
    unpooled = create_engine(url, poolclass=NullPool)
    engine = create_engine(url, pool_size=THREADS, max_overflow=0)
    with unpooled.connect() as connection:
        ways = {
            "pooled": on_its_own(engine, wait),
            "per request": on_its_own(unpooled, wait),
            "one global": on_one_for_all(connection, wait),
        }
        seconds(ways["pooled"], requests)  # Fill the pool: a service connects once, then runs.
        spent = dict.fromkeys(ways, 0.0)
        for _ in range(3):  # In turns, so that what else the machine does slows all three.
            for name, request in ways.items():
                spent[name] += seconds(request, requests)
    engine.dispose()
    return {name: spent[name] / spent["pooled"] for name in ways}
# --8<-- [end:measure]


def demo() -> None:
    """Print how much longer than the pool the other two ways take."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    times = compare(url)
    for name, least in {"per request": 1, "one global": 2}.items():
        verdict = f"more than {least}: {times[name] > least}"
        print(f"{name} takes {times[name]:.1f} times as long as the pool ({verdict})")


if __name__ == "__main__":
    demo()
