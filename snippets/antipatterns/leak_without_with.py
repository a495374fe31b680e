# ANTI-PATTERN: a connection that is closed in the good case only; `with` closes it in every case.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Anti-pattern: a connection without `with`.

A view that raises before its `close()` takes a connection away from everybody. Python's reference
counting does not bring it back: once a statement has begun a transaction, the connection and the
transaction refer to each other, and both stay until the garbage collector happens to run.
When to use it all the same: never; where a block does not fit, `contextlib.ExitStack` does.
When not: in anything that lives longer than a script.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import gc
import os
from collections.abc import Callable

from sqlalchemy import Engine, QueuePool, create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

View = Callable[[Engine, int], float]


# --8<-- [start:leak]
# ANTI-PATTERN: a connection that is closed in the good case only; `with` closes it in every case.
def forgets(engine: Engine, guests: int) -> float:
    """Read the bill and divide it. With no guests this raises, and skips the close()."""
    connection = engine.connect()
    bill = connection.scalars(text("SELECT 100")).one()
    share = float(bill / guests)
    connection.close()
    return share
# --8<-- [end:leak]


def remembers(engine: Engine, guests: int) -> float:
    """Do the same, but give back at the end of the block, whatever ends it."""
    with engine.connect() as connection:
        bill = connection.scalars(text("SELECT 100")).one()
        return float(bill / guests)


def outcome(view: View, engine: Engine, guests: int) -> str:
    """Call a view, as a framework does: what it raises becomes an error page."""
    try:
        return f"{view(engine, guests):.0f} each"
    except (ZeroDivisionError, PoolTimeout) as error:
        return type(error).__name__


def demo() -> None:
    """Let two requests fail in front of a pool of two; then a third comes, which is all right."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    gc.disable()  # It runs when it likes; here it shall run when we say.
    for view in (forgets, remembers):
        engine = create_engine(
            url, poolclass=QueuePool, pool_size=2, max_overflow=0, pool_timeout=0.2
        )
        print(view.__name__)
        print(f"  no guests: {outcome(view, engine, 0)}, {outcome(view, engine, 0)}")
        print(f"  then four: {outcome(view, engine, 4)}")
        gc.collect()
        print(f"  and after gc.collect(): {outcome(view, engine, 4)}")
        engine.dispose()
    gc.enable()


if __name__ == "__main__":
    demo()
