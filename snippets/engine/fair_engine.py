# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.3", "psycopg-pool>=3.3"]
# ///
"""An engine that serves whoever has waited longest.

psycopg's pool lends the connections, first come, first served. Use it on PostgreSQL when threads time
out while others are served again and again; not where there are as many connections as threads.

Servers: PostgreSQL. `DATABASE_URL` names it.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy import Engine, NullPool, create_engine, event, exc, text


# --8<-- [start:fair]
def fair_pool(url: str, size: int = 5, timeout: float = 30.0) -> ConnectionPool:
    """Make a pool of so many connections; open it in the process that uses it, and close it."""
    return ConnectionPool(
        "postgresql://" + url.partition("://")[2],  # Without the name of SQLAlchemy's driver.
        min_size=size,
        timeout=timeout,
        check=ConnectionPool.check_connection,  # In place of pool_pre_ping.
        close_returns=True,  # SQLAlchemy closes what it no longer needs: that gives it back.
        open=False,
    )


def fair_engine(pool: ConnectionPool) -> Engine:
    """Make an engine that borrows from this pool."""
    engine = create_engine("postgresql+psycopg://", creator=pool.getconn, poolclass=NullPool)

    @event.listens_for(engine, "invalidate")
    def end(connection: Any, *_: object) -> None:
        connection.pgconn.finish()  # SQLAlchemy no longer trusts it: nobody shall have it again.

    @event.listens_for(engine, "close")
    def replace(connection: Any, _: object) -> None:
        if connection.closed:  # Then close() does nothing, and the pool would miss it for ever.
            pool.putconn(connection)

    return engine
# --8<-- [end:fair]


# --8<-- [start:no_room]
def no_room(error: BaseException | None) -> bool:
    """Tell whether an error says that the pool, this one or QueuePool, had nothing to lend in time."""
    return isinstance(getattr(error, "orig", error), (PoolTimeout, exc.TimeoutError))
# --8<-- [end:no_room]


def refused(engine: Engine, requests: int = 300) -> int:
    """Send so many requests from eight threads that never pause; return how many got no connection."""
    def request(_: int) -> None:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(0.01)"))

    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(request, number) for number in range(requests)]
    return sum(no_room(one.exception()) for one in done)


def demo() -> None:
    """Send the same requests through QueuePool and through the fair pool, each of two connections."""
    if not (url := os.environ.get("DATABASE_URL", "")).startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    engine = create_engine(url, pool_size=2, max_overflow=0, pool_timeout=1.0)
    print("QueuePool refuses requests:", refused(engine) > 0)
    engine.dispose()
    with fair_pool(url, size=2, timeout=1.0) as pool:
        print("the fair pool refuses requests:", refused(fair_engine(pool)) > 0)


if __name__ == "__main__":
    demo()
