# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""QueuePool in slow motion.

What SQLAlchemy's default pool does at each step, in the numbers of its `status()`. Nothing is open
at the start. Up to `pool_size` connections stay open for good; up to `max_overflow` more are opened
under load, and closed as soon as they come back to a full pool. Then a request waits, and gives up.
Use `numbers` to watch your own pool. Not to count who waits: QueuePool does not tell.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Engine, QueuePool, create_engine
from sqlalchemy.exc import TimeoutError as PoolTimeout


# --8<-- [start:numbers]
class Numbers(NamedTuple):
    """What `status()` says. Always: out + idle = open = pool_size + overflow."""

    out: int
    idle: int
    overflow: int
    open: int


def numbers(pool: QueuePool) -> Numbers:
    """Return them. An overflow below zero says how many of `pool_size` are not opened yet."""
    overflow = pool.overflow()
    return Numbers(pool.checkedout(), pool.checkedin(), overflow, pool.size() + overflow)
# --8<-- [end:numbers]


# --8<-- [start:trace]
def trace(engine: Engine, requests: int) -> Iterator[str]:
    """Begin requests until one is refused, then end them in the same order; yield each step."""
    begun = []
    for number in range(1, requests + 1):
        try:
            begun.append(engine.connect())
        except PoolTimeout as error:
            yield f"{number} is refused: {error.args[0]}"
            break
        yield f"{number} begins"
    for number, connection in enumerate(begun, 1):
        connection.close()
        yield f"{number} ends"
# --8<-- [end:trace]


# --8<-- [start:order]
def lent_next(engine: Engine) -> int:
    """Let requests 1 to 3 end in this order; return whose connection the next request gets."""
    begun = [engine.connect() for _ in range(3)]
    used = [connection.connection.dbapi_connection for connection in begun]
    for connection in begun:
        connection.close()
    with engine.connect() as after:
        return used.index(after.connection.dbapi_connection) + 1
# --8<-- [end:order]


def demo() -> None:
    """Trace four requests through a pool of two with an overflow of one."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    engine = create_engine(url, poolclass=QueuePool, pool_size=2, max_overflow=1, pool_timeout=0.2)
    assert isinstance(engine.pool, QueuePool)
    print(f"{'request':9} out  idle  overflow  open")
    print("{:9} {:3}  {:4}  {:8}  {:4}".format("", *numbers(engine.pool)))
    for step in trace(engine, requests=4):
        if "refused" in step:
            print(step)
        else:
            print("{:9} {:3}  {:4}  {:8}  {:4}".format(step, *numbers(engine.pool)))
    print(engine.pool.status())
    engine.dispose()
    for lifo in (False, True):
        engine = create_engine(url, poolclass=QueuePool, pool_use_lifo=lifo)
        print(f"pool_use_lifo={lifo}: next is lent the connection of request {lent_next(engine)}")
        engine.dispose()


if __name__ == "__main__":
    demo()
