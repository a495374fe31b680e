# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""A failed connect wakes nobody.

When an attempt to connect fails, QueuePool makes room for another one, but it tells none of the
threads that wait for room. Who waits sits out the whole `pool_timeout`, and connects only then; who
comes later walks in at once. So an outage of a second holds requests up for half a minute.
Use a short `pool_timeout`, and a `connect_timeout` of the driver that is shorter still. Not solved
by a larger pool; solved by one that hands room over to who waits, as psycopg's own pool does.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, SQLite in memory.
"""

import os
import sys
from threading import Condition, Event, Thread
from time import monotonic, sleep

from sqlalchemy import Engine, QueuePool, create_engine, event


# --8<-- [start:outage]
class Outage:
    """The first attempt of an engine to connect hangs until `failing` is set, and then fails."""

    def __init__(self, engine: Engine) -> None:
        self.connecting, self.failing = Event(), Event()
        event.listen(engine, "do_connect", self.connect)

    def connect(self, *_: object) -> None:
        """Stand in the driver's way, once."""
        if not self.connecting.is_set():
            self.connecting.set()
            self.failing.wait()
            raise ConnectionRefusedError("the server is away")


def stands_in_line(thread: Thread) -> bool:
    """Tell whether a thread waits in a condition, as those do that wait for a pool."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code is Condition.wait.__code__
# --8<-- [end:outage]


# --8<-- [start:requests]
def served(engine: Engine, latecomer: bool) -> list[tuple[str, float]]:
    """Let one request fail to connect while a second waits; return who is served, and its wait.

    The pool must have room for one connection. A latecomer begins after the failure.
    """
    outage = Outage(engine)
    answers: list[tuple[str, float]] = []

    def request(name: str) -> None:
        begun = monotonic()
        try:
            with engine.connect():
                answers.append((name, monotonic() - begun))
        except ConnectionRefusedError:
            return

    first, second = (Thread(target=request, args=[name]) for name in ("first", "second"))
    first.start()
    outage.connecting.wait()
    second.start()
    while not stands_in_line(second):
        sleep(0.001)
    outage.failing.set()
    first.join()  # There is room from here on.
    if latecomer:
        request("latecomer")
    second.join()
    return answers
# --8<-- [end:requests]


def demo() -> None:
    """Show how long the second request waits, and who is served before it."""
    url = os.environ.get("DATABASE_URL", "sqlite://?check_same_thread=false")
    for latecomer, timeout in [(False, 0.2), (True, 30.0)]:
        engine = create_engine(
            url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=timeout
        )
        print(f"pool_timeout={timeout}, latecomer={latecomer}")
        for name, waited in served(engine, latecomer):
            print(f"  the {name} is served; it waited the whole timeout: {waited > 0.9 * timeout}")
        engine.dispose()


if __name__ == "__main__":
    demo()
