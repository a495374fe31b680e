# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""A connection comes back, and somebody gets it.

Six clients share two connections, in a simulation without threads, so that every run comes out the
same. Either what comes back lies free for whoever asks first, and a client that waits needs a moment
to wake up; or it goes into the hands of whoever has waited longest. Use it to see when that makes a
difference, and change the numbers. It is not a pool to use, and its times are no measurement.

Servers: SQLite. None is needed.
"""

from collections import deque
from heapq import heappop, heappush
from itertools import count


# --8<-- [start:simulate]
def simulate(
    handed: bool, pause: int, hold: int = 10, wake: int = 2, connections: int = 2, until: int = 120
) -> str:
    """Return who gets a connection, in order, if what comes back is handed on, or lies free."""
    free, line, order = connections, deque[str](), count()
    events = [(0, next(order), "asks", client) for client in "ABCDEF"]

    def after(delay: int, what: str, client: str) -> None:
        heappush(events, (now + delay, next(order), what, client))

    got = ""
    while events[0][0] < until:
        now, _, what, client = heappop(events)
        if what == "asks" and not free:
            line.append(client)  # Also one that was woken for nothing: it has lost its place.
        elif what == "gives back":
            if handed and line:
                after(wake, "is handed it", line.popleft())  # Nobody can take it in between.
            else:
                free += 1
                if line:
                    after(wake, "asks", line.popleft())  # By then, it may be gone.
            after(pause, "asks", client)
        else:
            free -= what == "asks"
            got += client
            after(hold, "gives back", client)
    return got
# --8<-- [end:simulate]


def demo() -> None:
    """Play both ways, with no pause between two requests, and with pauses around the time to wake up."""
    print("waking up takes 2   who gets it, in order")
    for handed, pauses in [(False, (0, 1, 3)), (True, (0, 3))]:
        for pause in pauses:
            way = "handed on" if handed else "lies free"
            print(f"{way}, pause {pause}  {simulate(handed, pause)}")


if __name__ == "__main__":
    demo()
