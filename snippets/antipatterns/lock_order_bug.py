# ANTI-PATTERN: a pool that waits for a busy connection with its own lock in hand; MendedPool does not.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Anti-pattern: waiting with the pool's lock in hand.

If a thread waits for a busy connection while it holds the lock of the pool, everybody else waits for
that lock: one statement runs at a time, and a thread that asks for two connections stops all.
When to use it all the same: never. When not: around anything slow. Hold a lock while you look, and
wait in a condition, which gives its lock up meanwhile.

Servers: SQLite. None is needed: the connections are models.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Condition, Lock


class Connection:
    """A model of a connection: its lock is held from the moment it is lent until it comes back."""

    def __init__(self) -> None:
        self.busy = Lock()
        self.busy.acquire()  # It is opened for somebody.


# --8<-- [start:locked]
# ANTI-PATTERN: it waits for a busy connection with the pool's lock in hand; MendedPool does not.
class LockedPool:
    """Lends a free connection, and opens one if none is free. That was the plan."""

    def __init__(self) -> None:
        self.opened: list[Connection] = []
        self._lock = Lock()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection for the length of a block."""
        with self._lock:
            for connection in self.opened:
                if connection.busy.acquire():  # Meant: is it free? Done: wait until it is.
                    break
            else:  # So only the very first thread gets here.
                self.opened.append(connection := Connection())
        try:
            yield connection
        finally:
            connection.busy.release()
# --8<-- [end:locked]


# --8<-- [start:mended]
# FIX: it looks with the lock in hand, and waits without it.
class MendedPool:
    """Lends a free connection; opens one if none is free, up to `size`; then lets threads wait."""

    def __init__(self, size: int, timeout: float = 30.0) -> None:
        self.size, self.timeout = size, timeout
        self.opened: list[Connection] = []
        self._changed = Condition()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection for the length of a block; TimeoutError if none comes back in time."""
        with self._changed:  # wait_for() looks, and gives this lock up while it waits.
            connection = self._changed.wait_for(self._free_or_new, self.timeout)
        if connection is None:
            raise TimeoutError(f"no connection came back within {self.timeout} s")
        try:
            yield connection
        finally:
            with self._changed:
                connection.busy.release()
                self._changed.notify()

    def _free_or_new(self) -> Connection | None:
        free = next((one for one in self.opened if one.busy.acquire(blocking=False)), None)
        if free is None and len(self.opened) < self.size:
            self.opened.append(free := Connection())
        return free
# --8<-- [end:mended]


def most_at_once(pool: LockedPool | MendedPool, threads: int, patience: float) -> int:
    """Let each thread send a statement that lasts until all are running, or patience ends."""
    all_running, running = Barrier(threads), list[Connection]()

    def request(_: int) -> int:
        with pool.connection() as connection:
            running.append(connection)
            at_once = len(running)
            with suppress(BrokenBarrierError):
                all_running.wait(patience)
            running.remove(connection)
        return at_once

    with ThreadPoolExecutor(threads) as executor:
        return max(executor.map(request, range(threads)))


def demo() -> None:
    """Give both pools the same four threads."""
    for pool in (LockedPool(), MendedPool(size=4)):
        most = most_at_once(pool, threads=4, patience=2.0)
        print(f"{type(pool).__name__}: 4 threads, {most} at once; connections opened: {len(pool.opened)}")


if __name__ == "__main__":
    demo()
