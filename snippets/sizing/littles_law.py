# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Little's law for a pool.

The connections in use, on average, are the requests per second times the seconds that each holds one.
That needs no assumption on how requests arrive, as long as they are served about as fast as they come.
Use it to see whether a size can be right at all, from two numbers that you have in your logs. Not the
last word: an average says nothing of bursts, which is what the target below 100 % is for. It takes all
pools of a service as one; `sizing/recommend.py` goes from threads and cores to the pool of a process.

Servers: SQLite. None is needed.
"""

from dataclasses import dataclass
from math import ceil


# --8<-- [start:law]
@dataclass(frozen=True)
class Load:
    """What requests ask of a pool.

    Attributes:
        in_use: connections in use, on average
        enough: connections that are enough for the target
        longest_ms: milliseconds for which a request may hold one, on average, with the pool that you have
    """

    in_use: float
    enough: int
    longest_ms: float


def littles_law(*, rate: float, held_ms: float, target: int, connections: int) -> Load:
    """Return how many connections are in use, how many are enough, and how long each may be held.

    Args:
        rate: requests per second that take a connection (0.001 to 1000000)
        held_ms: milliseconds for which each holds it, on average (0.001 to 1000000)
        target: percent of the connections that may be in use on average (1 to 99)
        connections: connections that the service has now, in all its pools (1 to 1000000)
    """
    for name, value, low, high in (
        ("rate", rate, 0.001, 1_000_000),
        ("held_ms", held_ms, 0.001, 1_000_000),
        ("target", target, 1, 99),
        ("connections", connections, 1, 1_000_000),
    ):
        kind = "whole number" if isinstance(low, int) else "number"
        if not isinstance(value, int if isinstance(low, int) else (int, float)) or not low <= value <= high:
            raise ValueError(f"{name} must be a {kind} from {low} to {high}, not {value!r}")
    return Load(
        in_use=rate * held_ms / 1000,
        enough=ceil(rate * held_ms / (10 * target)),  # One division: what comes out even stays so.
        longest_ms=10 * target * connections / rate,
    )
# --8<-- [end:law]


def demo() -> None:
    """Compare a service with the same service when each request holds its connection for longer."""
    for held_ms in (20, 200):
        load = littles_law(rate=200, held_ms=held_ms, target=60, connections=10)
        print(f"littles_law(rate=200, held_ms={held_ms}, target=60, connections=10)")
        for name, value in vars(load).items():
            print(f"  {name} = {value:g}")


if __name__ == "__main__":
    demo()
