"""A connection that a view forgets stays lent out until the garbage collector runs."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, QueuePool, create_engine, text
from sqlalchemy.orm import Session

from snippets.antipatterns import leak_without_with
from snippets.antipatterns.leak_without_with import View, forgets, outcome, remembers


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine with a pool of two; the collector runs only when the test says so, and sees what the test has made."""
    engine = create_engine(database_url, pool_size=2, max_overflow=0, pool_timeout=0.1)
    gc.freeze()
    gc.disable()
    yield engine
    gc.enable()
    gc.collect()
    gc.unfreeze()
    engine.dispose()


def lent(engine: Engine) -> int:
    """How many connections are lent out."""
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


@pytest.mark.parametrize(("view", "lost"), [(forgets, 1), (remembers, 0)])
def test_what_an_error_leaves_lent_out(view: View, lost: int, engine: Engine) -> None:
    assert outcome(view, engine, 4) == "25 each"
    assert lent(engine) == 0
    assert outcome(view, engine, 0) == "ZeroDivisionError"
    assert lent(engine) == lost


@pytest.mark.parametrize(("view", "then"), [(forgets, "TimeoutError"), (remembers, "25 each")])
def test_after_as_many_errors_as_connections_nobody_is_served(view: View, then: str, engine: Engine) -> None:
    for _ in range(2):
        assert outcome(view, engine, 0) == "ZeroDivisionError"
    assert outcome(view, engine, 4) == then


def test_the_collector_brings_them_back(engine: Engine) -> None:
    for _ in range(2):
        outcome(forgets, engine, 0)
    assert lent(engine) == 2
    gc.collect()
    assert lent(engine) == 0
    assert outcome(forgets, engine, 4) == "25 each"


def test_it_is_a_reference_cycle_and_the_transaction_closes_it(engine: Engine) -> None:
    connection = engine.connect()
    alive = weakref.ref(connection)
    del connection
    # Nothing was executed: reference counting is enough.
    assert alive() is None
    assert lent(engine) == 0

    connection = engine.connect()
    connection.execute(text("SELECT 1"))
    assert connection.get_transaction() in gc.get_referrers(connection)
    alive = weakref.ref(connection)
    del connection
    assert alive() is not None
    assert lent(engine) == 1
    gc.collect()
    assert alive() is None
    assert lent(engine) == 0


def test_a_commit_opens_the_cycle(engine: Engine) -> None:
    connection = engine.connect()
    connection.execute(text("SELECT 1"))
    connection.commit()
    del connection
    assert lent(engine) == 0


@pytest.mark.parametrize("end", [Session.commit, Session.rollback, Session.close])
def test_a_session_keeps_a_connection_from_its_first_statement_to_its_end(
    end: Callable[[Session], None], engine: Engine
) -> None:
    session = Session(engine)
    assert lent(engine) == 0
    session.execute(text("SELECT 1"))
    assert lent(engine) == 1
    end(session)
    assert lent(engine) == 0
    session.close()


def test_the_demo_leaves_the_collector_running() -> None:
    leak_without_with.demo()
    assert gc.isenabled()
