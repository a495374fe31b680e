# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""The calls on Flask's page about SQLAlchemy, and what to write today.

The section "SQL Abstraction Layer" of Flask's documentation is older than SQLAlchemy 1.4. Here is
each kind of call in it: on 2.x the first of a pair raises, and the second does the work.
Use these to mend code that was written after that page. Not for a new app: `flask_core.py` is one.
What other old pages show is in `removed_api.py`.

Servers: SQLite.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, text

metadata = MetaData()
# Any, because a type checker knows too that the old calls are gone.
city: Any = Table("city", metadata, Column("id", Integer, primary_key=True), Column("name", String))

# --8<-- [start:calls]
# What to do: the section's call, and today's. `c` is a connection.
CALLS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "create tables": (lambda c: MetaData(bind=c), metadata.create_all),  # type: ignore[call-arg]
    "load a table": (
        lambda _: Table("city", MetaData(), autoload=True),
        lambda c: Table("city", MetaData(), autoload_with=c),
    ),
    "insert a row": (
        lambda c: c.execute(city.insert(), name="Oslo"),
        lambda c: c.execute(city.insert(), {"name": "Oslo"}),
    ),
    "select by a condition": (
        lambda c: c.execute(city.select(city.c.id == 1)),
        lambda c: c.execute(city.select().where(city.c.id == 1)),
    ),
    "run a statement": (lambda _: city.select().execute(), lambda c: c.execute(city.select())),
    "read a column": (
        lambda c: c.execute(city.select()).first()["name"],
        lambda c: c.execute(city.select()).first().name,
    ),
    "run SQL with values": (
        lambda c: c.engine.execute("SELECT name FROM city WHERE id = :1", [1]),
        lambda c: c.execute(text("SELECT name FROM city WHERE id = :id"), {"id": 1}),
    ),
}
# --8<-- [end:calls]


# --8<-- [start:commit]
def rows_kept(engine: Engine, commit: bool) -> int:
    """Insert Rome; return how often the next request finds it. Before 2.0, execute() committed."""
    with engine.connect() as connection:
        connection.execute(city.insert(), {"name": "Rome"})
        if commit:
            connection.commit()
    with engine.connect() as connection:
        return len(connection.execute(city.select().where(city.c.name == "Rome")).all())
# --8<-- [end:commit]


def demo() -> None:
    """Make each call, the old one and the new one."""
    engine = create_engine("sqlite://")
    for purpose, (old, new) in CALLS.items():
        with engine.begin() as connection:
            try:
                old(connection)
            except Exception as error:
                print(f"{purpose}: {type(error).__name__}\n  {error}")
            new(connection)
    for commit in (False, True):
        print(f"rows that an insert leaves, commit={commit}: {rows_kept(engine, commit)}")
    engine.dispose()


if __name__ == "__main__":
    demo()
