# ANTI-PATTERN: a pool that has connected, used after a fork; the child must dispose(close=False).
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""Anti-pattern: forked children that share a warm pool.

A fork copies the pool, but not the sockets in it: all children write into the same stream, and whoever
reads first gets the answer, whoever had asked. That can be somebody else's row, without any error.
The cure is one line where the child begins: `engine.dispose(close=False)` forgets what it inherited. A
plain `dispose()` closes it, and it is the parent's.
When to use it all the same: never. When not: under a server that forks, in multiprocessing, in a task
queue; `processes/fork_safe_engine.py` has a cure that nobody can forget.

Servers: PostgreSQL. `DATABASE_URL` names it.
"""

import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial

from sqlalchemy import Engine, create_engine, text

# It takes a moment, so that the children's questions overlap.
QUESTION = text("SELECT :number FROM pg_sleep(0.01)")


# --8<-- [start:children]
# ANTI-PATTERN, if the engine has connected and `begin` does not forget what the child inherits.
def child(engine: Engine, begin: Callable[[Engine], None], first: int, report: int) -> None:
    """Ask for ten numbers, and report how each answer was; this is all that the process does."""
    logging.disable()
    signal.alarm(20)  # Whose answer another child has read would wait for ever.
    begin(engine)
    for number in range(first, first + 10):
        os.write(report, f"{ask(engine, number)}\n".encode())


def ask(engine: Engine, number: int) -> str:
    """Select a number; return `right` or `wrong`, or the name of the error."""
    try:
        with engine.connect() as connection:
            answers = connection.scalars(QUESTION, {"number": number}).all()
    except Exception as error:
        return type(error).__name__
    return "right" if answers == [number] else "wrong"
# --8<-- [end:children]


def warm_engine(url: str) -> Engine:
    """Return an engine whose pool has connected once. In AUTOCOMMIT, a question is one message."""
    engine = create_engine(url, pool_size=1, max_overflow=0, isolation_level="AUTOCOMMIT")
    engine.connect().close()
    return engine


def fork(work: Callable[[], None]) -> int:
    """Do some work in a forked process; return the id of the process."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)  # Whatever happens: the rest of the program is the parent's.
    return pid


def answers(engine: Engine, begin: Callable[[Engine], None]) -> Counter[str]:
    """Let four children ask at once; count the answers until one is not right, then end them all."""
    reports, report = os.pipe()
    pids = [fork(partial(child, engine, begin, 1000 * number, report)) for number in range(4)]
    os.close(report)
    count = Counter[str]()
    with os.fdopen(reports) as lines:
        for line in lines:
            count[line.strip()] += 1
            if line != "right\n":
                break
    for pid in pids:
        if set(count) != {"right"}:
            os.kill(pid, signal.SIGKILL)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGALRM:
            count["no answer"] += 1
    return count


def demo() -> None:
    """Fork with a warm pool, and let the children begin in three ways."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    ways: dict[str, Callable[[Engine], None]] = {
        "nothing": lambda _: None,
        "dispose()": Engine.dispose,
        "dispose(close=False)": partial(Engine.dispose, close=False),
    }
    for name, begin in ways.items():
        for _ in range(3):  # Which answers go wrong is chance; that all are right three times is not.
            engine = warm_engine(url)
            right = set(answers(engine, begin)) == {"right"}
            parent = ask(engine, 0)
            engine.dispose()
            if not right:
                break
        print(f"child begins with {name}: every answer is right: {right}")
        if right:
            print(f"  the parent's connection still works: {parent == 'right'}")


if __name__ == "__main__":
    demo()
