"""The three ways measured: orders and ratios with margin, on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import NullPool, create_engine

from snippets.pooling.three_ways_measured import THREADS, compare, on_its_own, on_one_for_all, seconds
from tests.snippets.conftest import Connections


def test_a_pool_beats_both_when_there_is_something_to_wait_for(
    postgres_database: str, connections: Connections
) -> None:
    times = compare(postgres_database)
    assert times["pooled"] == 1.0
    assert times["per request"] > 1.0
    assert times["one global"] > 2.0
    # The pool's, the global one, and one for each of three rounds of 64 requests.
    assert THREADS < connections.opened <= THREADS + 1 + 3 * 64
    assert connections.open == 0


def test_a_request_takes_at_least_its_wait(postgres_database: str) -> None:
    engine = create_engine(postgres_database, poolclass=NullPool)
    assert seconds(on_its_own(engine, 0.05), requests=1) >= 0.05
    with engine.connect() as connection:
        assert seconds(on_one_for_all(connection, 0.05), requests=2) >= 0.1


def test_without_waiting_one_global_connection_looks_good(postgres_database: str) -> None:
    engine = create_engine(postgres_database, pool_size=THREADS + 1, max_overflow=0)
    with engine.connect() as connection:
        ways = [on_its_own(engine, 0), on_one_for_all(connection, 0)]
        # In turns, and the quickest turn of each: a few milliseconds are soon twice as many on a busy machine.
        turns = [[seconds(way, requests=64) for way in ways] for _ in range(10)]
    engine.dispose()
    pooled, one_global = map(min, zip(*turns, strict=True))
    assert one_global < 2.0 * pooled
