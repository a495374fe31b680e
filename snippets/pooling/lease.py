# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""A connection is lent, not given.

What a pool hands out is a lease: it has a holder and an end. The end comes once, at the end of the
block, however the block ends; after it the lease opens nothing any more, and cannot end again.
Without that check a connection that is released twice is lent twice: two requests share it.
Use the rules wherever something is lent. Not the pool: it is the smallest that keeps them, and has
neither a bound nor a way to wait, for which see `build_a_pool.py`.

Servers: SQLite.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue


# --8<-- [start:lease]
class LeaseEnded(Exception):
    """The connection was given back, and may be somebody else's by now."""


class Lease:
    """The right to use a connection until `end()`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection; LeaseEnded if this is no longer yours. Do not keep it: ask each time."""
        if self._connection is None:
            raise LeaseEnded
        return self._connection

    def end(self) -> sqlite3.Connection:
        """Give the connection up, once."""
        connection, self._connection = self.connection, None
        return connection
# --8<-- [end:lease]


# --8<-- [start:pool]
class Pool:
    """Lends connections, and opens one when none is idle."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    @contextmanager
    def lease(self) -> Iterator[Lease]:
        """Lend a connection for the length of a block, and take it back if that raises, too."""
        lease = self.acquire()
        try:
            yield lease
        finally:
            self.release(lease)

    def acquire(self) -> Lease:
        """Lend a connection until `release`."""
        try:
            return Lease(self._idle.get_nowait())
        except Empty:
            return Lease(sqlite3.connect(self._database, check_same_thread=False))

    def release(self, lease: Lease) -> None:
        """Take a connection back and undo its transaction; LeaseEnded if that was done before."""
        connection = lease.end()  # First: from here on the holder cannot interfere.
        connection.rollback()
        self._idle.put(connection)
# --8<-- [end:pool]


def demo() -> None:
    """Lend a connection, let the block raise, then misuse the lease."""
    pool = Pool(":memory:")
    with pool.lease() as first:
        used = first.connection
    try:
        with pool.lease() as second:
            print("the same connection again:", second.connection is used)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with pool.lease() as third:
        print("and after an error:", third.connection is used)
    for misuse in (lambda: first.connection, lambda: pool.release(first)):
        try:
            misuse()
        except LeaseEnded:
            print("refused: the lease has ended")
    used.close()


if __name__ == "__main__":
    demo()
