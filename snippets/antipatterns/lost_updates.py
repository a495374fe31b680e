# ANTI-PATTERN: read, change in Python, write back; see engine/begin_immediate.py for the cure.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""Anti-pattern: read, change and write back, on SQLite as it comes.

Python's sqlite3 sends BEGIN before the first statement that writes, not before a SELECT. So what
your transaction has read is not protected: two requests read the same number, both commit, and one
of the two changes is gone. Nobody gets an error.
When to use it all the same: where only one request at a time writes, as in a script.
When not: in a web server. Change the value in SQL, or begin with BEGIN IMMEDIATE.

Servers: SQLite.
"""

from collections.abc import Callable
from functools import partial
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine, event, text

READ = text("SELECT visits FROM demo_page")
WRITE = text("UPDATE demo_page SET visits = :visits")
Meanwhile = Callable[[], object]


# --8<-- [start:visit]
# ANTI-PATTERN: read, change in Python, write back; see engine/begin_immediate.py for the cure.
def in_python(engine: Engine, meanwhile: Meanwhile = lambda: None) -> None:
    """Count a visit; `meanwhile` is what other requests do before this one writes."""
    with engine.begin() as connection:
        visits = connection.scalars(READ).one()
        meanwhile()
        connection.execute(WRITE, {"visits": visits + 1})
# --8<-- [end:visit]


def in_sql(engine: Engine, meanwhile: Meanwhile = lambda: None) -> None:
    """Do the same in a single statement, which nobody can come in between."""
    with engine.begin() as connection:
        meanwhile()
        connection.execute(text("UPDATE demo_page SET visits = visits + 1"))


def open_page(engine: Engine) -> None:
    """Make a page that nobody has visited."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE demo_page AS SELECT 0 AS visits"))


def counted(engine: Engine) -> int:
    """Return how many visits the page has counted."""
    with engine.connect() as connection:
        return int(connection.scalars(READ).one())


def sent(engine: Engine, visit: Callable[[Engine], None]) -> list[str]:
    """Return the first word of each statement that reaches SQLite during a visit."""
    statements: list[str] = []
    event.listen(engine, "checkout", lambda raw, *_: raw.set_trace_callback(statements.append))
    visit(engine)
    return [statement.split()[0] for statement in statements]


def demo() -> None:
    """Let a second visit begin and end while the first has yet to write."""
    with TemporaryDirectory() as folder:
        for visit in (in_python, in_sql):
            engine = create_engine(f"sqlite:///{folder}/{visit.__name__}.db")
            open_page(engine)
            visit(engine, meanwhile=partial(visit, engine))
            print(f"{visit.__name__}: both visits commit, and the page counts {counted(engine)}")
            print(f"  what SQLite gets of one: {', '.join(sent(engine, visit))}")
            engine.dispose()


if __name__ == "__main__":
    demo()
