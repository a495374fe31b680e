# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""The cores that do nothing but connect.

Connects per second, times the CPU seconds of one connect, are the cores that connecting keeps busy. A
pool changes the first factor: it connects when a connection is replaced, not when a request comes.
Use it with figures of your own: open and close a few thousand connections, and divide the CPU seconds
that this took by their number; those of the client and those of the server, each on its machine. It
is an average: it does not say what a burst does, or how long a request waits.

Servers: SQLite.
"""


# --8<-- [start:model]
def cores_connecting(connects_per_second: float, cpu_seconds_per_connect: float) -> float:
    """Return how many cores connecting keeps busy, on average; 1.0 is one core, all the time."""
    return connects_per_second * cpu_seconds_per_connect


def share_of_machine(cores_busy: float, cores: int) -> float:
    """Return which part of a machine with so many cores that is; above 1.0 it is too much for it."""
    return cores_busy / cores


def most_requests_per_second(cores: int, cpu_seconds_per_connect: float) -> float:
    """Return at how many requests per second, if each one connects, so many cores do nothing else."""
    return cores / cpu_seconds_per_connect


def pool_connects_per_second(connections: int, recycle_seconds: float) -> float:
    """Return how often per second a busy pool connects, at most, once all its connections are open.

    `connections` is the sum of `pool_size` over all processes. Overflow is not counted: it connects
    again and again. `recycle_seconds` is `pool_recycle`, more than 0, or -1 for never.
    """
    return 0.0 if recycle_seconds == -1 else connections / recycle_seconds
# --8<-- [end:model]


def demo() -> None:
    """Put assumptions into the model, and say that they are assumptions."""
    requests, cores, connections, recycle = 200, 4, 20, 1800
    pooled = pool_connects_per_second(connections, recycle)
    print(f"Assume {requests} requests per second and {cores} cores. Without a pool: {requests} connects per second.")
    print(f"Assume {connections} connections in pools, replaced every {recycle} seconds: {pooled:.3f} per second.")
    for cost in (0.001, 0.005, 0.025):
        busy = cores_connecting(requests, cost)
        share, most = share_of_machine(busy, cores), most_requests_per_second(cores, cost)
        print(f"If a connect costs {cost} seconds of CPU, connecting takes")
        print(f"  {busy:.1f} cores without a pool: {share:.0%} of all, and all at {most:.0f} requests per second;")
        print(f"  {cores_connecting(pooled, cost):.5f} cores with the pools.")


if __name__ == "__main__":
    demo()
