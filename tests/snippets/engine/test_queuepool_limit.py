"""Three ways to reach the limit: each view meets a crowd and fails; mended, it serves the same crowd."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
import sqlalchemy
from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.engine import queuepool_limit
from snippets.engine.queuepool_limit import (
    View,
    gives_back,
    holds,
    leaks,
    nests,
    passes_down,
    refused,
    releases_first,
)
from tests.servers.waiting import DEADLINE_SECONDS
from tests.snippets.conftest import Connections

VERSION = "".join(sqlalchemy.__version__.split(".")[:2])


def let_go() -> None:
    """Give back what the leak keeps, in a list of the module."""
    while queuepool_limit.seen:
        queuepool_limit.seen.pop().close()


@pytest.fixture
def make_engine(database_url: str) -> Iterator[Callable[..., Engine]]:
    """Makes engines that do not wait for long, and disposes of them."""
    engines: list[Engine] = []

    def make(size: int = 5, overflow: int = 10, timeout: float = 0.05) -> Engine:
        engine = create_engine(database_url, pool_size=size, max_overflow=overflow, pool_timeout=timeout)
        engines.append(engine)
        return engine

    yield make
    let_go()
    for engine in engines:
        engine.dispose()


def out(engine: Engine) -> int:
    """How many connections are lent."""
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


@pytest.mark.parametrize(
    ("view", "steps"),
    [
        (leaks, ["reads", "calls, 1 out"]),
        (gives_back, ["reads", "calls, 0 out"]),
        (holds, ["reads", "calls, 1 out"]),
        (releases_first, ["reads", "calls, 0 out"]),
        (nests, ["reads", "calls, 1 out", "reads"]),
        (passes_down, ["reads", "calls, 1 out", "reads"]),
    ],
)
def test_what_each_view_does_and_in_which_order(
    view: View, steps: list[str], make_engine: Callable[..., Engine]
) -> None:
    engine = make_engine()
    taken: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *_: taken.append("reads"))
    view(engine, lambda: taken.append(f"calls, {out(engine)} out"))
    assert taken == steps


def test_who_refers_to_a_connection_that_was_given_back_does_not_matter(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine()
    gives_back(engine, lambda: None)
    assert [connection.closed for connection in queuepool_limit.seen] == [True]
    assert out(engine) == 0


@pytest.mark.parametrize(
    ("view", "crowd", "lost"),
    [(leaks, {"in_turn": 16}, 15), (holds, {"at_once": 16}, 0), (nests, {"at_once": 15}, 0)],
)
def test_the_exact_error(
    view: View, crowd: dict[str, int], lost: int, make_engine: Callable[..., Engine], connections: Connections
) -> None:
    engine = make_engine()
    errors = refused(view, engine, **crowd)
    assert [str(error) for error in errors] == [
        "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 0.05 "
        f"(Background on this error at: https://sqlalche.me/e/{VERSION}/3o7r)"
    ]
    assert isinstance(errors[0], SQLAlchemyError)
    assert not isinstance(errors[0], DBAPIError)
    assert out(engine) == lost
    assert connections.most == 15


@pytest.mark.parametrize(
    ("view", "crowd", "most"),
    [(gives_back, {"in_turn": 16}, 1), (releases_first, {"at_once": 16}, 1), (passes_down, {"at_once": 15}, 15)],
)
def test_mended_the_same_crowd_is_served(
    view: View, crowd: dict[str, int], most: int, make_engine: Callable[..., Engine], connections: Connections
) -> None:
    engine = make_engine()
    assert refused(view, engine, **crowd) == []
    assert out(engine) == 0
    assert connections.most == most


@pytest.mark.parametrize(
    ("view", "enough", "too_many"),
    [
        (leaks, {"in_turn": 30}, {"in_turn": 31}),
        (holds, {"at_once": 30}, {"at_once": 31}),
        (nests, {"at_once": 29}, {"at_once": 30}),
    ],
)
def test_a_pool_of_twice_the_size_fails_at_twice_the_crowd(
    view: View, enough: dict[str, int], too_many: dict[str, int], make_engine: Callable[..., Engine]
) -> None:
    assert refused(view, make_engine(size=10, overflow=20), **enough) == []
    let_go()
    assert len(refused(view, make_engine(size=10, overflow=20), **too_many)) == 1


def test_after_a_leak_nobody_is_served_until_the_connections_are_let_go(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine(size=1, overflow=1)
    assert len(refused(leaks, engine, in_turn=4)) == 2
    gc.collect()
    assert len(refused(gives_back, engine)) == 1
    queuepool_limit.seen.clear()
    gc.collect()
    assert refused(gives_back, engine) == []


def test_threads_that_hold_are_refused_while_the_call_lasts(make_engine: Callable[..., Engine]) -> None:
    engine, calling, answered = make_engine(size=2, overflow=0), Barrier(3), Event()

    def call() -> None:
        calling.wait(DEADLINE_SECONDS)
        assert answered.wait(DEADLINE_SECONDS)

    with ThreadPoolExecutor(2) as threads:
        slow = [threads.submit(holds, engine, call) for _ in range(2)]
        calling.wait(DEADLINE_SECONDS)
        with pytest.raises(PoolTimeout):
            holds(engine, lambda: None)
        answered.set()
        for request in slow:
            request.result()
    assert refused(holds, engine) == []


def test_threads_that_release_first_leave_the_pool_to_others(make_engine: Callable[..., Engine]) -> None:
    # Nobody is refused, so nobody may be in a hurry.
    engine, calling = make_engine(size=2, overflow=0, timeout=DEADLINE_SECONDS), Barrier(9)
    with ThreadPoolExecutor(8) as threads:
        slow = [threads.submit(releases_first, engine, lambda: calling.wait(DEADLINE_SECONDS)) for _ in range(8)]
        calling.wait(DEADLINE_SECONDS)  # All eight are in their call, with a pool of two.
        for request in slow:
            request.result()
    assert out(engine) == 0


@pytest.mark.parametrize(("size", "stuck"), [(4, True), (5, False)])
def test_as_many_nesting_threads_as_connections_stop_each_other(
    size: int, stuck: bool, make_engine: Callable[..., Engine]
) -> None:
    # With one connection to spare nobody is refused, so nobody may be in a hurry.
    engine = make_engine(size=size, overflow=0, timeout=0.2 if stuck else DEADLINE_SECONDS)
    all_have_one = Barrier(4)
    with ThreadPoolExecutor(4) as threads:
        requests = [threads.submit(nests, engine, lambda: all_have_one.wait(DEADLINE_SECONDS)) for _ in range(4)]
        errors = [error for request in requests if (error := request.exception())]
    assert bool(errors) == stuck
    assert all(isinstance(error, PoolTimeout) for error in errors)
    assert out(engine) == 0
