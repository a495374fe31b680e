# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "pymysql>=1.1"]
# ///
"""A connection that never ends its transaction reads the past.

MariaDB and MySQL run at REPEATABLE READ unless you say otherwise: the first SELECT of a transaction
takes a snapshot, and every SELECT after it reads that snapshot, until the transaction ends. On a
connection that is kept open and never committed, the world stands still, without any error.
Use `read_and_end`, which is what returning a connection to a pool does for you; use a snapshot on
purpose for a report whose figures must agree. Do not keep a connection with an open transaction for
the next request.

Servers: MariaDB. `DATABASE_URL` names it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, inspect, text

COUNT = text("SELECT count(*) FROM demo_visit")


# --8<-- [start:read]
def read_and_stay(connection: Connection) -> int:
    """Count the visits, and leave the transaction open: the next count is of the same moment."""
    return int(connection.scalars(COUNT).one())


def read_and_end(engine: Engine) -> int:
    """Count the visits on a pooled connection: its return ends the transaction, and the snapshot."""
    with engine.connect() as connection:
        return int(connection.scalars(COUNT).one())
# --8<-- [end:read]


def visit(engine: Engine) -> None:
    """Add a visit and commit, as another request does."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO demo_visit VALUES ('home')"))


@contextmanager
def visits(url: str) -> Iterator[Engine]:
    """Give an engine on a database with a table of visits, empty as yet; remove the table after."""
    engine = create_engine(url)
    if inspect(engine).has_table("demo_visit"):
        sys.exit("table demo_visit exists, and the demo would drop it: point DATABASE_URL at an empty database")
    with engine.begin() as setup:
        setup.execute(text("CREATE TABLE demo_visit (page varchar(9)) ENGINE=InnoDB"))
    try:
        yield engine
    finally:
        with engine.begin() as cleanup:
            cleanup.execute(text("DROP TABLE demo_visit"))
        engine.dispose()


def demo() -> None:
    """Count visits on a kept connection and on pooled ones, as others add more."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("mariadb"):
        sys.exit("Set DATABASE_URL to a MariaDB: mariadb+pymysql://user:password@host/database")
    with visits(url) as engine, engine.connect() as kept:
        print(f"kept connection: {read_and_stay(kept)}, pooled connection: {read_and_end(engine)}")
        for _ in range(3):
            visit(engine)
            print(f"one visit more: kept {read_and_stay(kept)}, pooled {read_and_end(engine)}")
        kept.rollback()
        print(f"after a rollback: kept {read_and_stay(kept)}, pooled {read_and_end(engine)}")


if __name__ == "__main__":
    demo()
