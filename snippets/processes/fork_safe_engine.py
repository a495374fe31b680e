# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""An engine that survives a fork.

The sockets in a pool belong to the process that opened them. `fork_safe_engine` has every forked child forget them
before any other code of the child runs: its pool is empty, and it connects anew. The parent's pool is not touched.
Use it where you do not control who forks: multiprocessing, task queues, a server that preloads the application. It
does not help a connection that is checked out at the moment of the fork: give it back before you fork.

Servers: PostgreSQL. `DATABASE_URL` names it.
"""

import multiprocessing
import os
import signal
import sys
import weakref
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine, text


# --8<-- [start:engine]
def fork_safe_engine(url: str, **options: Any) -> Engine:
    """Return an engine whose pool is emptied in each forked child; `options` are create_engine's."""
    engine = create_engine(url, **options)
    # A hook stays for ever. It holds a reference that lets the engine go.
    reference = weakref.ref(engine)

    def forget() -> None:
        inherited = reference()
        if inherited is not None:
            inherited.dispose(close=False)  # Forget, not close: the other end would take it for the parent's wish.

    os.register_at_fork(after_in_child=forget)
    return engine
# --8<-- [end:engine]


def server_process(engine: Engine) -> int:
    """Return the id of the server process behind the engine's connection."""
    with engine.connect() as connection:
        return int(connection.scalars(text("SELECT pg_backend_pid()")).one())


def in_a_child(ask: Callable[[], int]) -> int:
    """Return what a forked child returns."""
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)

    def work() -> None:
        signal.alarm(20)  # A child that waits for an answer must not wait for ever.
        sender.send(ask())

    child = fork.Process(target=work)
    child.start()
    sender.close()
    answer = int(receiver.recv())
    child.join()
    return answer


def demo() -> None:
    """Use one engine in a parent and in two children."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    engine = fork_safe_engine(url)
    parent = server_process(engine)
    children = {in_a_child(lambda: server_process(engine)) for _ in range(2)}
    print(f"server processes of the parent and two children: {len(children | {parent})}")
    print(f"the parent keeps its own: {server_process(engine) == parent}")
    engine.dispose()


if __name__ == "__main__":
    demo()
