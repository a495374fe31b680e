"""The box office: what it writes, what it undoes, and that every connection is given back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, QueuePool, event
from sqlalchemy.exc import IntegrityError

from snippets.engine.core_app import announce, book, guests, make_engine, metadata, seats
from tests.snippets.conftest import Connections


@pytest.fixture
def engine(database_url: str, connections: Connections) -> Iterator[Engine]:
    """An engine with the tables and a show with two seats. At the end no connection may be out."""
    engine = make_engine(database_url)
    metadata.create_all(engine)
    announce(engine, "Hamlet", seats=2)
    yield engine
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.checkedout() == 0
    engine.dispose()


def test_a_booking_takes_a_seat(engine: Engine) -> None:
    assert book(engine, "Hamlet", "Ann")
    assert guests(engine, "Hamlet") == ["Ann"]
    assert seats(engine, "Hamlet") == 1


def test_the_second_booking_of_a_guest_gives_its_seat_back(engine: Engine) -> None:
    assert book(engine, "Hamlet", "Ann")
    assert not book(engine, "Hamlet", "Ann")
    assert guests(engine, "Hamlet") == ["Ann"]
    assert seats(engine, "Hamlet") == 1


def test_a_show_that_is_sold_out_stays_so(engine: Engine) -> None:
    booked = [book(engine, "Hamlet", guest) for guest in ("Cid", "Ann", "Bob")]
    assert booked == [True, True, False]
    assert guests(engine, "Hamlet") == ["Ann", "Cid"]
    assert seats(engine, "Hamlet") == 0


def test_a_guest_may_see_two_shows(engine: Engine) -> None:
    announce(engine, "Macbeth", seats=1)
    assert book(engine, "Hamlet", "Ann")
    assert book(engine, "Macbeth", "Ann")
    assert guests(engine, "Macbeth") == ["Ann"]


def test_the_engine_is_bounded_impatient_and_looks_before_it_lends() -> None:
    pool = make_engine("sqlite:///unused.db").pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow, pool.timeout(), pool._pre_ping) == (5, 0, 5, True)


def test_an_unknown_show_is_an_error(engine: Engine) -> None:
    with pytest.raises(LookupError, match="Macbeth"):
        book(engine, "Macbeth", "Ann")
    assert guests(engine, "Macbeth") == []
    assert seats(engine, "Macbeth") is None


def test_a_show_is_announced_once(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        announce(engine, "Hamlet", seats=100)
    assert seats(engine, "Hamlet") == 2


def test_values_are_never_sql(engine: Engine) -> None:
    title = "'; DROP TABLE demo_booking; --"
    announce(engine, title, seats=1)
    assert book(engine, title, "Rob'rt")
    assert guests(engine, title) == ["Rob'rt"]
    assert seats(engine, title) == 0
    assert seats(engine, "' OR 1 = 1; --") is None


def test_what_breaks_in_the_middle_is_undone(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def break_at_the_insert(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book(engine, "Hamlet", "Ann")
    event.remove(engine, "before_cursor_execute", break_at_the_insert)
    assert seats(engine, "Hamlet") == 2
    assert book(engine, "Hamlet", "Ann")


def test_a_crowd_gets_as_many_seats_as_there_are(engine: Engine, connections: Connections) -> None:
    announce(engine, "Macbeth", seats=5)
    with ThreadPoolExecutor(8) as threads:
        booked = list(threads.map(lambda guest: book(engine, "Macbeth", f"guest {guest}"), range(8)))
    assert sum(booked) == 5
    assert seats(engine, "Macbeth") == 0
    assert len(guests(engine, "Macbeth")) == 5
    assert 1 <= connections.most <= 5


def test_in_turn_it_needs_one_connection(engine: Engine, connections: Connections) -> None:
    for _ in range(10):
        book(engine, "Hamlet", "Ann")
    assert connections.opened == 1
