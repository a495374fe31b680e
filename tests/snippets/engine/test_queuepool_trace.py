"""QueuePool in slow motion: the numbers after each step, and the connections behind them."""

from __future__ import annotations

from time import monotonic

import pytest
from sqlalchemy import Engine, QueuePool, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.engine.queuepool_trace import Numbers, lent_next, numbers, trace
from tests.snippets.conftest import Connections


def of(engine: Engine) -> Numbers:
    """The numbers of an engine's pool."""
    assert isinstance(engine.pool, QueuePool)
    return numbers(engine.pool)


def test_the_numbers_after_each_step(database_url: str, connections: Connections) -> None:
    engine = create_engine(database_url, pool_size=2, max_overflow=1, pool_timeout=0.1)
    seen = [("", of(engine))]
    for step in trace(engine, requests=4):
        seen.append((step, of(engine)))
        # What the pool says it has open is what the drivers have open.
        assert of(engine).open == connections.open
    refused = "QueuePool limit of size 2 overflow 1 reached, connection timed out, timeout 0.10"
    assert seen == [
        ("", (0, 0, -2, 0)),
        ("1 begins", (1, 0, -1, 1)),
        ("2 begins", (2, 0, 0, 2)),
        ("3 begins", (3, 0, 1, 3)),
        (f"4 is refused: {refused}", (3, 0, 1, 3)),
        ("1 ends", (2, 1, 1, 3)),
        ("2 ends", (1, 2, 1, 3)),
        ("3 ends", (0, 2, 0, 2)),
    ]
    engine.dispose()
    assert of(engine) == (0, 0, -2, 0)


def test_by_default_the_sixth_overflows_and_the_sixteenth_is_refused(
    database_url: str, connections: Connections
) -> None:
    engine = create_engine(database_url, pool_timeout=0.1)
    overflow = [of(engine).overflow for step in trace(engine, requests=20) if "begins" in step]
    assert overflow == [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert (connections.opened, connections.most, connections.open) == (15, 15, 5)
    assert of(engine) == (0, 5, 0, 5)
    engine.dispose()


def test_the_numbers_are_those_of_status(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect():
        assert engine.pool.status() == (
            "Pool size: 5  Connections in pool: 0 Current Overflow: -4 Current Checked out connections: 1"
        )
        assert of(engine) == (1, 0, -4, 1)
    engine.dispose()


def test_refusal_comes_after_the_timeout_and_is_no_driver_error(database_url: str) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    with engine.connect():
        started = monotonic()
        with pytest.raises(PoolTimeout) as refused:
            engine.connect()
        assert monotonic() - started >= 0.1
        assert not isinstance(refused.value, DBAPIError)
        assert refused.value.code == "3o7r"
    engine.dispose()


@pytest.mark.parametrize(("lifo", "expected"), [(False, 1), (True, 3)])
def test_who_came_back_first_is_lent_next(lifo: bool, expected: int, database_url: str) -> None:
    engine = create_engine(database_url, pool_use_lifo=lifo)
    assert lent_next(engine) == expected
    engine.dispose()
