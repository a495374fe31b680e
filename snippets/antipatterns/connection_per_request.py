# ANTI-PATTERN: a connection for every request; see pooling/three_ways.py for the cure.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Anti-pattern: a connection per request.

Every request opens a connection and closes it again: PostgreSQL starts a process, checks the
password and sets up a session, all for one statement. And nothing bounds it: a burst of requests is
a burst of connections, until the server refuses them, yours and everybody else's.
When to use it all the same: in a cron job or a command-line tool, or in front of a pool outside the
process, such as PgBouncer. When not: in a service that answers requests.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from contextlib import ExitStack

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, text
from sqlalchemy.exc import TimeoutError as PoolTimeout


# --8<-- [start:engine]
# ANTI-PATTERN: a connection for every request; see pooling/three_ways.py for the cure.
def unpooled(url: str) -> Engine:
    """Return an engine that connects at each checkout, as a view that connects by itself does."""
    return create_engine(url, poolclass=NullPool)
# --8<-- [end:engine]


# --8<-- [start:requests]
# ANTI-PATTERN, on an unpooled engine: a connection for every request;
# see pooling/three_ways.py for the cure.
def in_turn(engine: Engine, requests: int) -> set[int]:
    """Serve requests one after another; return the server processes that did the work."""
    processes = set()
    for _ in range(requests):
        with engine.connect() as connection:
            processes |= server_process(connection)
    return processes


def burst(engine: Engine, requests: int) -> int:
    """Begin requests and end none; return how many got a connection, or let the server refuse."""
    with ExitStack() as unfinished:
        for served in range(requests):
            try:
                unfinished.enter_context(engine.connect())
            except PoolTimeout:
                return served  # Only a pool makes requests wait; without one, all connect.
        return requests
# --8<-- [end:requests]


def server_process(connection: Connection) -> set[int]:
    """Return the process that serves this connection; none for SQLite, which runs inside ours."""
    if connection.dialect.name == "postgresql":
        return {connection.scalars(text("SELECT pg_backend_pid()")).one()}
    connection.execute(text("SELECT 1"))
    return set()


def demo() -> None:
    """Serve the same requests without a pool and with one, and count."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    pool = create_engine(url, poolclass=QueuePool, pool_size=5, max_overflow=0, pool_timeout=0.2)
    for name, engine in {"without a pool": unpooled(url), "with a pool of 5": pool}.items():
        opened: list[object] = []
        event.listen(engine, "connect", lambda raw, _, to=opened: to.append(raw))
        processes = in_turn(engine, requests=20)
        print(f"{name}: connects for 20 requests in turn: {len(opened)}")
        if processes:
            print(f"  processes that PostgreSQL started for them: {len(processes)}")
        print(f"  connections that 12 requests at once hold: {burst(engine, requests=12)}")
        engine.dispose()


if __name__ == "__main__":
    demo()
