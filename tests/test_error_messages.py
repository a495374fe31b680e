"""What notes say of messages is what the libraries say: those that no test of a snippet has word for word."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest
import yaml
from psycopg_pool import ConnectionPool, PoolTimeout
from psycopg_pool.pool import WaitingClient
from sqlalchemy import NullPool, QueuePool, create_engine
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.util.queue import Empty

from tests.snippets.catalog import ROOT


def explained(note: str) -> list[str]:
    """Return the messages that a note explains."""
    front = (ROOT / "docs" / f"{note}.md").read_text(encoding="utf-8").split("---\n")[1]
    return list(yaml.safe_load(front)["errors"])


def traceback(error: BaseException) -> str:
    """Return the last line of a traceback."""
    return f"{type(error).__module__}.{type(error).__qualname__}: {error}"


def test_an_exhausted_pool_with_the_default_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)
    with ExitStack() as lent:
        for _ in range(15):
            lent.enter_context(engine.connect())

        def nothing_comes(*_: object) -> None:
            raise Empty

        monkeypatch.setattr(engine.pool._pool, "get", nothing_comes)  # type: ignore[attr-defined]
        with pytest.raises(QueueTimeout) as refused:
            engine.connect()
        monkeypatch.undo()
    engine.dispose()
    said, logged = explained("queuepool-limit")
    assert str(refused.value).startswith(said)
    assert traceback(refused.value).startswith(logged)


@pytest.mark.parametrize(
    "options", [{"poolclass": NullPool, "pool_size": 5}, {"max_overflow": 5}], ids=["pool_size", "max_overflow"]
)
def test_an_argument_that_the_pool_does_not_take(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as refused:
        create_engine("sqlite://", **options)
    assert sum(str(refused.value).startswith(text) for text in explained("engine-configuration")) == 1


def test_a_wait_for_psycopgs_pool_that_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = WaitingClient()
    monkeypatch.setattr(waiting._cond, "wait", lambda _: False)
    with pytest.raises(PoolTimeout) as refused:
        waiting.wait(ConnectionPool("", open=False).timeout)
    assert [traceback(refused.value)] == explained("fairness")


def test_a_statement_after_one_that_failed(postgres: str) -> None:
    with closing(psycopg.connect(postgres.replace("+psycopg", ""))) as connection:
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM nowhere")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction) as refused:
            connection.execute("SELECT 1")
    assert [str(refused.value)] == explained("one-global-connection")


def test_a_connection_of_sqlite_in_another_thread() -> None:
    with closing(sqlite3.connect(":memory:")) as connection, ThreadPoolExecutor(1) as other:
        error = other.submit(connection.execute, "SELECT 1").exception(10)
    said = [text for text in explained("sqlite-and-pooling") if text.startswith("SQLite objects")]
    assert isinstance(error, sqlite3.ProgrammingError)
    assert [str(error).startswith(text) for text in said] == [True]
