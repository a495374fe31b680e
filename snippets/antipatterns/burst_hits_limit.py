# ANTI-PATTERN: nothing between a burst of requests and the server's limit; bound it with a pool.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Anti-pattern: a burst of requests that hits max_connections.

Without a pool, every request that is under way holds a connection, and PostgreSQL has a fixed number
of them. The request after the last one gets an error, and so does everybody else who connects: the
other services, the migration, the health check. A few slots are kept for superusers, so the words that
your role gets are not the famous "sorry, too many clients already".
When to use it all the same: to see, on a server of your own, what its limit feels like. When not: on a
server that anybody else uses.

Servers: PostgreSQL. `DATABASE_URL` names it.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError


# --8<-- [start:burst]
# ANTI-PATTERN: nothing between a burst of requests and the server's limit; bound it with a pool.
def burst(url: str, requests: int) -> tuple[int, str]:
    """Begin so many requests, each on a connection of its own, and end none.

    Return how many the server let in, and what it told the first that it did not; or nothing, if it
    let in all.
    """
    engine = create_engine(url, poolclass=NullPool)
    with ExitStack() as unfinished:
        for let_in in range(requests):
            try:
                unfinished.enter_context(engine.connect())
            except OperationalError as error:
                # Before it come the address and the port, and for a refusal there is no SQLSTATE.
                return let_in, str(error.orig).rpartition("FATAL:  ")[2].strip()
        return requests, ""
# --8<-- [end:burst]


def slots(url: str) -> int:
    """Return how many connections the server has for all roles that are not superusers."""
    setting = "SELECT current_setting(:name)::int"
    with create_engine(url, poolclass=NullPool).connect() as connection:
        total, reserved = (
            connection.scalars(text(setting), {"name": name}).one()
            for name in ("max_connections", "superuser_reserved_connections")
        )
        return int(total - reserved)


def serve(engine: Engine, requests: int) -> int:
    """Serve so many requests in as many threads; return how many server processes did the work."""
    def request(_: int) -> int:
        with engine.connect() as connection:
            return int(connection.scalars(text("SELECT pg_backend_pid()")).one())

    with ThreadPoolExecutor(requests) as threads:
        return len(set(threads.map(request, range(requests))))


def demo() -> None:
    """Send more requests at once than the server has slots, without a pool and with one."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    requests = slots(url) + 20
    let_in, refusal = burst(url, requests)
    print(f"without a pool, {requests} requests at once: {let_in} got a connection, the next one got this:")
    print(f"  {refusal}")
    pool = create_engine(url, pool_size=5, max_overflow=0)
    processes = serve(pool, requests)
    pool.dispose()
    print(f"with a pool of 5, {requests} requests at once: all were served, by 5 processes or fewer: {processes <= 5}")


if __name__ == "__main__":
    demo()
