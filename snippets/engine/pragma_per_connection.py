# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""A PRAGMA belongs to one connection.

`PRAGMA foreign_keys = ON` holds for the connection that sent it, and a pool lends you another one
tomorrow. So whether SQLite checks your foreign keys depends on which connection a request gets.
Use `set_pragmas` for what each connection must be told: foreign_keys, synchronous, cache_size. Not
needed for `journal_mode=WAL`, which the file remembers.

Servers: SQLite.
"""

from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError


# --8<-- [start:set_pragmas]
def set_pragmas(engine: Engine, **pragmas: str) -> None:
    """Set these on each connection as it is opened. Call it before the first connect."""

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _: object) -> None:
        for name, value in pragmas.items():
            raw.execute(f"PRAGMA {name} = {value}").close()
# --8<-- [end:set_pragmas]


# --8<-- [start:orphan]
def orphan(connection: Connection) -> str:
    """Save an order of a customer who does not exist; return what SQLite says to that."""
    try:
        connection.execute(text("INSERT INTO demo_order VALUES ('nobody')"))
    except IntegrityError as error:
        return str(error.orig)
    finally:
        connection.rollback()
    return "accepted"
# --8<-- [end:orphan]


def value(connection: Connection, pragma: str) -> object:
    """Return what a PRAGMA is on this connection."""
    return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()


def demo() -> None:
    """Set PRAGMAs in one request, or on each connection, and look at two connections."""
    for way in ("in one request", "on each connection"):
        with TemporaryDirectory() as folder:
            engine = create_engine(f"sqlite:///{folder}/demo.db")
            if way == "on each connection":
                set_pragmas(engine, foreign_keys="ON")
            with engine.connect() as request:
                request.exec_driver_sql("CREATE TABLE demo_customer (name text PRIMARY KEY)")
                request.exec_driver_sql("CREATE TABLE demo_order (name REFERENCES demo_customer)")
                request.exec_driver_sql("PRAGMA journal_mode = WAL")
                if way == "in one request":
                    request.exec_driver_sql("PRAGMA foreign_keys = ON")
            print(f"foreign_keys set {way}")
            with engine.connect() as first, engine.connect() as second:
                for name, it in (("first", first), ("second", second)):
                    keys, journal = value(it, "foreign_keys"), value(it, "journal_mode")
                    print(f"  the {name}: foreign_keys {keys}, journal_mode {journal}")
                    print(f"    an order of nobody: {orphan(it)}")
            engine.dispose()


if __name__ == "__main__":
    demo()
