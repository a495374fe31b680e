"""With BEGIN IMMEDIATE, transactions that read and then write take turns; with BEGIN, the second is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from snippets.engine.begin_immediate import READ, WRITE, rush, take_turns
from tests.servers.waiting import DEADLINE_SECONDS

LOCKED = "database is locked"
Make = Callable[..., Engine]


@pytest.fixture(params=["delete", "wal"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Return what makes engines on a page without visits, in both of SQLite's ways to keep a journal."""
    url = f"sqlite:///{tmp_path}/test.db"

    def make(timeout: float = DEADLINE_SECONDS, *, turns: bool = True, **connect_args: Any) -> Engine:
        engine = create_engine(url, connect_args={"timeout": timeout, **connect_args})
        request.addfinalizer(engine.dispose)
        if turns:
            take_turns(engine)
        return engine

    engine = make(turns=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA journal_mode = {request.param}")
        connection.execute(text("CREATE TABLE demo_page AS SELECT 0 AS visits"))
        connection.commit()
    engine.dispose()
    return make


def counted(engine: Engine) -> int:
    """How many visits the page has counted."""
    with engine.connect() as connection:
        return int(connection.scalars(READ).one())


def test_as_it_comes_all_commit_and_one_is_counted(make: Make) -> None:
    engine = make(turns=False)
    assert rush(engine, requests=6, patience=DEADLINE_SECONDS) == ["committed"] * 6
    assert counted(engine) == 1


def test_with_begin_all_but_one_are_refused(make: Make) -> None:
    engine = make().execution_options(begin="DEFERRED")
    assert rush(engine, requests=6, patience=DEADLINE_SECONDS) == ["committed", *[LOCKED] * 5]
    assert counted(engine) == 1


def test_with_begin_immediate_all_commit_and_all_are_counted(make: Make) -> None:
    engine = make()
    assert rush(engine, requests=6, patience=0.05) == ["committed"] * 6
    assert counted(engine) == 6


def test_nor_is_anything_lost_or_refused_in_a_crowd(make: Make) -> None:
    engine = make()
    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda _: rush(engine, requests=1), range(60)))
    assert outcomes == [["committed"]] * 60
    assert counted(engine) == 60


def test_who_upgrades_second_is_refused_at_once_however_long_the_timeout(make: Make) -> None:
    engine = make(timeout=10 * DEADLINE_SECONDS).execution_options(begin="DEFERRED")
    with engine.begin() as first, engine.connect() as second:
        for connection in (first, second):
            connection.execute(READ)
        first.execute(WRITE, {"visits": 1})
        begun = monotonic()
        with pytest.raises(OperationalError, match=LOCKED):
            second.execute(WRITE, {"visits": 1})
        assert monotonic() - begun < DEADLINE_SECONDS
    assert counted(engine) == 1


def test_who_waits_for_longer_than_the_timeout_is_refused_before_it_has_read(make: Make) -> None:
    engine = make(timeout=0.1)
    with engine.begin() as first:
        first.execute(WRITE, {"visits": 7})
        begun = monotonic()
        with engine.connect() as second, pytest.raises(OperationalError, match=LOCKED) as refusal:
            second.execute(READ)
        assert monotonic() - begun > 0.09
        assert refusal.value.statement == "BEGIN IMMEDIATE"
    assert counted(engine) == 7


def test_who_only_reads_need_not_wait(make: Make) -> None:
    engine = make(timeout=0)
    with engine.begin() as writer:
        writer.execute(WRITE, {"visits": 7})
        assert counted(engine.execution_options(begin="DEFERRED")) == 0
        with engine.connect().execution_options(begin="DEFERRED") as reader:
            assert reader.scalars(READ).one() == 0
        with pytest.raises(OperationalError, match=LOCKED):
            counted(engine)


def test_who_reads_holds_up_a_commit_unless_the_journal_is_wal(make: Make) -> None:
    engine = make(timeout=0)
    with engine.connect().execution_options(begin="DEFERRED") as reader, engine.connect() as writer:
        reader.execute(READ)
        writer.execute(WRITE, {"visits": 7})
        if reader.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
            writer.commit()
            assert reader.scalars(READ).one() == 0  # It goes on reading what it has begun with.
        else:
            with pytest.raises(OperationalError, match=LOCKED):
                writer.commit()


def test_what_is_given_back_without_a_commit_is_undone_and_holds_no_lock(make: Make) -> None:
    engine = make(timeout=0)
    connection = engine.connect()
    connection.execute(WRITE, {"visits": 7})
    connection.close()
    assert counted(engine) == 0
    assert rush(engine, requests=1) == ["committed"]


def test_behind_sqlalchemys_back_nobody_begins(make: Make) -> None:
    for turns, begins in [(False, True), (True, False)]:
        raw = make(turns=turns).raw_connection()
        raw.cursor().execute("UPDATE demo_page SET visits = visits + 1")
        assert raw.driver_connection is not None
        assert raw.driver_connection.in_transaction == begins
        raw.close()


def test_it_is_the_begin_event_that_matters(make: Make) -> None:
    engine = make()

    @event.listens_for(engine, "connect")
    def give_transactions_back_to_the_driver(raw: Any, _: object) -> None:
        raw.isolation_level = ""

    assert rush(engine, requests=3, patience=0.05) == ["committed"] * 3
    assert counted(engine) == 3


def test_the_isolation_level_autocommit_no_longer_commits_by_itself(make: Make) -> None:
    engine = make(timeout=0)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(WRITE, {"visits": 7})
        assert counted(engine.execution_options(begin="DEFERRED")) == 0


if sys.version_info >= (3, 12):

    def test_the_drivers_newer_mode_is_begin_deferred(make: Make) -> None:
        engine = make(turns=False, autocommit=False)
        assert rush(engine, requests=6, patience=DEADLINE_SECONDS) == ["committed", *[LOCKED] * 5]
        assert counted(engine) == 1

    def test_and_it_cannot_be_had_together_with_begin_immediate(make: Make) -> None:
        engine = make(autocommit=False)
        with pytest.raises(OperationalError, match="cannot start a transaction within a transaction"):
            counted(engine)


def test_two_begins_are_refused(make: Make) -> None:
    engine = make()

    @event.listens_for(engine, "begin")
    def begin_again(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="cannot start a transaction within a transaction"):
        counted(engine)
