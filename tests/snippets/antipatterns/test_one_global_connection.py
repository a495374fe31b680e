"""One global connection: requests that share it share its transaction, and its errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from sqlalchemy import event, inspect

from snippets.antipatterns.one_global_connection import (
    accounts,
    broken_page,
    failed_transfer,
    innocent_page,
    overlap,
    total,
)
from snippets.pooling.three_ways import pooled


def test_another_request_commits_half_done_work(database_url: str) -> None:
    with accounts(database_url) as engine:
        with engine.connect() as shared:
            during, after, _ = overlap(shared, shared)
        assert during == 100
        assert after == 100
        # Not only in the eyes of the shared connection: the units are gone.
        with engine.connect() as auditor:
            assert total(auditor) == 100


def test_alone_on_the_connection_the_rollback_works(database_url: str) -> None:
    with accounts(database_url) as engine, engine.connect() as connection:
        failed_transfer(connection, meanwhile=lambda: None)
        assert total(connection) == 200


def test_another_request_gets_the_error(database_url: str) -> None:
    with accounts(database_url) as engine, engine.connect() as shared:
        assert innocent_page(shared) == "2 accounts"
        broken_page(shared)
        poisoned = database_url.startswith("postgresql")
        assert innocent_page(shared) == ("InFailedSqlTransaction" if poisoned else "2 accounts")
        shared.rollback()
        assert innocent_page(shared) == "2 accounts"


def test_a_lock_around_each_statement_does_not_help(database_url: str) -> None:
    lock = Lock()
    with (
        accounts(database_url) as engine,
        engine.connect() as shared,
        ThreadPoolExecutor(1) as thread_of_b,
    ):
        event.listen(engine, "before_cursor_execute", lambda *_: lock.acquire())
        event.listen(engine, "after_cursor_execute", lambda *_: lock.release())
        failed_transfer(shared, meanwhile=lambda: thread_of_b.submit(total, shared).result())
        assert total(shared) == 100


def test_the_cure_a_connection_each_from_the_pool(database_url: str) -> None:
    with accounts(database_url) as engine:
        with pooled(database_url) as checkout, checkout() as a, checkout() as b:
            assert overlap(a, b) == (200, 200, "2 accounts")
        with engine.connect() as auditor:
            assert total(auditor) == 200


def test_the_accounts_are_removed(database_url: str) -> None:
    with accounts(database_url) as engine:
        assert inspect(engine).has_table("demo_account")
    assert not inspect(engine).has_table("demo_account")
    engine.dispose()
