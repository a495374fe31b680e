# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Overflow is not a reserve: it churns.

A connection beyond `pool_size` is closed when it comes back to a full pool, and opened again for
the next request. So of two pools with the same limit, the one with the small `pool_size` connects
at every burst. Use `max_overflow` for rare peaks, not for the load of every minute: `pool_size`
should cover that.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from contextlib import ExitStack

from sqlalchemy import Engine, QueuePool, create_engine, event, text


# --8<-- [start:connects]
def connects(engine: Engine, bursts: int = 20, requests: int = 3) -> int:
    """Serve bursts of so many requests at once; return how often that made the engine connect."""
    opened: list[object] = []
    event.listen(engine, "connect", lambda raw, _: opened.append(raw))
    for _ in range(bursts):
        with ExitStack() as burst:
            for _ in range(requests):
                burst.enter_context(engine.connect()).execute(text("SELECT 1"))
    return len(opened)
# --8<-- [end:connects]


def demo() -> None:
    """Serve the same 20 bursts of 3 requests with two pools, of at most 10 connections each."""
    url = os.environ.get("DATABASE_URL", "sqlite://")
    for pool_size in (1, 3):
        overflow = 10 - pool_size
        engine = create_engine(url, poolclass=QueuePool, pool_size=pool_size, max_overflow=overflow)
        print(f"pool_size={pool_size}, max_overflow={overflow}: {connects(engine)} connects")
        engine.dispose()


if __name__ == "__main__":
    demo()
