# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""The smallest pool whose threads cannot deadlock.

The worst that can happen: every thread holds all its connections but the last, and asks for that one.
If the pool still has one to lend, somebody gets it, ends, and gives all of them back.
Use it as a lower bound, where a request asks for a connection while it holds one. It is not a size to
aim at: hold one at a time, and the bound is one. `sizing/recommend.py` has this bound among others.

Servers: SQLite. None is needed.
"""


# --8<-- [start:bound]
def deadlock_bound(threads: int, held: int) -> int:
    """Return the least sum of pool_size and max_overflow with which threads cannot deadlock.

    Args:
        threads: threads that share the pool, the most requests that a process serves at once (1 or more)
        held: the most connections that one of them holds at once (1 or more)

    Returns:
        connections that a pool needs so that it cannot deadlock
    """
    for name, value in {"threads": threads, "held": held}.items():
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be a whole number, 1 or more, not {value!r}")
    return threads * (held - 1) + 1
# --8<-- [end:bound]


def demo() -> None:
    """Show three bounds: a nested checkout, a deeper one, and none."""
    for threads, held in ((16, 2), (16, 3), (16, 1)):
        print(f"deadlock_bound(threads={threads}, held={held})")
        print(f"  deadlock_bound = {deadlock_bound(threads, held)}")


if __name__ == "__main__":
    demo()
