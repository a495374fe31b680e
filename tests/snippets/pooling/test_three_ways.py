"""A connection per request, one for everybody, or a pool: counts and exclusive use."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.pooling.three_ways import (
    Checkout,
    at_once,
    in_turn,
    one_global,
    per_request,
    pooled,
)
from tests.snippets.conftest import Connections

Way = Callable[[str], AbstractContextManager[Checkout]]


def pool_of_five(url: str) -> AbstractContextManager[Checkout]:
    """A pool of the size that it has by default; one that does not wait for long."""
    return pooled(url, pool_timeout=0.2)


def pool_of_three(url: str) -> AbstractContextManager[Checkout]:
    """A smaller one."""
    return pooled(url, pool_size=3, pool_timeout=0.2)


@pytest.mark.parametrize(("way", "expected"), [(per_request, 20), (one_global, 1), (pooled, 1)])
def test_requests_in_turn(way: Way, expected: int, database_url: str, connections: Connections) -> None:
    with way(database_url) as checkout:
        assert in_turn(checkout, 20) == expected
    assert connections.opened == expected


@pytest.mark.parametrize(
    ("way", "served", "used"),
    [(per_request, 8, 8), (one_global, 8, 1), (pool_of_five, 5, 5), (pool_of_three, 3, 3)],
)
def test_requests_at_once(way: Way, served: int, used: int, database_url: str, connections: Connections) -> None:
    with way(database_url) as checkout:
        assert at_once(checkout, 8) == (served, used)
    assert connections.most == used


@pytest.mark.parametrize(("way", "shares"), [(per_request, False), (one_global, True), (pooled, False)])
def test_only_the_global_connection_is_shared(way: Way, shares: bool, database_url: str) -> None:
    with way(database_url) as checkout:
        with checkout() as setup:
            setup.execute(text("CREATE TABLE visit (page varchar(9))"))
            setup.commit()
        with checkout() as a, checkout() as b:
            a.execute(text("INSERT INTO visit VALUES ('home')"))
            b_sees = b.scalars(text("SELECT count(*) FROM visit")).one()
    assert b_sees == (1 if shares else 0)


@pytest.mark.parametrize("way", [per_request, one_global, pooled])
def test_nothing_is_open_at_the_end(way: Way, database_url: str, connections: Connections) -> None:
    with way(database_url) as checkout:
        in_turn(checkout, 2)
        at_once(checkout, 3)
    assert connections.opened > 0
    assert connections.open == 0


def test_a_pool_opens_nothing_before_it_is_needed(database_url: str, connections: Connections) -> None:
    with pooled(database_url):
        assert connections.opened == 0


def test_threads_wait_for_the_pool_and_are_all_served(database_url: str, connections: Connections) -> None:
    with pooled(database_url, pool_size=2) as checkout, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: in_turn(checkout, 5), range(8)))
    assert 1 <= connections.most <= 2


def test_an_exhausted_pool_gives_up_after_its_timeout(database_url: str) -> None:
    with pooled(database_url, pool_size=1, pool_timeout=0.2) as checkout, checkout():
        started = monotonic()
        with pytest.raises(PoolTimeout, match=r"timeout 0\.20"), checkout():
            pass
        assert monotonic() - started >= 0.2
        assert at_once(checkout, 8) == (0, 0)
