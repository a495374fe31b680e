# ANTI-PATTERN: threads that share a connection; give each its own, from a pool.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1", "pymysql>=1.1"]
# ///
"""Anti-pattern: threads that share a connection, driver by driver.

What happens is up to the driver. sqlite3 refuses every thread but the one that connected. psycopg lets
one statement through at a time, so the answers are right; but all threads are in one transaction.
PyMySQL does neither: the threads read each other's packets, and get wrong rows, errors, or both.
When to use it all the same: to see what your own driver does. When not: in a program with threads.

Servers: SQLite, PostgreSQL, MariaDB. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from threading import Barrier

from sqlalchemy import Engine, NullPool, PoolProxiedConnection, create_engine, make_url

THREADS = 4

# What a thread calls to get the driver's own connection, in a `with` block that gives it back.
Checkout = Callable[[], AbstractContextManager[PoolProxiedConnection]]


# --8<-- [start:checkouts]
# ANTI-PATTERN: `one_for_all` threads; `one_each` is the cure.
@contextmanager
def one_for_all(engine: Engine) -> Iterator[Checkout]:
    """Open one connection and hand it to every thread; close it after, in whatever state it is."""
    connection = engine.raw_connection()
    try:
        yield lambda: nullcontext(connection)
    finally:
        connection.invalidate()


@contextmanager
def one_each(engine: Engine) -> Iterator[Checkout]:
    """Give each thread a connection of its own, as a pool does."""
    yield lambda: closing(engine.raw_connection())
# --8<-- [end:checkouts]


# --8<-- [start:ask]
# ANTI-PATTERN, if `checkout` gives all threads the same connection; see `one_each` for the cure.
def ask(connection: PoolProxiedConnection, number: int) -> str:
    """Select a number; return `right` or `wrong`, or the name of the error."""
    try:
        cursor = connection.cursor()
        cursor.execute(f"SELECT {number:d}")
        rows = cursor.fetchall()
    except Exception as error:
        return type(error).__name__
    return "right" if [tuple(row) for row in rows] == [(number,)] else "wrong"


def outcomes(checkout: Checkout, statements: int = 50) -> Counter[str]:
    """Let threads ask for different numbers at once; count what they get."""
    together = Barrier(THREADS)

    def work(thread: int) -> list[str]:
        with checkout() as connection:
            together.wait()
            return [ask(connection, 1000 * thread + count) for count in range(statements)]

    with ThreadPoolExecutor(THREADS) as threads:
        return Counter(outcome for got in threads.map(work, range(THREADS)) for outcome in got)
# --8<-- [end:ask]


def verdict(count: Counter[str]) -> str:
    """Say what the outcomes amount to. How many are wrong is chance, so it does not say that."""
    if set(count) == {"right"}:
        return "every answer is right"
    if set(count) == {"ProgrammingError"}:
        return "every statement is refused"
    return "not every answer is right"


def demo() -> None:
    """Let four threads share a connection, up to three times; then give each its own."""
    url = make_url(os.environ.get("DATABASE_URL", "sqlite://"))
    # A thread that waits for a packet that another one has taken would wait for ever.
    timeout = {"read_timeout": 5} if url.get_driver_name() == "pymysql" else {}
    engine = create_engine(url, poolclass=NullPool, connect_args=timeout)
    driver = engine.dialect.loaded_dbapi.__name__.partition(".")[0]
    for _ in range(3):
        with one_for_all(engine) as checkout:
            shared = verdict(outcomes(checkout))
        if shared != "every answer is right":
            break
    print(f"{driver}, one connection for 4 threads: {shared}")
    with one_each(engine) as checkout:
        print(f"{driver}, a connection for each: {verdict(outcomes(checkout))}")


if __name__ == "__main__":
    demo()
