# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""The calls on Flask's page about SQLAlchemy, and what to write today.

The section "SQL Abstraction Layer" of Flask's documentation is older than SQLAlchemy 1.4. Each kind
of call in it is here, in its smallest form, beside the one that works: on 2.x the former raises.
Use it to mend code that was written after that page. Not needed for code that began on 2.x, for
which `flask_core.py` is a whole app to start from.

Servers: SQLite.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, text

Call = Callable[[Any], Any]

metadata = MetaData()
# Any, because a type checker knows too that the old calls are gone.
city: Any = Table("city", metadata, Column("id", Integer, primary_key=True), Column("name", String))
SQL = "SELECT name FROM city"

# --8<-- [start:calls]
# What to do, the call before 1.4, the call today; `c` is a connection.
CALLS: dict[str, tuple[Call, Call]] = {
    "create tables": (
        lambda c: MetaData(bind=c.engine).create_all(),  # type: ignore[call-arg]
        lambda c: metadata.create_all(c),
    ),
    "find out a table's columns": (
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
    "run a statement": (
        lambda _: city.select().execute(),
        lambda c: c.execute(city.select()),
    ),
    "run SQL on the engine": (
        lambda c: c.engine.execute(text(SQL)),
        lambda c: c.execute(text(SQL)),
    ),
    "run SQL in a string": (
        lambda c: c.execute(SQL),
        lambda c: c.execute(text(SQL)),
    ),
    "pass values to SQL": (
        lambda c: c.execute(text(SQL + " WHERE id = :1"), [1]),
        lambda c: c.execute(text(SQL + " WHERE id = :id"), {"id": 1}),
    ),
    "read a column by its name": (
        lambda c: c.execute(text(SQL)).first()["name"],
        lambda c: c.execute(text(SQL)).first().name,
    ),
}
# --8<-- [end:calls]


# --8<-- [start:commit]
def rows_kept(engine: Engine, commit: bool) -> int:
    """Insert a row; return how many the next request finds. Before 2.0, execute() committed."""
    with engine.connect() as connection:
        connection.execute(city.delete())
        connection.commit()
        connection.execute(city.insert(), {"name": "Oslo"})
        if commit:
            connection.commit()
    with engine.connect() as connection:
        return len(connection.execute(city.select()).all())
# --8<-- [end:commit]


def demo() -> None:
    """Make each call, the old one and the new one."""
    engine = create_engine("sqlite://")
    for purpose, (old, new) in CALLS.items():
        with engine.begin() as connection:
            metadata.create_all(connection)
            try:
                old(connection)
            except Exception as error:
                print(f"{purpose}: {type(error).__name__}")
                print(f"  {error}".partition("\n")[0])
            new(connection)
    print("rows that an insert leaves without a commit:", rows_kept(engine, commit=False))
    print("rows that it leaves with a commit:", rows_kept(engine, commit=True))
    engine.dispose()


if __name__ == "__main__":
    demo()
