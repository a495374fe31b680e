"""Two clients in every order of their steps: on one stream most orders do harm, on two streams none."""

from __future__ import annotations

from collections import Counter

import pytest

from snippets.processes.byte_interleave import Stream, one_each, one_for_both, orders, play, verdict

RIGHT = "both have their row"
CROSSED = "each has the other's row, and no error"
BROKEN = "nonsense, or a client that waits for ever"


def test_an_answer_is_a_length_and_so_many_bytes() -> None:
    stream = Stream()
    stream.ask("a")
    stream.ask("long")
    assert stream.answers == b"\x08row of a\x0brow of long"
    assert [stream.read(1), stream.read(8), stream.read(12)] == [b"\x08", b"row of a", b"\x0brow of long"]


def test_what_is_not_there_cannot_be_read_and_what_is_stays() -> None:
    stream = Stream()
    stream.ask("a")
    with pytest.raises(BlockingIOError, match=r"^waits for ever$"):
        stream.read(10)
    assert stream.read(9) == b"\x08row of a"
    assert stream.read(0) == b""


@pytest.mark.parametrize(
    ("order", "a", "b"),
    [
        ("aaabbb", "row of a", "row of b"),
        # As psycopg's questions do in AUTOCOMMIT: without an error, each has the other's row.
        ("abbbaa", "row of b", "row of a"),
        ("baaabb", "row of b", "row of a"),
        # The one takes the first letter of a row for a length, the other gets the rest of the row.
        ("ababab", "ow of a\x08", "waits for ever"),
        ("abbaab", "waits for ever", "ow of a\x08"),
        # Both have asked and one has read all: what is left is right, if it was the first that read first.
        ("abaabb", "row of a", "row of b"),
    ],
)
def test_who_gets_whose_row(order: str, a: str, b: str) -> None:
    assert play(order, one_for_both()) == {"a": a, "b": b}
    assert play(order, one_each()) == {"a": "row of a", "b": "row of b"}


def test_who_stops_early_has_nothing() -> None:
    assert play("aabbb", one_each()) == {"b": "row of b"}


def test_a_client_that_has_its_row_does_nothing_more() -> None:
    assert play("aaaaabbb", one_for_both()) == {"a": "row of a", "b": "row of b"}


def test_the_orders_are_all_that_there_are() -> None:
    assert len(set(orders())) == len(orders()) == 20
    assert {"".join(sorted(order)) for order in orders()} == {"aaabbb"}


def test_one_stream_is_right_by_luck_and_two_are_always() -> None:
    shared = Counter(verdict(play(order, one_for_both())) for order in orders())
    assert shared == {BROKEN: 12, RIGHT: 6, CROSSED: 2}
    assert Counter(verdict(play(order, one_each())) for order in orders()) == {RIGHT: 20}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("row of a", "row of b", RIGHT),
        ("row of b", "row of a", CROSSED),
        ("row of a", "waits for ever", BROKEN),
        ("row of a", "row of a", BROKEN),
        ("row of b", "row of b", BROKEN),
    ],
)
def test_the_verdict(a: str, b: str, expected: str) -> None:
    assert verdict({"a": a, "b": b}) == expected
