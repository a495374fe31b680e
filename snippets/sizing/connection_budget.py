# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""The connection budget of a service.

Each worker process has a pool of its own, and while a deployment rolls, old and new workers run at once.
Use it before you change workers, pools or services; what one service asks for is a part of `others`
for the next. It does not say which size is fast, or safe from deadlock: `sizing/recommend.py` does.

Servers: SQLite. None is needed.
"""

from dataclasses import dataclass


# --8<-- [start:budget]
@dataclass(frozen=True)
class Budget:
    """What a service may ask for, and what there is.

    Attributes:
        asked: connections that the service can ask for
        granted: connections that are there for it
        left: connections left over; below zero, somebody will be refused
        largest: the largest pool that fits, with that overflow; 0 means that none does
    """

    asked: int
    granted: int
    left: int
    largest: int


def connection_budget(
    *,
    workers: int,
    pool_size: int = 5,
    max_overflow: int = 10,
    copies: int = 2,
    max_connections: int = 100,
    reserved: int = 3,
    share: int = 10,
    others: int = 0,
) -> Budget:
    """Return whether the pools of a service fit. The defaults are SQLAlchemy's and PostgreSQL's.

    Args:
        workers: worker processes of the service, on all hosts (1 or more)
        pool_size: connections that the pool of each may keep (1 or more)
        max_overflow: connections beyond these, in a busy moment (0 or more)
        copies: times that all workers run at once: 2 while a deployment rolls (1 or more)
        max_connections: connections that the server has (1 or more)
        reserved: slots of these for superusers: 3 on PostgreSQL, 0 on MariaDB (0 or more)
        share: connections to keep free for migrations, monitoring, cron and psql (0 or more)
        others: connections that all other services on the server can ask for (0 or more)
    """
    for name, value in locals().copy().items():
        least = int(name in ("workers", "pool_size", "copies", "max_connections"))
        if not isinstance(value, int) or value < least:
            raise ValueError(f"{name} must be a whole number, {least} or more, not {value!r}")
    asked = workers * (pool_size + max_overflow) * copies
    granted = max_connections - reserved - share - others
    largest = max(0, granted // (workers * copies) - max_overflow)
    return Budget(asked, granted, left=granted - asked, largest=largest)
# --8<-- [end:budget]


def demo() -> None:
    """Put a web service beside a job runner: with the pool that create_engine makes, and without overflow."""
    jobs = connection_budget(workers=4, pool_size=2, max_overflow=0).asked
    for overflow in (10, 0):
        budget = connection_budget(workers=4, max_overflow=overflow, others=jobs)
        print(f"connection_budget(workers=4, max_overflow={overflow}, others={jobs})")
        for name, value in vars(budget).items():
            print(f"  {name} = {value}")


if __name__ == "__main__":
    demo()
