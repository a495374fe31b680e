# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Two clients, one stream of answers: who gets whose row.

A database answers in the order in which it was asked, and an answer does not say for whom it is: it is
a length and so many bytes. Two threads or processes that read one socket share these bytes by chance.
Here there is no chance: two clients take three steps each, in each of the 20 orders that there are.
Use it to see why one mistake shows as wrong rows, as nonsense and as a hang. It is not a client of any
database; `antipatterns/fork_wrong_rows.py` does the same to a real one.

Servers: SQLite.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations


# --8<-- [start:stream]
class Stream:
    """A connection, and the server at its other end, which answers at once and in order."""

    def __init__(self) -> None:
        """Begin with nothing to read."""
        self.answers = bytearray()

    def ask(self, name: str) -> None:
        """Ask for the row of this name: the answer is its length in a byte, then the row."""
        row = f"row of {name}".encode()
        self.answers += bytes([len(row)]) + row

    def read(self, size: int) -> bytes:
        """Take so many bytes off the stream, whoever had asked for them."""
        if size > len(self.answers):
            raise BlockingIOError("waits for ever")  # Nobody asks any more, so no more will come.
        taken = bytes(self.answers[:size])
        del self.answers[:size]
        return taken
# --8<-- [end:stream]


# --8<-- [start:client]
def client(name: str, stream: Stream, got: dict[str, str]) -> Iterator[None]:
    """Ask for a row and read it; at each `yield`, the other one may go on first."""
    stream.ask(name)
    yield
    try:
        (length,) = stream.read(1)
        yield
        got[name] = stream.read(length).decode()
    except BlockingIOError as error:
        got[name] = str(error)


def play(order: str, streams: dict[str, Stream]) -> dict[str, str]:
    """Let clients take their steps in an order such as `aabbab`; return what each one got."""
    got: dict[str, str] = {}
    clients = {name: client(name, stream, got) for name, stream in streams.items()}
    for name in order:
        next(clients[name], None)
    return got
# --8<-- [end:client]


def one_for_both() -> dict[str, Stream]:
    """Let the two share a stream."""
    stream = Stream()
    return {"a": stream, "b": stream}


def one_each() -> dict[str, Stream]:
    """Give each a stream of its own, as a pool does."""
    return {"a": Stream(), "b": Stream()}


def orders() -> list[str]:
    """Return all orders of three steps of `a` and three of `b`."""
    return ["".join("a" if step in steps else "b" for step in range(6)) for steps in combinations(range(6), 3)]


def verdict(got: dict[str, str]) -> str:
    """Say what two clients' rows amount to."""
    if got == {"a": "row of a", "b": "row of b"}:
        return "both have their row"
    if got == {"a": "row of b", "b": "row of a"}:
        return "each has the other's row, and no error"
    return "nonsense, or a client that waits for ever"


def demo() -> None:
    """Show three orders, then count all of them."""
    for order in ("aaabbb", "abbbaa", "ababab"):
        print(f"{order}: {play(order, one_for_both())}")
    for name, streams in (("one stream for both", one_for_both), ("a stream each", one_each)):
        print(f"{name}, {len(orders())} orders:")
        for outcome, count in Counter(verdict(play(order, streams())) for order in orders()).most_common():
            print(f"  {count} times {outcome}")


if __name__ == "__main__":
    demo()
