# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""SQLite in memory: the pool decides what is shared.

A database in memory belongs to the connection that made it, so the pool class decides who finds
your tables. And where everybody gets the same connection, everybody is in the same transaction.
Use this to choose what your tests run on; a file in a temporary folder is like production. Not for
a service: what is in memory goes with its connection.

Servers: SQLite.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, StaticPool, create_engine, text
from sqlalchemy.exc import OperationalError


# --8<-- [start:engines]
def engines(folder: str) -> Iterator[tuple[str, Engine]]:
    """Make an engine of each kind, with a name."""
    # Without the flag, a connection in memory serves and closes in its own thread only.
    memory = "sqlite://?check_same_thread=false"
    yield "in memory", create_engine(memory)
    yield "in memory, StaticPool", create_engine(memory, poolclass=StaticPool)
    yield "shared cache", create_engine("sqlite:///file::memory:?cache=shared&uri=true")
    yield "a file", create_engine(f"sqlite:///{folder}/test.db")
# --8<-- [end:engines]


# --8<-- [start:questions]
def rows(connection: Connection) -> str:
    """Count the rows, or say why SQLite refuses."""
    try:
        count = connection.scalars(text("SELECT count(*) FROM demo_page")).one()
    except OperationalError as error:
        return str(error.orig)
    return str(count)


def from_a_thread(engine: Engine) -> str:
    """Count in another thread, as background tasks and live servers do."""

    def count() -> str:
        with engine.connect() as connection:
            return rows(connection)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(count).result()


def before_the_commit(engine: Engine) -> str:
    """Count on a second connection, when a first one has written a row and not committed it."""
    with engine.connect() as first, engine.connect() as second:
        first.execute(text("INSERT INTO demo_page VALUES ('draft')"))
        return rows(second)
# --8<-- [end:questions]


def demo() -> None:
    """Ask both questions of each kind, of a table without rows."""
    with TemporaryDirectory() as folder:
        for name, engine in engines(folder):
            with engine.begin() as setup:
                setup.execute(text("CREATE TABLE demo_page (title text)"))
            print(f"{name}: {type(engine.pool).__name__}")
            print(f"  another thread counts: {from_a_thread(engine)}")
            print(f"  before the commit, another connection counts: {before_the_commit(engine)}")
            engine.dispose()


if __name__ == "__main__":
    demo()
