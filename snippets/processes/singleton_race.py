# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""A lazy singleton needs a lock.

"Make it if there is none" is two steps, and a second thread fits in between: both find none, both make
one. Two engines are two pools, so your limit counts twice. `functools.cache` remembers what a call has
returned; it does not keep a second call out while the first one runs.
Use `once` where an engine cannot be made at import. Do not use it otherwise: `create_engine` does not
connect, so an engine at module level is lazy enough, and Python imports a module once.

Servers: SQLite.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from threading import Barrier, BrokenBarrierError, Lock

from sqlalchemy import Engine, create_engine

Make = Callable[[], Engine]


# --8<-- [start:unlocked]
def unlocked(make: Make) -> Make:
    """Return a function that makes the engine at its first call; two threads may both be first."""
    engine: Engine | None = None

    def get() -> Engine:
        nonlocal engine
        if engine is None:
            engine = make()
        return engine

    return get
# --8<-- [end:unlocked]


# --8<-- [start:once]
def once(make: Make) -> Make:
    """Return a function that makes the engine at its first call. Other threads wait for it."""
    lock, remembered = Lock(), cache(make)

    def get() -> Engine:
        with lock:
            return remembered()

    return get
# --8<-- [end:once]


# --8<-- [start:race]
def race(lazy: Callable[[Make], Make], patience: float = 30.0) -> list[Engine]:
    """Return the engines made when two threads ask at once; each waits `patience` seconds for the other to come in."""
    made: list[Engine] = []
    both_are_in = Barrier(2)

    def make() -> Engine:
        with suppress(BrokenBarrierError):
            both_are_in.wait(patience)
        made.append(create_engine("sqlite://"))
        return made[-1]

    get = lazy(make)
    with ThreadPoolExecutor(2) as threads:
        for asked in [threads.submit(get), threads.submit(get)]:
            asked.result()
    return made
# --8<-- [end:race]


def demo() -> None:
    """Count the engines that two threads make."""
    print(f"engines made without a lock: {len(race(unlocked))}")
    print(f"engines made with functools.cache: {len(race(cache))}")
    print(f"engines made with functools.cache and a lock: {len(race(once, patience=0.2))}")


if __name__ == "__main__":
    demo()
