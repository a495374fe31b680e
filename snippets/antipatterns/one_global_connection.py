# ANTI-PATTERN: one connection shared by all requests; see pooling/three_ways.py for the cure.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Anti-pattern: one global connection.

A transaction belongs to a connection, so requests that share the connection share the transaction:
one's commit publishes another's half-done work, and on PostgreSQL one's error is everybody's.
A lock around each statement does not help, for the harm is done between the statements.
When to use it all the same: where one thing happens at a time, as in a script or a migration.
When not: as soon as two requests can overlap.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError


# --8<-- [start:transfer]
# ANTI-PATTERN, if the connection is global: another request commits your half-done work;
# see pooling/three_ways.py for the cure.
def failed_transfer(connection: Connection, meanwhile: Callable[[], object]) -> None:
    """Take 100 units, ask the bank, and undo; `meanwhile` is what others do as the bank thinks."""
    connection.execute(text("UPDATE demo_account SET units = units - 100 WHERE owner = 'ann'"))
    meanwhile()
    connection.rollback()  # The bank said no: Ann must have her units back.


def total(connection: Connection) -> int:
    """Read all accounts; commit, as many frameworks do at the end of every request."""
    units = connection.scalars(text("SELECT sum(units) FROM demo_account")).one()
    connection.commit()
    return int(units)
# --8<-- [end:transfer]


# --8<-- [start:poison]
# ANTI-PATTERN, if the connection is global: you get another request's error;
# see pooling/three_ways.py for the cure.
def broken_page(connection: Connection) -> None:
    """Send wrong SQL and answer with an error page, but do not roll back."""
    try:
        connection.execute(text("SELECT no_such_column FROM demo_account"))
    except DBAPIError:
        return


def innocent_page(connection: Connection) -> str:
    """Send correct SQL, and return what comes of it."""
    try:
        number = connection.scalars(text("SELECT count(*) FROM demo_account")).one()
    except DBAPIError as error:
        return type(error.orig).__name__
    return f"{number} accounts"
# --8<-- [end:poison]


def overlap(a: Connection, b: Connection) -> tuple[int, int, str]:
    """Let requests overlap; return what B counts during A and after it, and after A's wrong SQL."""
    during: list[int] = []
    failed_transfer(a, meanwhile=lambda: during.append(total(b)))
    after = total(b)
    broken_page(a)
    return during[0], after, innocent_page(b)


@contextmanager
def accounts(url: str) -> Iterator[Engine]:
    """Give an engine on a database with two accounts of 100 units each; remove them after."""
    engine = create_engine(url)
    if inspect(engine).has_table("demo_account"):
        sys.exit("table demo_account exists, and the demo would drop it: point DATABASE_URL at an empty database")
    with engine.begin() as setup:
        setup.execute(text("CREATE TABLE demo_account (owner varchar(9), units integer)"))
        setup.execute(text("INSERT INTO demo_account VALUES ('ann', 100), ('bob', 100)"))
    try:
        yield engine
    finally:
        with engine.begin() as cleanup:
            cleanup.execute(text("DROP TABLE demo_account"))
        engine.dispose()


def demo() -> None:
    """Let requests A and B overlap, first on one connection for both, then on one each."""
    with TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db")
        for name in ("one connection for both", "a connection each"):
            with accounts(url) as engine, engine.connect() as a, engine.connect() as second:
                shared = name == "one connection for both"
                during, after, answer = overlap(a, b=a if shared else second)
            print(f"{name}: while A takes 100 of 200 units, B counts {during}")
            print(f"  after A has rolled back, B counts {after}")
            print(f"  after A has sent wrong SQL, B gets: {answer}")


if __name__ == "__main__":
    demo()
