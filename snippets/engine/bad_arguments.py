# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""When a wrong pool argument shows.

Most are refused by `create_engine`. Not so text in place of a number, and text is all that the
environment holds: some of it fails at the first connect, `pool_timeout` only when the pool is
exhausted. And the text "false" is true: it switches on. `from_text` reads such settings.
Use `shows` in a test of your own configuration. Not in a running service: it exhausts the pool.

Servers: SQLite.
"""

from contextlib import ExitStack
from typing import Any

from sqlalchemy import Engine, NullPool, QueuePool, create_engine, engine_from_config
from sqlalchemy.exc import TimeoutError as PoolTimeout


# --8<-- [start:shows]
def shows(url: str, **options: Any) -> str:
    """Return when an engine with these options fails, and how; "never" if it does not.

    Give it a short `pool_timeout`, for it waits that long.
    """
    moment = "at create_engine()"
    try:
        with ExitStack() as undo:
            engine = create_engine(url, **options)
            undo.callback(engine.dispose)
            moment = "at the first connect"
            engine.connect().close()
            moment = "when all are lent out"
            for _ in range(100):
                undo.enter_context(engine.connect())
    except PoolTimeout:
        return "never"
    except Exception as error:
        return f"{moment}: {type(error).__name__}: {error}"
    return "never; and nothing limits it"
# --8<-- [end:shows]


# --8<-- [start:text]
# As they come from the environment or from a file: all of it is text.
SETTINGS = {
    "db.url": "sqlite:///shop.db",
    "db.pool_size": "3",
    "db.max_overflow": "0",
    "db.pool_timeout": "5",
    "db.pool_recycle": "1800",
    "db.pool_pre_ping": "false",
}


def from_text(settings: dict[str, str]) -> Engine:
    """Make an engine of them. SQLAlchemy converts the numbers, but not what is true or false."""
    flags = {"true": True, "false": False}
    meant = {name: flags.get(value.lower(), value) for name, value in settings.items()}
    return engine_from_config(meant, prefix="db.")
# --8<-- [end:text]


def demo() -> None:
    """Pass each mistake to an engine with the default pool."""
    queue = {"poolclass": QueuePool, "pool_timeout": 0.2}
    mistakes: dict[str, dict[str, Any]] = {
        "none": queue,
        "pool_sise=5": {**queue, "pool_sise": 5},
        "pool_class=QueuePool": {"pool_class": QueuePool},
        "NullPool with pool_size=5": {"poolclass": NullPool, "pool_size": 5},
        "pool_size='5'": {**queue, "pool_size": "5"},
        "max_overflow='10'": {**queue, "max_overflow": "10"},
        "pool_recycle='1800'": {**queue, "pool_recycle": "1800"},
        "pool_timeout='30'": {**queue, "pool_timeout": "30"},
        "pool_pre_ping='false'": {**queue, "pool_pre_ping": "false"},
        "pool_size=0": {**queue, "pool_size": 0},
    }
    for mistake, options in mistakes.items():
        print(f"{mistake}: fails {shows('sqlite://', **options).partition(' sent to')[0]}")
    print("from text:", from_text(SETTINGS).pool.status())


if __name__ == "__main__":
    demo()
