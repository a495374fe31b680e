# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Who holds the pool's lock, step by step.

Three threads share a pool of two connections. Generators play the threads, one step each in turn, so
every run comes out the same, even where no threads exist. Use it to see why a pool must not wait for
a connection with its own lock in hand, and which order is right. It is not a pool to use.

Servers: SQLite. None is needed.
"""

from collections.abc import Callable, Generator, Iterator

Step = tuple[str, str]  # What a thread wants to do, and with what.
Ask = Generator[Step, str, str]  # It is sent what it got, and returns the connection.
Request = Generator[Step, str, None]


# --8<-- [start:locked]
def locked() -> Ask:
    """Wait for the first connection of the list with the lock in hand."""
    yield "takes", "lock"
    connection = yield "takes", "1"
    yield "gives back", "lock"
    return connection
# --8<-- [end:locked]


# --8<-- [start:mended]
def mended() -> Ask:
    """Look for a free connection with the lock in hand; wait without it."""
    while True:
        yield "takes", "lock"
        connection = yield "finds", "1 or 2"
        yield "gives back", "lock"
        if connection:
            return connection
        yield "waits for", "1 or 2"
# --8<-- [end:mended]


# --8<-- [start:request]
def request(ask: Callable[[], Ask], connections: int = 1) -> Request:
    """Ask for so many connections at once, run a statement, and give them back."""
    held: list[str] = []
    while len(held) < connections:
        held.append((yield from ask()))
    for _ in range(5):  # A statement takes time, in which others can move.
        yield "runs on", held[-1]
    for connection in held:
        yield "gives back", connection
# --8<-- [end:request]


def do(thread: str, step: Step, holder: dict[str, str]) -> str | None:
    """Do a step if it can be done; return what the thread gets by it, or None if it must wait."""
    verb, things = step
    free = [thing for thing in things.split(" or ") if thing not in holder]
    if verb in ("takes", "waits for") and not free:
        return None
    if verb in ("takes", "finds") and free:
        holder[free[0]] = thread
    if verb == "gives back":
        del holder[things]
    return free[0] if free else ""


def rounds(threads: dict[str, Request]) -> Iterator[dict[str, str]]:
    """Let each thread do one step a round; yield what they did, until all end or none can move."""
    holder: dict[str, str] = {}
    next_step = {thread: next(play) for thread, play in threads.items()}
    moved = True
    while next_step and moved:
        moved, words = False, {}
        for thread, step in list(next_step.items()):
            got = do(thread, step, holder)
            holds = ", ".join(thing for thing, owner in holder.items() if owner == thread)
            verb = "waits for" if got is None else step[0]
            words[thread] = f"{verb} {(got or 'none') if verb == 'finds' else step[1]} [{holds}]"
            if got is not None:
                moved = True
                try:
                    next_step[thread] = threads[thread].send(got)
                except StopIteration:
                    del next_step[thread]
        yield words


def demo() -> None:
    """Play both orders: three threads; one that asks twice. Rounds that change nothing are left out."""
    for ask in (locked, mended):
        for names, connections in (("ABC", 1), ("A", 2)):
            print(f"{ask.__name__}; connections for each thread: {connections}; [what it holds]")
            before: dict[str, str] = {}
            for number, words in enumerate(rounds({name: request(ask, connections) for name in names}), 1):
                if words != before:
                    cells = (f"{name} {words.get(name, 'has ended'):25}" for name in names)
                    print(f"{number:4}  {''.join(cells)}".rstrip())
                before = words
            if "waits for" in str(before):
                print("      and there it stays")


if __name__ == "__main__":
    demo()
