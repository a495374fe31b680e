# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""The pool's defaults, as your SQLAlchemy has them.

Read from the library itself, so they are those of the version that you run. They have been the same
since 1.3; what changed is which URLs get this pool.
Use it to see what your service runs with when nobody chose. Not as a recommendation: with these, a
request waits 30 seconds before it fails, and a connection that died is lent once more.

Servers: SQLite.
"""

from inspect import signature
from typing import Any

from sqlalchemy import Pool, QueuePool, create_engine


# --8<-- [start:defaults]
def pool_defaults() -> dict[str, Any]:
    """Return each pool argument of `create_engine` with the value it has if you do not pass it."""
    queue, every = signature(QueuePool).parameters, signature(Pool).parameters
    return {
        "pool_size": queue["pool_size"].default,
        "max_overflow": queue["max_overflow"].default,
        "pool_timeout": queue["timeout"].default,
        "pool_use_lifo": queue["use_lifo"].default,
        "pool_recycle": every["recycle"].default,
        "pool_pre_ping": every["pre_ping"].default,
        "pool_reset_on_return": every["reset_on_return"].default,
    }
# --8<-- [end:defaults]


# --8<-- [start:meaning]
MEANING = {
    "pool_size": "connections that stay open once they were needed",
    "max_overflow": "connections beyond them, closed when they come back",
    "pool_timeout": "seconds to wait when all are lent out",
    "pool_use_lifo": "lend the one that came back first, not last",
    "pool_recycle": "connections may grow as old as they like",
    "pool_pre_ping": "do not ask whether the server is still there",
    "pool_reset_on_return": "roll back what is given back",
}
# --8<-- [end:meaning]


def demo() -> None:
    """Print the defaults, and see that an engine has them."""
    for name, value in pool_defaults().items():
        print(f"{name:20} {value!s:5}  {MEANING[name]}")
    pool = create_engine("sqlite:///not-opened.db").pool
    assert isinstance(pool, QueuePool)
    print(f"an engine's pool: size {pool.size()}, timeout {pool.timeout()}, {pool.status()}")


if __name__ == "__main__":
    demo()
