# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""After the release: what refuses, and what still works but is not yours.

SQLAlchemy's connection refuses once it is closed. The driver's own, taken out of it before, goes on
working, in the middle of the next borrower's transaction. Use it to see why rows are read inside the
block. Not to learn what may be kept: a result, too, can be read afterwards only by luck.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine, inspect, text

TWO_ROWS = text("SELECT 1 UNION SELECT 2")


# --8<-- [start:kept]
def kept(engine: Engine) -> dict[str, Callable[[], object]]:
    """Release a connection, but keep what was taken out of it: a use for each such thing."""
    with engine.connect() as connection:
        pooled = connection.connection
        driver = pooled.dbapi_connection
        result = connection.execute(TWO_ROWS)
    return {
        "SQLAlchemy's connection": lambda: connection.execute(TWO_ROWS),
        "the pool's connection": lambda: pooled.cursor(),
        "a result": lambda: result.all(),
        "the driver's connection": lambda: driver and driver.cursor().execute("SELECT 1"),
    }
# --8<-- [end:kept]


# --8<-- [start:harm]
def rows_of_the_next(engine: Engine, cleanup: bool) -> int:
    """Let the next borrower insert a row and commit; return how many rows that leaves.

    With `cleanup`, request A rolls back in between, on the driver's connection that it kept.
    """
    with engine.connect() as a:
        driver = a.connection.dbapi_connection
    with engine.connect() as b:
        b.execute(text("DELETE FROM demo_order"))
        b.commit()
        b.execute(text("INSERT INTO demo_order VALUES ('B')"))
        if cleanup and driver:
            driver.rollback()  # A means its own work, and undoes B's.
        b.commit()  # Succeeds, and commits nothing.
    with engine.connect() as auditor:
        return int(auditor.scalars(text("SELECT count(*) FROM demo_order")).one())
# --8<-- [end:harm]


def demo() -> None:
    """Use what is left after the release, then see what that does to the next borrower."""
    with TemporaryDirectory() as folder:
        engine = create_engine(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db"))
        if inspect(engine).has_table("demo_order"):
            sys.exit("table demo_order exists, and the demo would drop it: point DATABASE_URL at an empty database")
        for name, use in kept(engine).items():
            try:
                use()
                print(f"{name}: still works")
            except Exception as error:
                print(f"{name}: {type(error).__name__}")
        with engine.begin() as setup:
            setup.execute(text("CREATE TABLE demo_order (customer varchar(9))"))
        for cleanup, when in ((False, "A keeps away"), (True, "A rolls back after its release")):
            print(f"rows of B when {when}: {rows_of_the_next(engine, cleanup)}")
        with engine.begin() as teardown:
            teardown.execute(text("DROP TABLE demo_order"))
        engine.dispose()


if __name__ == "__main__":
    demo()
