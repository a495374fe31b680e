# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""A connection per request, one for everybody, or a pool.

Use the third, `pooled`: connections are opened when first needed, lent to one request at a time,
used again and again, and never more than `pool_size` of them. Not for a script that connects once:
there `per_request` is simpler.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

from sqlalchemy import Connection, NullPool, QueuePool, create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

# What a request calls to get a connection, in a `with` block that gives it back.
Checkout = Callable[[], AbstractContextManager[Connection]]


# --8<-- [start:per_request]
@contextmanager
def per_request(url: str) -> Iterator[Checkout]:
    """Open a connection for each request and close it after: safe, but each pays for a connect."""
    yield create_engine(url, poolclass=NullPool).connect
# --8<-- [end:per_request]


# --8<-- [start:one_global]
@contextmanager
def one_global(url: str) -> Iterator[Checkout]:
    """Open one connection and hand it to every request: cheap, but nobody has it alone."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        yield lambda: nullcontext(connection)
# --8<-- [end:one_global]


# --8<-- [start:pooled]
@contextmanager
def pooled(url: str, pool_size: int = 5, pool_timeout: float = 30.0) -> Iterator[Checkout]:
    """Lend each request a connection of its own; with all lent out, wait `pool_timeout` seconds."""
    engine = create_engine(
        url,
        poolclass=QueuePool,  # the default, except for SQLite in memory
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_timeout,
    )
    try:
        yield engine.connect
    finally:
        engine.dispose()
# --8<-- [end:pooled]


# --8<-- [start:workload]
def in_turn(checkout: Checkout, requests: int) -> int:
    """Serve requests one after another; return how many connections that took."""
    used = []
    for _ in range(requests):
        with checkout() as connection:
            connection.execute(text("SELECT 1"))
            used.append(connection.connection.dbapi_connection)
    return len(set(map(id, used)))


def at_once(checkout: Checkout, requests: int) -> tuple[int, int]:
    """Begin requests and end none; return how many were served, and with how many connections."""
    used = []
    with ExitStack() as unfinished:
        for _ in range(requests):
            try:
                connection = unfinished.enter_context(checkout())
            except PoolTimeout:
                break  # All are lent out: this request waited, and no other one ended.
            used.append(connection.connection.dbapi_connection)
        return len(used), len(set(map(id, used)))
# --8<-- [end:workload]


def demo() -> None:
    """Run the same workload in the three ways."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    ways = {
        "per request": per_request(url),
        "one global": one_global(url),
        "pooled": pooled(url, pool_size=3, pool_timeout=0.2),
    }
    for name, way in ways.items():
        with way as checkout:
            print(f"{name}: connections for 20 requests in turn: {in_turn(checkout, 20)}")
            served, used = at_once(checkout, 8)
            print(f"  of 8 requests at once it serves {served}; connections for them: {used}")


if __name__ == "__main__":
    demo()
