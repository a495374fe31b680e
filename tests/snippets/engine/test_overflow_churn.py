"""Overflow connections are closed at each return and opened again; those of `pool_size` are not."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from snippets.engine.overflow_churn import connects
from tests.snippets.conftest import Connections


@pytest.mark.parametrize(
    ("pool_size", "expected"),
    [
        (1, 1 + 20 * 2),  # One is kept; the other two of each burst are opened anew.
        (2, 2 + 20),
        (3, 3),
        (10, 3),
    ],
)
def test_connects_in_twenty_bursts_of_three(
    pool_size: int, expected: int, database_url: str, connections: Connections
) -> None:
    engine = create_engine(database_url, pool_size=pool_size, max_overflow=10 - pool_size)
    assert connects(engine) == expected
    assert connections.opened == expected
    assert connections.most == 3
    assert connections.open == min(pool_size, 3)
    engine.dispose()


def test_without_overlap_there_is_no_overflow(database_url: str) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=9)
    assert connects(engine, bursts=60, requests=1) == 1
    engine.dispose()
