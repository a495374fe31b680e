# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""A pool size with its reasons.

Three bounds decide: with too few connections, threads wait for each other for ever; with enough, the
database's cores are busy and more give nothing; with too many, the server refuses. Use it for a first
size, and sweep your own statements then. It does not know about locks: a row that everybody updates
wants fewer connections than this says.

Servers: SQLite. None is needed.
"""

from dataclasses import dataclass
from math import ceil


# --8<-- [start:service]
@dataclass(frozen=True)
class Service:
    """What decides. Count the processes on all hosts, old and new ones of a deployment together."""

    processes: int
    threads: int  # In each process: the most requests that it serves at once.
    held: int = 1  # The most connections that one request holds at once.
    cores: int = 2  # Of the database's machine.
    waiting_percent: int = 50  # The part of the time it is lent in which a connection needs no core.
    max_connections: int = 100  # The server's.
    reserve: int = 10  # For the superuser, migrations, monitoring, other services.
# --8<-- [end:service]


@dataclass(frozen=True)
class Advice:
    """What to pass to create_engine in each process, and why."""

    pool_size: int
    reasons: tuple[str, ...]
    max_overflow: int = 0  # Overflow is closed at each return, and the budget is for all of it.


class NoSizeFits(ValueError):
    """What is safe from deadlock is more than the server grants; the text says what to change."""


# --8<-- [start:recommend]
def recommend(service: Service) -> Advice:
    """Return a size for the pool of each process, or raise NoSizeFits."""
    granted = service.max_connections - service.reserve
    budget = granted // service.processes
    # If every other thread lacks just its last connection, one can still get all of its own.
    safe = service.threads * (service.held - 1) + 1
    if safe > budget:
        raise NoSizeFits(f"{safe} to be safe, {budget} granted: {changes(service, safe)}")
    most = service.threads * service.held
    # So many that each core has one to work for while the others wait.
    computing = (100 - service.waiting_percent) * service.processes
    useful = ceil(service.cores * 100 / computing) if computing else most
    reasons = (
        f"at least {safe}: {service.threads} threads x ({service.held} - 1) + 1, or they deadlock",
        f"{useful} keep {service.cores} cores busy: {service.waiting_percent} % waiting, {service.processes} processes",
        f"at most {most}: {service.threads} threads x {service.held}, more are never used",
        f"at most {budget}: ({service.max_connections} - {service.reserve}) / {service.processes} processes",
    )
    return Advice(max(safe, min(useful, most, budget)), reasons)


def changes(service: Service, safe: int) -> str:
    """Say what would make room; each change is enough by itself."""
    granted = service.max_connections - service.reserve
    budget = granted // service.processes
    others = service.held - 1
    limits = {
        "held": 1 + (budget - 1) // service.threads,
        "threads": (budget - 1) // others if others else 0,
        "processes": granted // safe,
    }
    ways = [f"{name}={most}" for name, most in limits.items() if most > 0]
    ways.append(f"max_connections={safe * service.processes + service.reserve}")
    return f"change to {' or '.join(ways)}"
# --8<-- [end:recommend]


def demo() -> None:
    """Advise five services on the same server."""
    for service in (
        Service(processes=1, threads=16),
        Service(processes=1, threads=16, waiting_percent=90),
        Service(processes=4, threads=16, waiting_percent=90),
        Service(processes=1, threads=16, held=2),
        Service(processes=4, threads=16, held=3),
    ):
        print(service)
        try:
            advice = recommend(service)
        except NoSizeFits as problem:
            print(f"  no size fits: {problem}")
        else:
            print(f"  pool_size={advice.pool_size}, max_overflow={advice.max_overflow}")
            for reason in advice.reasons:
                print(f"    {reason}")


if __name__ == "__main__":
    demo()
