"""In memory, the pool decides who finds your tables, and who is in whose transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import get_ident
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import Engine, NullPool, QueuePool, SingletonThreadPool, StaticPool, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from snippets.engine.memory_pools import before_the_commit, engines, from_a_thread, rows
from tests.servers.waiting import DEADLINE_SECONDS

MISSING = "no such table: demo_page"
LOCKED = "database table is locked: demo_page"
MEMORY = "sqlite://?check_same_thread=false"
SHARED = "sqlite:///file::memory:?cache=shared&uri=true"
CREATE = text("CREATE TABLE demo_page (title text)")
INSERT = text("INSERT INTO demo_page VALUES ('draft')")


@pytest.fixture
def kinds(tmp_path: Path) -> Iterator[dict[str, Engine]]:
    """An engine of each kind, with the table, by its name."""
    kinds = {}
    for name, engine in engines(str(tmp_path)):
        with engine.begin() as connection:
            connection.execute(CREATE)
        kinds[name] = engine
    yield kinds
    for engine in kinds.values():
        engine.dispose()


def with_table(url: str, pool: type) -> Engine:
    """Return an engine whose first connection has made the table."""
    engine = create_engine(url, poolclass=pool)
    with engine.begin() as connection:
        connection.execute(CREATE)
    return engine


@pytest.mark.parametrize(
    ("name", "pool", "thread", "uncommitted"),
    [
        ("in memory", SingletonThreadPool, MISSING, "1"),
        ("in memory, StaticPool", StaticPool, "0", "1"),
        ("shared cache", QueuePool, "0", LOCKED),
        ("a file", QueuePool, "0", "0"),
    ],
)
def test_what_is_shared(name: str, pool: type, thread: str, uncommitted: str, kinds: dict[str, Engine]) -> None:
    engine = kinds[name]
    assert type(engine.pool) is pool
    assert from_a_thread(engine) == thread
    assert before_the_commit(engine) == uncommitted
    with engine.connect() as connection:
        assert rows(connection) == "0"  # Nobody has committed the draft.


@pytest.mark.parametrize(
    ("name", "left"),
    [("in memory", "0"), ("in memory, StaticPool", "0"), ("shared cache", "1"), ("a file", "1")],
)
def test_whether_a_second_connection_rolls_the_first_one_back(name: str, left: str, kinds: dict[str, Engine]) -> None:
    engine = kinds[name]
    with engine.connect() as first:
        first.execute(INSERT)
        with engine.connect() as second:
            second.execute(text("SELECT 1"))
        first.commit()
        assert rows(first) == left


def test_a_thread_counts_what_is_there(kinds: dict[str, Engine]) -> None:
    with kinds["a file"].begin() as connection:
        connection.execute(INSERT)
    assert from_a_thread(kinds["a file"]) == "1"


def test_a_thread_of_its_own_asks(kinds: dict[str, Engine]) -> None:
    # The connection of the test's thread is lent out, so nobody else can get it.
    with kinds["a file"].connect() as lent:
        lent.execute(INSERT)
        assert from_a_thread(kinds["a file"]) == "0"


def test_without_the_flag_a_connection_in_memory_may_not_leave_its_thread() -> None:
    engine = with_table("sqlite://", StaticPool)
    with engine.connect() as connection:
        driver_connection = connection.connection.driver_connection
    with pytest.raises(ProgrammingError, match="SQLite objects created in a thread can only be used in that same"):
        from_a_thread(engine)
    # The pool has given it up in the other thread, where it could not even be closed.
    assert driver_connection is not None
    driver_connection.close()


def test_the_default_without_the_flag_is_no_different() -> None:
    engine = create_engine("sqlite://")
    assert type(engine.pool) is SingletonThreadPool
    with engine.begin() as connection:
        connection.execute(CREATE)
        assert rows(connection) == "0"
    engine.dispose()


def test_without_a_pool_the_table_is_gone_at_once() -> None:
    engine = with_table(MEMORY, NullPool)
    with engine.connect() as connection:
        assert rows(connection) == MISSING


def test_with_a_queue_it_depends_on_which_connection_you_get() -> None:
    engine = with_table(MEMORY, QueuePool)
    with engine.connect() as first, engine.connect() as second:
        assert (rows(first), rows(second)) == ("0", MISSING)
    engine.dispose()


def test_the_shared_cache_refuses_at_once_however_long_the_timeout() -> None:
    engine = create_engine(SHARED, connect_args={"timeout": 10 * DEADLINE_SECONDS})
    with engine.begin() as connection:
        connection.execute(CREATE)
    begun = monotonic()
    assert before_the_commit(engine) == LOCKED
    assert monotonic() - begun < DEADLINE_SECONDS
    engine.dispose()


def test_the_shared_cache_ends_with_its_last_connection() -> None:
    engine = with_table(SHARED, QueuePool)
    engine.dispose()
    with engine.connect() as connection:
        assert rows(connection) == MISSING
    engine.dispose()


def test_flasks_test_client_runs_views_in_the_tests_own_thread() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: str(get_ident()))
    assert app.test_client().get("/").text == str(get_ident())


def test_a_file_that_is_deleted_under_its_pool_can_still_be_read_but_not_written(tmp_path: Path) -> None:
    file = tmp_path / "test.db"
    engine = with_table(f"sqlite:///{file}", QueuePool)
    file.unlink()
    with engine.connect() as connection:
        assert rows(connection) == "0"
        with pytest.raises(OperationalError, match="attempt to write a readonly database"):
            connection.execute(INSERT)
    engine.dispose()
    with engine.connect() as connection:
        assert rows(connection) == MISSING
    engine.dispose()
