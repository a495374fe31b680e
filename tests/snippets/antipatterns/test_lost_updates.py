"""On SQLite as it comes, a transaction does not protect what it has read: changes are lost, without an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, create_mock_engine, table

from snippets.antipatterns.lost_updates import counted, in_python, in_sql, open_page, sent
from tests.servers.waiting import DEADLINE_SECONDS

DEFAULTS: dict[str, Any] = {}
# What people try. None of it makes the driver begin before the SELECT.
NO_CURES: list[dict[str, Any]] = [
    {"isolation_level": "SERIALIZABLE"},
    {"connect_args": {"isolation_level": "IMMEDIATE"}},
    {"connect_args": {"isolation_level": "EXCLUSIVE"}},
    {"connect_args": {"timeout": 60}},
]


@pytest.fixture(params=[DEFAULTS, *NO_CURES], ids=str)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a page without visits: as it comes, and with each of what people try."""
    engine = create_engine(f"sqlite:///{tmp_path}/test.db", **request.param)
    open_page(engine)
    yield engine
    engine.dispose()


def test_a_visit_before_the_write_is_lost(engine: Engine) -> None:
    in_python(engine)
    assert counted(engine) == 1
    in_python(engine, meanwhile=partial(in_python, engine))
    assert counted(engine) == 2


def test_all_threads_commit_and_one_visit_is_counted(engine: Engine) -> None:
    all_have_read = Barrier(6)
    with ThreadPoolExecutor(6) as threads:
        visits = [threads.submit(in_python, engine, lambda: all_have_read.wait(DEADLINE_SECONDS)) for _ in range(6)]
    assert [visit.exception() for visit in visits] == [None] * 6
    assert counted(engine) == 1


def test_wal_does_not_help(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar() == "wal"
    in_python(engine, meanwhile=partial(in_python, engine))
    assert counted(engine) == 1


def test_the_driver_begins_after_the_read(engine: Engine) -> None:
    assert sent(engine, in_python) == ["SELECT", "BEGIN", "UPDATE", "COMMIT"]
    assert sent(engine, in_sql) == ["BEGIN", "UPDATE", "COMMIT"]


def test_sqlalchemys_log_says_begin_before_the_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sqlalchemy.engine.Engine"):
        engine = create_engine(f"sqlite:///{tmp_path}/test.db")
        open_page(engine)
        in_python(engine)
    said = [record.getMessage().split()[0] for record in caplog.records if not record.getMessage().startswith("[")]
    assert said[-4:] == ["BEGIN", "SELECT", "UPDATE", "COMMIT"]
    engine.dispose()


def test_the_statement_that_adds_loses_nothing(engine: Engine) -> None:
    in_sql(engine, meanwhile=partial(in_sql, engine))
    assert counted(engine) == 2
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: in_sql(engine), range(12)))
    assert counted(engine) == 14


def test_for_update_is_not_even_sent() -> None:
    locking = table("demo_page").select().with_for_update()

    def sent(url: str) -> str:
        return str(locking.compile(create_mock_engine(url, print)))

    assert "FOR UPDATE" in sent("postgresql+psycopg://")
    assert "FOR UPDATE" not in sent("sqlite://")
