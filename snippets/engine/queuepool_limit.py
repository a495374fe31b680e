# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""QueuePool limit reached: three causes, and their cures.

The pool is empty because requests keep what they borrowed: for ever (a leak), while they wait for
something else (a long hold), or while they ask for a second connection (a nested checkout). Each is
here as a view with the fault and as the same view without it; both face the same crowd.
Use it to recognize your own code. Not cured by a larger pool, which fails the same way, later.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from collections.abc import Callable

from sqlalchemy import Connection, Engine, QueuePool, create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

# What happens while a request waits for something that is not the database.
Meanwhile = Callable[[], object]
View = Callable[[Engine, Meanwhile], object]

READ = text("SELECT 1")
seen: list[Connection] = []


# --8<-- [start:leak]
def leaks(engine: Engine, meanwhile: Meanwhile) -> None:
    """Forget to close, while something lasting still refers to the connection."""
    connection = engine.connect()
    connection.execute(READ)
    seen.append(connection)
    meanwhile()


def gives_back(engine: Engine, meanwhile: Meanwhile) -> None:
    """Close at the end of the block, also when it raises; who refers to it does not matter."""
    with engine.connect() as connection:
        connection.execute(READ)
        seen.append(connection)
    meanwhile()
# --8<-- [end:leak]


# --8<-- [start:hold]
def holds(engine: Engine, meanwhile: Meanwhile) -> None:
    """Keep the connection during a call to another service."""
    with engine.connect() as connection:
        connection.execute(READ)
        meanwhile()


def releases_first(engine: Engine, meanwhile: Meanwhile) -> None:
    """Read, give back, then call the other service."""
    with engine.connect() as connection:
        connection.execute(READ)
    meanwhile()
# --8<-- [end:hold]


# --8<-- [start:nested]
def nests(engine: Engine, meanwhile: Meanwhile) -> None:
    """Hold one connection and ask for another: when all do so, all wait for each other."""
    with engine.connect() as connection:
        connection.execute(READ)
        meanwhile()
        with engine.connect() as second:
            second.execute(READ)


def passes_down(engine: Engine, meanwhile: Meanwhile) -> None:
    """Use the connection that the request already has."""
    with engine.connect() as connection:
        connection.execute(READ)
        meanwhile()
        connection.execute(READ)
# --8<-- [end:nested]


# --8<-- [start:crowd]
def refused(view: View, engine: Engine, in_turn: int = 1, at_once: int = 1) -> list[PoolTimeout]:
    """Serve crowds in turn, each of requests that begin while another waits; return the errors."""
    errors = []

    def begin(requests: int) -> None:
        if requests:
            try:
                view(engine, lambda: begin(requests - 1))
            except PoolTimeout as error:
                errors.append(error)

    for _ in range(in_turn):
        begin(at_once)
    return errors
# --8<-- [end:crowd]


def demo() -> None:
    """Let each view meet its crowd, in front of a pool with the default limits."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    crowds = [
        (leaks, gives_back, {"in_turn": 16}),
        (holds, releases_first, {"at_once": 16}),
        (nests, passes_down, {"at_once": 15}),
    ]
    for faulty, mended, crowd in crowds:
        for view in (faulty, mended):
            engine = create_engine(url, poolclass=QueuePool, pool_timeout=0.05)
            errors = refused(view, engine, **crowd)
            how, requests = next(iter(crowd.items()))
            out = engine.pool.checkedout()  # type: ignore[attr-defined]
            print(f"{view.__name__}, {requests} {how}: {len(errors)} refused, {out} out at the end")
            for error in errors:
                print(f"  {error.args[0]}")
            while seen:
                seen.pop().close()
            engine.dispose()


if __name__ == "__main__":
    demo()
