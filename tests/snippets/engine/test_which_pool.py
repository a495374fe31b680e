"""The pool that a URL gets: as told, and as `create_engine` makes it where the driver is installed."""

from __future__ import annotations

import pytest
import sqlalchemy
from sqlalchemy import URL, create_engine, make_url

from snippets.engine.which_pool import MEANING, explain
from tests.snippets.conftest import Connections

VERSION = tuple(int(part) for part in sqlalchemy.__version__.split(".")[:2])
# What changed with SQLAlchemy 2.1: the driver of a URL that names none.
POSTGRESQL, ORACLE = ("psycopg", "oracledb") if VERSION >= (2, 1) else ("psycopg2", "cx_oracle")
QUEUE = "QueuePool, 5 connections, 10 more under load, then threads wait"
ASYNC_QUEUE = "AsyncAdaptedQueuePool, 5 connections, 10 more under load, then tasks wait"
PER_THREAD = "SingletonThreadPool, a connection, and so a database, for each thread"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///shop.db", f"sqlite with pysqlite: {QUEUE}"),
        ("sqlite://", f"sqlite with pysqlite: {PER_THREAD}"),
        ("sqlite:///:memory:", f"sqlite with pysqlite: {PER_THREAD}"),
        ("sqlite+aiosqlite:///shop.db", f"sqlite with aiosqlite: {ASYNC_QUEUE}"),
        ("sqlite+aiosqlite://", "sqlite with aiosqlite: StaticPool, one connection for everybody"),
        ("postgresql://server/shop", f"postgresql with {POSTGRESQL}: {QUEUE}"),
        ("postgresql+psycopg://server/shop", f"postgresql with psycopg: {QUEUE}"),
        ("postgresql+asyncpg://server/shop", f"postgresql with asyncpg: {ASYNC_QUEUE}"),
        ("mysql://server/shop", f"mysql with mysqldb: {QUEUE}"),
        ("mariadb+pymysql://server/shop", f"mariadb with pymysql: {QUEUE}"),
        ("oracle://server/shop", f"oracle with {ORACLE}: {QUEUE}"),
        ("postgres://server/shop", "SQLAlchemy knows no postgres"),
    ],
)
def test_what_a_url_gets(url: str, expected: str, connections: Connections) -> None:
    assert explain(url) == expected
    assert explain(make_url(url)) == expected
    assert connections.opened == 0


@pytest.mark.parametrize("url", ["sqlite:///shop.db", "sqlite://", "postgresql+psycopg://server/shop"])
def test_it_is_what_the_engine_has(url: str) -> None:
    pool = type(create_engine(url).pool)
    assert f": {pool.__name__}, {MEANING[pool]}" in explain(url)


def test_a_pool_that_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MEANING, sqlalchemy.QueuePool)
    url = URL.create("sqlite", database="shop.db")
    assert explain(url) == "sqlite with pysqlite: QueuePool, see its documentation"
