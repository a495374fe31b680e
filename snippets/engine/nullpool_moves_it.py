# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""NullPool instead of "QueuePool limit reached": the same burst, refused by the server.

A request that holds its connection for long makes the pool run out. Without a pool it goes on holding
it, and what runs out is the server: other words, and now everybody who connects is refused, not only
this program. What helps is to give back before the wait, or to let fewer requests begin at once.
Use it to see both refusals side by side. The demo creates a database that takes 20 connections, and drops
it after; yours is not changed. Not on a server that is nearly full, nor as a superuser, whom no limit stops.

Servers: PostgreSQL. `DATABASE_URL` names it, for a role that may create a database.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# A request: what it does before it waits for something else, and, after the `yield`, at its end.
View = Callable[[Engine], AbstractContextManager[None]]

READ = text("SELECT 1")
FIT = text("SELECT rolcreatedb AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")
EXISTS = text("SELECT 1 FROM pg_database WHERE datname = 'demo_burst'")
TAKEN = text("SELECT count(*) FROM pg_stat_activity WHERE datname = 'demo_burst'")


# --8<-- [start:views]
@contextmanager
def holds(engine: Engine) -> Iterator[None]:
    """Read, and keep the connection while it waits."""
    with engine.connect() as connection:
        connection.execute(READ)
        yield


@contextmanager
def releases_first(engine: Engine) -> Iterator[None]:
    """Read, give the connection back, and then wait."""
    with engine.connect() as connection:
        connection.execute(READ)
    yield
# --8<-- [end:views]


# --8<-- [start:burst]
def outcome(request: Callable[[], object]) -> str:
    """Begin a request; return `served`, or in which words it was refused."""
    try:
        request()
    except PoolTimeout as error:
        return f"{type(error).__name__}: {error.args[0]}"
    except OperationalError as error:
        # Before the server's words come its address and port, and a refusal has no SQLSTATE.
        return f"{type(error).__name__}: {str(error.orig).rpartition('FATAL:  ')[2]}"
    return "served"


def burst(view: View, engine: Engine, requests: int, neighbor: Engine) -> tuple[Counter[str], str]:
    """Begin so many requests and end none; return what they got, and what somebody else then gets."""
    with ExitStack() as under_way:
        outcomes = Counter(outcome(lambda: under_way.enter_context(view(engine))) for _ in range(requests))
        return outcomes, outcome(lambda: neighbor.connect().close())
# --8<-- [end:burst]


@contextmanager
def own_database(connection: Connection, limit: int) -> Iterator[URL]:
    """Create a database that takes so many connections, for the length of a block."""
    if not connection.scalars(FIT).one():
        sys.exit("DATABASE_URL must name a role that may create a database and is no superuser, whom no limit stops")
    if connection.scalars(EXISTS).first():
        sys.exit("database demo_burst exists, and the demo would drop it: drop it yourself, or use another server")
    connection.execute(text(f"CREATE DATABASE demo_burst TEMPLATE template0 CONNECTION LIMIT {limit:d}"))
    try:
        yield connection.engine.url.set(database="demo_burst")
    finally:
        connection.execute(text("DROP DATABASE demo_burst WITH (FORCE)"))


def demo() -> None:
    """Send the same burst to a pool, to no pool, and to a pool whose requests do not hold or are fewer."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    owner = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with owner.connect() as connection, own_database(connection, 20) as database:
        pooled, unpooled = create_engine(database, pool_timeout=0.05), create_engine(database, poolclass=NullPool)
        bursts = ((holds, pooled, 30), (holds, unpooled, 30), (holds, pooled, 15), (releases_first, pooled, 30))
        for view, engine, requests in bursts:
            outcomes, elsewhere = burst(view, engine, requests, neighbor=unpooled)
            engine.dispose()
            while connection.scalars(TAKEN).one():  # A server process outlives its client a little.
                time.sleep(0.01)
            print(f"{type(engine.pool).__name__}, {requests} at once, each {view.__name__}:")
            for got, count in sorted(outcomes.items()):
                print(f"  {count} times {got}")
            print(f"  somebody else: {elsewhere.partition(':')[0]}")


if __name__ == "__main__":
    demo()
