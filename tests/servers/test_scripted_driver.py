"""The scripted driver: it counts, fails and waits, and SQLAlchemy takes it for a real one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, QueuePool, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests.servers.scripted_driver import Connection, ScriptedDriver
from tests.servers.waiting import eventually


@pytest.fixture
def driver() -> ScriptedDriver:
    """A driver without a script: all goes well."""
    return ScriptedDriver()


@pytest.fixture
def engine(driver: ScriptedDriver) -> Iterator[Engine]:
    """An engine with a pool of it."""
    engine = create_engine("sqlite://", creator=driver.connect, poolclass=QueuePool)
    yield engine
    engine.dispose()


def test_it_counts_what_it_is_asked(driver: ScriptedDriver, engine: Engine) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            assert connection.scalars(text("SELECT 1")).one() == 1
    assert driver.calls["connect"] == 1
    assert driver.calls["commit"] == 2
    assert driver.calls["close"] == 0
    with engine.connect(), engine.connect():
        assert (driver.open, driver.most) == (2, 2)
    engine.dispose()
    assert (driver.open, driver.most, driver.calls["close"]) == (0, 2, 2)


def test_it_fails_on_cue_and_in_turn(driver: ScriptedDriver, engine: Engine) -> None:
    engine.connect().close()
    driver.cue("connect", sqlite3.OperationalError("no"), None, sqlite3.OperationalError("no again"))
    with engine.connect():
        with pytest.raises(OperationalError, match="no"):
            engine.connect()
        with engine.connect(), pytest.raises(OperationalError, match="no again"):
            engine.connect()
    driver.cue("execute", sqlite3.OperationalError("locked"))
    with engine.connect() as connection, pytest.raises(OperationalError, match="locked"):
        connection.execute(text("SELECT 1"))


def test_it_waits_on_cue(driver: ScriptedDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    cue = Event()
    driver.cue("connect", cue)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(driver.connect)
        assert eventually(lambda: driver.calls["connect"] == 1)
        assert not waiting.done()
        assert driver.open == 0
        cue.set()
        waiting.result().close()
    monkeypatch.setattr("tests.servers.scripted_driver.WAIT_SECONDS", 0.01)
    driver.cue("connect", Event())
    with pytest.raises(TimeoutError, match="nobody gave the cue for 'connect'"):
        driver.connect()


def test_a_dead_connection_is_taken_for_a_disconnect(driver: ScriptedDriver, engine: Engine) -> None:
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, Connection)
        raw.die()
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("SELECT 1"))
        assert caught.value.connection_invalidated
    assert driver.open == 0
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT 1")).one() == 1
