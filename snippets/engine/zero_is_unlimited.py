# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Zero means unlimited.

`pool_size=0` does not turn the pool off. It takes every limit away, that of `max_overflow` too, and
keeps each connection that a peak ever opened. `max_overflow=-1` takes the limit away as well, but
keeps only `pool_size`. With either, it is the server that says no, and to everybody.
Use neither in a service. For no pool at all use `poolclass=NullPool`, for no overflow
`max_overflow=0`.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from contextlib import ExitStack

from sqlalchemy import Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeout


# --8<-- [start:peak]
def peak(engine: Engine, requests: int) -> tuple[int, int]:
    """Let requests overlap; return how many got a connection, and how many stay open after all."""
    opened: set[int] = set()
    event.listen(engine, "connect", lambda raw, _: opened.add(id(raw)))
    event.listen(engine, "close", lambda raw, _: opened.discard(id(raw)))
    served = 0
    with ExitStack() as overlapping:
        for _ in range(requests):
            try:
                overlapping.enter_context(engine.connect())
            except PoolTimeout:
                break
            served += 1
    return served, len(opened)
# --8<-- [end:peak]


def demo() -> None:
    """Let 30 requests overlap under each setting."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    for size, overflow in [(5, 10), (5, 0), (0, 10), (0, 0), (5, -1)]:
        limits = {"pool_size": size, "max_overflow": overflow}
        engine = create_engine(url, poolclass=QueuePool, pool_timeout=0.2, **limits)
        served, kept = peak(engine, requests=30)
        print(f"pool_size={size}, max_overflow={overflow}: {served} at once, {kept} kept")
        engine.dispose()
    served, kept = peak(create_engine(url, poolclass=NullPool), requests=30)
    print(f"NullPool: {served} at once, {kept} kept")


if __name__ == "__main__":
    demo()
