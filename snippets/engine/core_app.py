# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""A box office on SQLAlchemy Core, without the ORM.

One engine with a pool, tables, and SQL: `begin()` for work that must be done whole or not at all,
`connect()` to read. Each function borrows a connection, and gives it back before it returns.
Use it as the shape of a service's data layer when you want rows, not objects. Not where a unit of
work spans many functions: pass them the connection, or take a `Session`.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after. The demo
drops the tables that it creates, and refuses a database that has one of them.
"""

import os
import sys
from tempfile import TemporaryDirectory

from sqlalchemy import (
    CheckConstraint,
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

# --8<-- [start:tables]
metadata = MetaData()
show = Table(
    "demo_show",
    metadata,
    Column("title", String(40), primary_key=True),
    Column("seats", Integer, CheckConstraint("seats >= 0", name="not_sold_out"), nullable=False),
)
booking = Table(
    "demo_booking",
    metadata,
    Column("title", ForeignKey(show.c.title), primary_key=True),
    Column("guest", String(40), primary_key=True),
)
# --8<-- [end:tables]


# --8<-- [start:engine]
def make_engine(url: str) -> Engine:
    """Return the one engine of the process. Its pool connects when a connection is first needed."""
    return create_engine(url, pool_size=5, max_overflow=0, pool_timeout=5, pool_pre_ping=True)
# --8<-- [end:engine]


# --8<-- [start:write]
def announce(engine: Engine, title: str, seats: int) -> None:
    """Add a show."""
    with engine.begin() as connection:
        connection.execute(insert(show).values(title=title, seats=seats))


def book(engine: Engine, title: str, guest: str) -> bool:
    """Take a seat and write the guest down, or do neither: sold out, or this guest has a seat.

    LookupError if there is no such show. Whatever ends the block early undoes all of it.
    """
    taken = update(show).where(show.c.title == title).values(seats=show.c.seats - 1)
    try:
        with engine.begin() as connection:
            if connection.execute(taken).rowcount == 0:
                raise LookupError(title)
            connection.execute(insert(booking).values(title=title, guest=guest))
    except IntegrityError:
        return False
    return True
# --8<-- [end:write]


# --8<-- [start:read]
def guests(engine: Engine, title: str) -> list[str]:
    """Read all rows before the connection goes back, so that nothing of the result outlives it."""
    query = select(booking.c.guest).where(booking.c.title == title).order_by(booking.c.guest)
    with engine.connect() as connection:
        return list(connection.scalars(query))


def seats(engine: Engine, title: str) -> int | None:
    """The same with SQL by hand: values go beside the text, never into it."""
    query = text("SELECT seats FROM demo_show WHERE title = :title")
    with engine.connect() as connection:
        return connection.scalars(query, {"title": title}).one_or_none()
# --8<-- [end:read]


def demo() -> None:
    """Sell the two seats of a show."""
    with TemporaryDirectory() as folder:
        engine = make_engine(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db"))
        if taken := [table for table in metadata.tables if inspect(engine).has_table(table)]:
            sys.exit(f"table {taken[0]} exists, and the demo would drop it: point DATABASE_URL at an empty database")
        metadata.create_all(engine)
        try:
            announce(engine, "Hamlet", seats=2)
            for guest in ("Ann", "Ann", "Bob", "Cid"):
                booked = "booked" if book(engine, "Hamlet", guest) else "not booked"
                print(f"{guest}: {booked}, {seats(engine, 'Hamlet')} seats left")
            print("guests:", ", ".join(guests(engine, "Hamlet")))
            print(engine.pool.status())
        finally:
            metadata.drop_all(engine)
            engine.dispose()


if __name__ == "__main__":
    demo()
