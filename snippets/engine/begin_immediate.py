# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""SQLite transactions that lose nothing.

`take_turns` sends BEGIN IMMEDIATE at the start of each transaction, in place of the driver, which
sends BEGIN after you have read. Only one transaction at a time has the right to write; the others
wait for it before they read, up to the driver's `timeout`.
Use it where requests read, decide and then write. Not for transactions that only read: give these
`engine.execution_options(begin="DEFERRED")`, so that they wait for nobody.

Servers: SQLite.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from tempfile import TemporaryDirectory
from threading import Barrier, BrokenBarrierError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

READ = text("SELECT visits FROM demo_page")
WRITE = text("UPDATE demo_page SET visits = :visits")


# --8<-- [start:take_turns]
def take_turns(engine: Engine) -> None:
    """Begin the engine's transactions with BEGIN IMMEDIATE. Call it before the first connect."""

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(raw: Any, _: object) -> None:
        raw.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {mode}")
# --8<-- [end:take_turns]


# --8<-- [start:rush]
def rush(engine: Engine, requests: int = 2, patience: float = 1.0) -> list[str]:
    """Count visits by reading and writing back, each after the others have read if they can."""
    all_have_read = Barrier(requests)

    def visit(_: int) -> str:
        try:
            with engine.begin() as connection:
                visits = connection.scalars(READ).one()
                with suppress(BrokenBarrierError):
                    all_have_read.wait(patience)
                connection.execute(WRITE, {"visits": visits + 1})
        except OperationalError as error:
            return str(error.orig)
        return "committed"

    with ThreadPoolExecutor(requests) as threads:
        return sorted(threads.map(visit, range(requests)))
# --8<-- [end:rush]


def demo() -> None:
    """Send two visits at once: as SQLAlchemy comes, and with two ways to begin."""
    for begin in ("", "DEFERRED", "IMMEDIATE"):
        with TemporaryDirectory() as folder:
            engine = create_engine(f"sqlite:///{folder}/demo.db", connect_args={"timeout": 10})
            if begin:
                take_turns(engine)
            with engine.begin() as setup:
                setup.execute(text("CREATE TABLE demo_page AS SELECT 0 AS visits"))
            outcomes = rush(engine.execution_options(begin=begin))
            with engine.connect() as connection:
                visits = connection.scalars(READ).one()
            print(f"{begin or 'as it comes'}: {' and '.join(outcomes)}; counted {visits}")
            engine.dispose()


if __name__ == "__main__":
    demo()
