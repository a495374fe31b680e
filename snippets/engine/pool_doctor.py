# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Why is the pool exhausted? Ask the leases.

The error is the same whatever the cause. What tells causes apart is, for each connection that is
lent out, how long it has been so, what the server says it is doing (`state` and `wait_event_type`
in PostgreSQL's pg_stat_activity), and whether its holder itself waits for the pool.
Use it on snapshots taken while requests are being refused, and on several of them. Not on one from
quiet hours: a pool that has room says nothing.

Servers: SQLite.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


# --8<-- [start:snapshot]
@dataclass(frozen=True)
class Lease:
    """A connection that is lent out: for how many seconds, to which thread, and what it does."""

    age: float
    holder: str
    state: str = "idle in transaction"
    wait_event_type: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The pool at one moment. `limit` is pool_size + max_overflow, `out` is `checkedout()`."""

    limit: int
    out: int
    leases: tuple[Lease, ...]
    waiting: frozenset[str] = frozenset()
# --8<-- [end:snapshot]


# --8<-- [start:diagnose]
class Cause(Enum):
    """What exhausts the pool, and what to do first."""

    ROOM = "the pool has room: look elsewhere"
    CONNECTING = "connecting hangs or fails: set a connect timeout, look at the server"
    LEAK = "never given back: find the checkout without `with`"
    NESTED = "holders wait for a second connection: pass the first one down"
    HOLD = "held while the database has nothing to do: give back before you wait"
    LOCK = "statements wait for a lock: find the transaction that holds it"
    SLOW = "statements run long: look at the database, more connections add to its load"
    DEMAND = "short leases, too many requests: now a larger pool may help"


def cause_of(lease: Lease, waiting: Iterable[str], usual: float, longest: float) -> Cause:
    """Judge one lease. The order matters: a leak is also a hold, and a nested checkout, too."""
    if lease.holder in waiting:
        return Cause.NESTED
    if lease.state == "active":
        if lease.age <= usual:
            return Cause.DEMAND
        return Cause.LOCK if lease.wait_event_type == "Lock" else Cause.SLOW
    if lease.age > longest:
        return Cause.LEAK
    return Cause.HOLD if lease.age > usual else Cause.DEMAND


def diagnose(snapshot: Snapshot, usual: float = 0.1, longest: float = 60.0) -> Counter[Cause]:
    """Return the causes, each with the number of connections that it takes away.

    `usual` is how many seconds a request normally holds a connection; `longest` is how long the
    longest may live, by your server's own timeout.
    """
    if snapshot.out < snapshot.limit:
        return Counter({Cause.ROOM: snapshot.limit - snapshot.out})
    causes = Counter(
        cause_of(lease, snapshot.waiting, usual, longest) for lease in snapshot.leases
    )
    # A connection that is still being opened takes a place in the pool, but is no lease yet.
    causes[Cause.CONNECTING] = snapshot.out - len(snapshot.leases)
    return +causes
# --8<-- [end:diagnose]


def demo() -> None:
    """Diagnose four snapshots of a pool of three."""
    busy = Lease(0.02, "a", "active")
    for leases, waiting in (
        ([Lease(900, "gone"), Lease(400, "gone too"), busy], []),
        ([Lease(5, "a"), Lease(5, "b"), Lease(5, "c")], ["a", "b", "c"]),
        ([Lease(8, "a", "active", "Lock"), Lease(7, "b", "active", "Lock"), Lease(9, "c")], []),
        ([busy], ["d"]),
    ):
        snapshot = Snapshot(3, 3, tuple(leases), frozenset(waiting))
        for cause, connections in diagnose(snapshot).most_common():
            print(f"{connections} of 3: {cause.value}")
        print("--")


if __name__ == "__main__":
    demo()
