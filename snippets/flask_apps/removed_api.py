# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""Calls that SQLAlchemy 2.0 removed, each beside the one that took its place.

Pages, books and answers from before 1.4 are full of them. On 2.x the first of each pair raises, and
the second does the same work; 1.4 has both.
Use the second, wherever you found the first. Not on 1.3, which does not know all of today's calls.

Servers: SQLite.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select, text

metadata = MetaData()
# Any, because a type checker knows too that the old calls are gone.
city: Any = Table("city", metadata, Column("id", Integer, primary_key=True), Column("name", String))
SQL = "SELECT name FROM city"
# --8<-- [start:calls]
# What to do: the call before 1.4, and today's. `c` is a connection.
CALLS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "get text as Unicode": (
        lambda c: create_engine(c.engine.url, convert_unicode=True),
        lambda c: create_engine(c.engine.url),
    ),
    "make tables known to an engine": (
        lambda c: MetaData(bind=c.engine),  # type: ignore[call-arg]
        lambda c: metadata.create_all(c),
    ),
    "read a table's columns": (
        lambda c: Table("city", MetaData(), autoload=True, autoload_with=c),
        lambda c: Table("city", MetaData(), autoload_with=c),
    ),
    "run a statement on the engine": (
        lambda c: c.engine.execute(city.select()).fetchall(),
        lambda c: c.execute(city.select()).fetchall(),
    ),
    "run SQL in a string": (
        lambda c: c.execute(SQL).fetchall(),
        lambda c: c.execute(text(SQL)).fetchall(),
    ),
    "give values to SQL": (
        lambda c: c.execute(SQL + " WHERE id = ?", [1]).fetchall(),
        lambda c: c.execute(text(SQL + " WHERE id = :id"), {"id": 1}).fetchall(),
    ),
    "select some columns": (
        lambda c: c.execute(select([city.c.name])).fetchall(),  # type: ignore[call-overload]
        lambda c: c.execute(select(city.c.name)).fetchall(),
    ),
}
# --8<-- [end:calls]


def demo() -> None:
    """Make each old call, and print what comes of it."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for purpose, (old, _) in CALLS.items():
            try:
                old(connection)
            except Exception as error:
                print(f"{purpose}: {type(error).__name__}")
                print(f"  {error}".partition(", using")[0])
    engine.dispose()


if __name__ == "__main__":
    demo()
