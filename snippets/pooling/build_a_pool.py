# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Build a pool.

A bounded, fair pool for threads that no failure can shrink. What it lends is not a connection but a
slot, the right to have one open: an empty slot is lent as well, and whoever gets it connects.
Use it to see what a pool does, or where you may install nothing. Not instead of SQLAlchemy's or
psycopg's pool in a service: it has no events, no asyncio, and a forked process must make its own.

Servers: SQLite.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Lock
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

# --8<-- [start:slot]
C = TypeVar("C", bound=Any)  # A connection of any DB-API driver: it has rollback() and close().


@dataclass(eq=False)
class Slot(Generic[C]):
    """The right to have one connection open. One thread at a time holds it, and needs no lock."""

    connection: C | None = None
    opened: float = 0.0

    def discard(self) -> None:
        """Empty the slot. If closing fails too, so be it: we wanted to be rid of it."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()
# --8<-- [end:slot]


# --8<-- [start:pool]
@dataclass(eq=False)
class Pool(Generic[C]):
    """At most `size` connections, each lent to one thread at a time: first come, first served."""

    connect: Callable[[], C]  # Give it the driver's own time limit: the pool cannot interrupt it.
    size: int = 5
    timeout: float = 30.0  # How many seconds a thread stands in line before TimeoutError.
    max_lifetime: float = 3600.0  # A connection that is older is not lent again.
    check: Callable[[C], object] = lambda _: None  # Raises if the server no longer answers.
    reset: Callable[[C], object] = lambda connection: connection.rollback()

    def __post_init__(self) -> None:
        # The lock guards the line and the free slots, for a few instructions at a time: nothing
        # slow is done under it. While nobody holds it, a line means that no slot is free.
        self._lock, self._closed = Lock(), False
        self._line = deque[Queue[Slot[C] | None]]()  # Who came first at the left.
        self._free = deque(Slot[C]() for _ in range(self.size))  # The one used last at the right.
# --8<-- [end:pool]

# --8<-- [start:lend]
    @contextmanager
    def connection(self) -> Iterator[C]:
        """Lend a connection for the length of a block; undo what the block has not committed."""
        slot, clean = self._take(), False
        try:
            yield self._connected(slot)
        finally:
            try:
                with suppress(Exception):
                    if slot.connection is not None:
                        self.reset(slot.connection)  # A round trip: not under the lock.
                    clean = True
            finally:  # Whatever happens, the slot goes back; an unclean connection does not.
                if not clean:
                    slot.discard()
                self._put(slot)
# --8<-- [end:lend]

# --8<-- [start:connected]
    def _connected(self, slot: Slot[C]) -> C:
        """Return the slot's connection if young and alive, or a new one. Not under the lock."""
        if slot.connection is not None:
            with suppress(Exception):
                if monotonic() - slot.opened < self.max_lifetime:
                    self.check(slot.connection)
                    return slot.connection
            slot.discard()
        slot.connection, slot.opened = self.connect(), monotonic()
        return slot.connection
# --8<-- [end:connected]

# --8<-- [start:take]
    def _take(self) -> Slot[C]:
        """Take a free slot, or stand in line until one is handed over."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            if self._free:  # Then nobody stands in line, and nobody is overtaken.
                return self._free.pop()
            mine = Queue[Slot[C] | None]()  # Before 3.13 a SimpleQueue may miss its timeout.
            self._line.append(mine)
        try:
            slot = mine.get(timeout=self.timeout)  # Not under the lock: others must give back.
        except BaseException as reason:  # Empty at the timeout; or what a signal raises: Ctrl-C.
            with self._lock, suppress(ValueError):
                self._line.remove(mine)
            # Nobody hands us anything from here on. What came too late, the next in line gets.
            if not mine.empty() and (late := mine.get()):
                self._put(late)
            if isinstance(reason, Empty):
                raise TimeoutError(f"waited {self.timeout} s: {self}") from None
            raise
        if slot is None:
            raise RuntimeError("the pool was closed")
        return slot
# --8<-- [end:take]

# --8<-- [start:put]
    def _put(self, slot: Slot[C]) -> None:
        """Hand a slot to who has waited longest; if nobody waits, lay it down."""
        with self._lock:
            closed = self._closed
            if self._line:  # Into the waiter's own hands: who asks just now cannot snatch it.
                self._line.popleft().put(slot)
            else:
                (self._free.appendleft if slot.connection is None else self._free.append)(slot)
        if closed:  # Nobody takes a slot from a closed pool, so this one is still ours.
            slot.discard()
# --8<-- [end:put]

# --8<-- [start:close]
    def close(self) -> None:
        """Turn away who waits; close what is idle now, and what is lent when it comes back."""
        with self._lock:
            self._closed, idle = True, list(self._free)
            while self._line:
                self._line.popleft().put(None)
        for slot in idle:
            slot.discard()

    def __str__(self) -> str:
        with self._lock:
            idle = sum(slot.connection is not None for slot in self._free)
            return f"{self.size - len(self._free)} out, {idle} idle, {len(self._line)} waiting"
# --8<-- [end:close]


# --8<-- [start:demo]
def demo() -> None:
    """Let four threads stand in line for one connection."""
    with closing(Pool(lambda: sqlite3.connect(":memory:", check_same_thread=False), size=1)) as pool:

        def request(number: int) -> None:
            with pool.connection():
                print("served: request", number)

        with ThreadPoolExecutor() as threads, pool.connection():
            for number in range(1, 5):
                threads.submit(request, number)
                while f"{number} waiting" not in str(pool):
                    sleep(0.001)
            print(pool)
# --8<-- [end:demo]


if __name__ == "__main__":
    demo()
