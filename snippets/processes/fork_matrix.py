# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1", "pymysql>=1.1"]
# ///
"""What a forked child does, and what becomes of its parent's connection.

The child has a copy of the pool and the parent's own sockets. It does no harm as long as it sends
nothing: not by a question, and not by a goodbye. `dispose()` says goodbye, in the parent's name.
`dispose(close=False)` does not; but mysqlclient says it for every connection that Python throws away, so
with that driver a child that ends normally, or collects its garbage, ends the parent's connection, too.
Use it to see what your driver does: `mariadb+mysqldb://` works here if it is installed. Not to conclude
that a child may ask, as long as the parent waits: it may be killed before it has read the answer. Two
that ask at once are in `antipatterns/fork_wrong_rows.py`.

Servers: PostgreSQL, MariaDB. `DATABASE_URL` names it.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, text


# --8<-- [start:ask]
def ask(engine: Engine, number: int) -> str:
    """Select a number; return whether it came back, or another one, or the name of the error."""
    try:
        with engine.connect() as connection:
            found = connection.scalars(text(f"SELECT {number:d}")).all()
    except Exception as error:
        return type(error).__name__
    return "the right row" if found == [number] else "a wrong row"


def ask_and_die(engine: Engine) -> None:
    """Ask, and end before the answer is read, as a worker does that is killed while it waits."""
    send: dict[str, Callable[[Any], object]] = {
        "psycopg": lambda driver: driver.pgconn.send_query_params(b"SELECT 99", None),
        "pymysql": lambda driver: driver._execute_command(3, b"SELECT 99"),
        "mysqldb": lambda driver: driver.send_query(b"SELECT 99"),
    }
    send[engine.driver](engine.raw_connection().driver_connection)
    os._exit(0)
# --8<-- [end:ask]


# --8<-- [start:actions]
# Drops the inherited connections and closes none of them.
forget: Callable[[Engine], object] = partial(Engine.dispose, close=False)

# What a child does. Each ends with os._exit(), as those of multiprocessing do, if it does not say how.
ACTIONS: dict[str, Callable[[Engine], object]] = {
    "nothing": lambda _: None,
    "nothing, and ends normally": lambda _: sys.exit(),
    "dispose()": Engine.dispose,
    "dispose(close=False)": forget,
    "dispose(close=False), and ends normally": lambda engine: (forget(engine), sys.exit()),
    "dispose(close=False), and collects garbage": lambda engine: (forget(engine), gc.collect()),
    "asks, and reads the answer": lambda engine: ask(engine, 99),
    "asks, and is killed before it reads": ask_and_die,
}
# --8<-- [end:actions]


def in_a_child(work: Callable[[Engine], object], engine: Engine) -> None:
    """Do some work in a forked process, and wait for its end."""
    sys.stdout.flush()  # What is in the buffer is copied, too, and a normal end would print it again.
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)  # A child that waits for an answer must not wait for ever.
        work(engine)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise ChildProcessError(f"the child ended with {code}")


def parent_gets(url: str, work: Callable[[Engine], object]) -> str:
    """Connect, let a child do its work, then ask; return what came."""
    # In AUTOCOMMIT, a question is one message, and an answer that is not its own goes unnoticed.
    engine = create_engine(url, pool_size=1, max_overflow=0, isolation_level="AUTOCOMMIT")
    ask(engine, 0)
    in_a_child(work, engine)
    answer = ask(engine, 1)
    engine.dispose()
    return answer


def demo() -> None:
    """Print the table for the driver of the URL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgresql", "mariadb", "mysql")):
        sys.exit("Set DATABASE_URL to a PostgreSQL or MariaDB: postgresql+psycopg://user:password@host/database")
    print(f"{'what the child does':44}what the parent's next question gets")
    for name, work in ACTIONS.items():
        print(f"{name:44}{parent_gets(url, work)}")


if __name__ == "__main__":
    demo()
