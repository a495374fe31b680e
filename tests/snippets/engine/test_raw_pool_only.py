"""The pool alone: it lends, bounds and rolls back, and heals with a listener in place of a ping."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import QueuePool, make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.engine.raw_pool_only import make_pool, run
from tests.servers.postgres import Postgres
from tests.snippets.conftest import Connections


@pytest.fixture
def connect(database_url: str) -> Callable[[], Any]:
    """What opens a connection, without SQLAlchemy's help."""
    url = make_url(database_url)
    if url.drivername == "sqlite":
        return lambda: sqlite3.connect(url.database or "", check_same_thread=False)
    words = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda: psycopg.connect(words)


@pytest.fixture
def pool(connect: Callable[[], Any], connections: Connections) -> Iterator[QueuePool]:
    """A pool on a database with one table. At the end no connection may be out."""
    pool = make_pool(connect)
    run(pool, "CREATE TABLE greeting (words varchar(20))")
    yield pool
    assert pool.checkedout() == 0
    pool.dispose()


def raw(pool: QueuePool) -> object:
    """The driver's own connection that the pool lends next."""
    with closing(pool.connect()) as connection:
        return connection.dbapi_connection


def test_what_is_committed_stays_on_one_connection(pool: QueuePool, connections: Connections) -> None:
    run(pool, "INSERT INTO greeting VALUES ('good morning')")
    assert run(pool, "SELECT words FROM greeting") == [("good morning",)]
    assert connections.opened == 1
    assert raw(pool) is raw(pool)


def test_what_is_not_committed_is_rolled_back_at_return(pool: QueuePool) -> None:
    with closing(pool.connect()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("INSERT INTO greeting VALUES ('lost')")
    assert run(pool, "SELECT words FROM greeting") == []


def test_an_error_gives_the_connection_back_usable(pool: QueuePool) -> None:
    before = raw(pool)
    with pytest.raises((sqlite3.Error, psycopg.Error)) as raised:
        run(pool, "SELECT no_such_column FROM greeting")
    # Although the error, with its traceback, still refers to what was lent.
    assert raised.value.__traceback__ is not None
    assert pool.checkedout() == 0
    assert run(pool, "SELECT words FROM greeting") == []
    assert raw(pool) is before


def test_values_go_beside_the_statement(pool: QueuePool, database_url: str) -> None:
    mark = "?" if database_url.startswith("sqlite") else "%s"
    run(pool, f"INSERT INTO greeting VALUES ({mark})", ["'; DROP TABLE x; --"])
    assert run(pool, "SELECT words FROM greeting") == [("'; DROP TABLE x; --",)]


def test_it_is_impatient_and_renews_old_connections(pool: QueuePool) -> None:
    assert (pool.timeout(), pool._recycle) == (5, 1800)


def test_it_lends_five_and_no_more(pool: QueuePool) -> None:
    pool._timeout = 0.1
    with ExitStack() as leases:
        for _ in range(5):
            leases.enter_context(closing(pool.connect()))
        with pytest.raises(PoolTimeout, match="size 5 overflow 0 reached"):
            pool.connect()


def test_a_connection_that_was_closed_under_it_is_replaced(pool: QueuePool) -> None:
    dead = raw(pool)
    dead.close()  # type: ignore[attr-defined]
    assert run(pool, "SELECT 1") == [(1,)]
    assert raw(pool) is not dead


def test_a_connection_that_the_server_ended_is_replaced(postgres_database: str, postgres_server: Postgres) -> None:
    words = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)
    pool = make_pool(lambda: psycopg.connect(words))
    [(backend,)] = run(pool, "SELECT pg_backend_pid()")
    with postgres_server.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
    assert run(pool, "SELECT pg_backend_pid()") != [(backend,)]
    pool.dispose()


def test_what_is_lent_is_not_in_a_transaction(pool: QueuePool) -> None:
    with closing(pool.connect()) as connection:
        driver = connection.dbapi_connection
        if isinstance(driver, psycopg.Connection):
            assert driver.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        else:
            assert isinstance(driver, sqlite3.Connection)
            assert not driver.in_transaction


def test_without_a_dialect_it_cannot_ping(connect: Callable[[], Any]) -> None:
    pool = QueuePool(connect, pre_ping=True)
    pool.connect().close()  # A new connection is not pinged.
    with pytest.raises(NotImplementedError, match="ping feature requires that a dialect is passed"):
        pool.connect()
    pool.dispose()
