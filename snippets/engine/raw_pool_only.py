# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""SQLAlchemy's pool alone, for plain DB-API code.

`QueuePool` takes any function that connects. Cursors and SQL stay your driver's own; the pool
bounds, lends, and rolls back what is given back. Use it to give old code a pool in a few lines.
Not in new code, where an engine costs no more and knows its database: this pool cannot tell a bad
statement from a dead connection, and its `pre_ping` fails, for which `ask` stands in here.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import QueuePool, event
from sqlalchemy.exc import DisconnectionError


# --8<-- [start:pool]
def make_pool(connect: Callable[[], Any]) -> QueuePool:
    """Return a pool of at most five connections that `connect` opens."""
    pool = QueuePool(connect, pool_size=5, max_overflow=0, timeout=5, recycle=1800)
    event.listen(pool, "checkout", ask)
    return pool


def ask(connection: Any, *_: object) -> None:
    """Before each loan, see that the server answers; if not, the pool connects anew."""
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()  # psycopg has begun a transaction.
    except Exception as error:
        raise DisconnectionError("the connection is dead") from error
# --8<-- [end:pool]


# --8<-- [start:run]
def run(pool: QueuePool, statement: str, values: Sequence[object] = ()) -> list[Any]:
    """Run one statement in a transaction of its own; return its rows. `closing` gives back, and rolls back."""
    with closing(pool.connect()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(statement, values)
        rows = list(cursor.fetchall()) if cursor.description else []
        connection.commit()
        return rows
# --8<-- [end:run]


def demo() -> None:
    """Write and read a row, and see that one connection did it all."""
    opened: list[object] = []
    with TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db").replace("+psycopg", "")
        file = url.partition("sqlite:///")[2]

        def connect() -> Any:
            if file:
                return sqlite3.connect(file, check_same_thread=False)
            return psycopg.connect(url)

        pool = make_pool(connect)
        event.listen(pool, "connect", lambda raw, _: opened.append(raw))
        mark = "?" if file else "%s"
        try:
            run(pool, "CREATE TABLE demo_greeting (words varchar(20))")
        except (psycopg.errors.DuplicateTable, sqlite3.OperationalError) as error:
            if isinstance(error, sqlite3.Error) and "exists" not in str(error):
                raise
            sys.exit("table demo_greeting exists, and the demo would drop it: point DATABASE_URL at an empty database")
        run(pool, f"INSERT INTO demo_greeting VALUES ({mark})", ["good morning"])  # noqa: S608
        print("rows:", *run(pool, "SELECT words FROM demo_greeting"))
        run(pool, "DROP TABLE demo_greeting")
        print("connects for four statements:", len(opened))
        print(pool.status())
        pool.dispose()


if __name__ == "__main__":
    demo()
