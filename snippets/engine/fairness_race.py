# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1", "psycopg-pool>=3.2"]
# ///
"""Who gets the next connection.

Eight threads share a pool of two. In QueuePool, who gives a connection back can take it again before
a thread that waits has woken up; psycopg's pool hands it to who has waited longest. Use it to see
whether your pool starves threads: some get less than a tenth of what others get. Not a benchmark.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite, which psycopg's pool cannot.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier
from time import sleep

from psycopg_pool import ConnectionPool
from sqlalchemy import QueuePool, create_engine


# --8<-- [start:race]
def race(
    checkout: Callable[[], AbstractContextManager[object]],
    threads: int = 8,
    requests: int = 400,
    between: Callable[[], object] = lambda: None,
) -> list[int]:
    """Share so many requests among the threads; return how many each was served, the least first."""
    tickets, start = iter(range(requests)), Barrier(threads)

    def client(_: int) -> int:
        start.wait()
        served = 0
        for _ticket in tickets:  # Who has been served takes the next one.
            with checkout():
                sleep(0.005)  # Stands for a statement: meanwhile, other threads run.
            served += 1
            between()
        return served

    with ThreadPoolExecutor(threads) as clients:
        return sorted(clients.map(client, range(threads)))
# --8<-- [end:race]


# --8<-- [start:between]
def compute() -> None:
    """Run Python for a moment, as a template does: no other thread can run meanwhile."""
    sum(range(5_000))


def wait() -> None:
    """Wait for something outside, as for the next request: other threads can run meanwhile."""
    sleep(0.001)
# --8<-- [end:between]


def demo() -> None:
    """Race with and without something to do in between, with few threads, and in a fair pool."""
    url = os.environ.get("DATABASE_URL", "sqlite://?check_same_thread=false")
    engine = create_engine(url, poolclass=QueuePool, pool_size=2, max_overflow=0)
    races = {
        "QueuePool": race(engine.connect),
        "QueuePool, computing in between": race(engine.connect, between=compute),
        "QueuePool, waiting in between": race(engine.connect, between=wait),
        "QueuePool, a connection for each thread": race(engine.connect, threads=2),
    }
    engine.dispose()
    if engine.name == "postgresql":
        with ConnectionPool(url.replace("+psycopg", ""), min_size=2) as pool:
            races["psycopg's pool"] = race(pool.connection)
    for name, served in races.items():
        print(f"some starve: {served[0] < 0.1 * served[-1]!s:5}  {name}")


if __name__ == "__main__":
    demo()
