"""Threads on one connection: each driver's class of outcome, and that a connection each is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from pathlib import Path
from typing import cast

import psycopg
import pytest
from sqlalchemy import Engine, NullPool, QueuePool, create_engine

from snippets.antipatterns import driver_refusals
from snippets.antipatterns.driver_refusals import THREADS, Checkout, ask, one_each, one_for_all, outcomes, verdict
from tests.conftest import missing
from tests.servers import mysqlclient
from tests.servers.waiting import eventually
from tests.snippets.conftest import Connections

FIXTURES = {"sqlite": None, "postgresql": "postgres_database", "mariadb": "mariadb_database"}


@pytest.fixture
def engine_of(request: pytest.FixtureRequest) -> Callable[[str], Engine]:
    """A function that gives an engine of the driver's own connections to an empty database."""

    def engine(server: str) -> Engine:
        fixture = FIXTURES[server]
        url = request.getfixturevalue(fixture) if fixture else "sqlite://"
        timeout = {"read_timeout": 5} if server == "mariadb" else {}
        return create_engine(url, poolclass=NullPool, connect_args=timeout)

    return engine


def shared(engine: Engine) -> Counter[str]:
    """Return what threads get that share a connection."""
    with one_for_all(engine) as checkout:
        return outcomes(checkout)


def test_sqlite3_refuses(engine_of: Callable[[str], Engine]) -> None:
    assert shared(engine_of("sqlite")) == {"ProgrammingError": 50 * THREADS}


def test_sqlite3_serves_the_thread_that_connected(engine_of: Callable[[str], Engine]) -> None:
    with one_for_all(engine_of("sqlite")) as checkout, checkout() as connection:
        assert ask(connection, 1) == "right"
        with ThreadPoolExecutor(1) as other:
            assert other.submit(ask, connection, 1).result() == "ProgrammingError"
        assert ask(connection, 1) == "right"


def test_sqlalchemy_switches_the_refusal_off_for_a_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/test.db")
    with one_for_all(engine) as checkout, checkout() as connection:
        assert ask(connection, 1) == "right"
        with ThreadPoolExecutor(1) as other:
            assert other.submit(ask, connection, 2).result() == "right"
    engine.dispose()


def test_psycopg_takes_turns(engine_of: Callable[[str], Engine]) -> None:
    assert shared(engine_of("postgresql")) == {"right": 50 * THREADS}


def test_psycopg_puts_all_threads_in_one_transaction(engine_of: Callable[[str], Engine]) -> None:
    with one_for_all(engine_of("postgresql")) as checkout, ThreadPoolExecutor(1) as other:
        with checkout() as connection:
            cursor = connection.cursor()
            with pytest.raises(psycopg.errors.UndefinedColumn):
                cursor.execute("SELECT no_such_column")
        with checkout() as connection:
            assert other.submit(ask, connection, 1).result() == "InFailedSqlTransaction"


def test_pymysql_mixes_them_up(engine_of: Callable[[str], Engine]) -> None:
    # How often, and how it shows, is chance: wrong rows or errors, but not 200 right answers.
    counts = [shared(engine_of("mariadb")) for _ in range(3)]
    assert "not every answer is right" in map(verdict, counts)


@pytest.mark.parametrize("server", FIXTURES)
def test_with_a_connection_each_all_is_right(
    server: str, engine_of: Callable[[str], Engine], connections: Connections
) -> None:
    with one_each(engine_of(server)) as checkout:
        assert outcomes(checkout) == {"right": 50 * THREADS}
    assert connections.opened == connections.most == THREADS
    assert connections.open == 0


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ({"right": 2}, "every answer is right"),
        ({"ProgrammingError": 2}, "every statement is refused"),
        ({"right": 2, "ProgrammingError": 2}, "not every answer is right"),
        ({"right": 2, "wrong": 1}, "not every answer is right"),
        ({"wrong": 1}, "not every answer is right"),
        ({"InternalError": 1}, "not every answer is right"),
        ({}, "not every answer is right"),
    ],
)
def test_the_verdict(count: dict[str, int], words: str) -> None:
    assert verdict(Counter(count)) == words


def test_other_rows_are_wrong(engine_of: Callable[[str], Engine]) -> None:
    class Liar:
        """A connection that answers something else."""

        def cursor(self) -> Liar:
            return self

        def execute(self, statement: str) -> None:
            assert statement == "SELECT 7"

        def fetchall(self) -> list[tuple[int]]:
            return [(8,)]

    assert ask(Liar(), 7) == "wrong"  # type: ignore[arg-type]


@pytest.fixture
def mysqlclient_engine(request: pytest.FixtureRequest) -> Engine:
    """An engine of mysqlclient's own connections to an empty database of MariaDB."""
    if not mysqlclient.is_installed():
        missing(mysqlclient.MISSING)
    return create_engine(mysqlclient.url(request.getfixturevalue("mariadb_database")), poolclass=NullPool)


def test_mysqlclient_refuses_but_mixes_nothing_up(mysqlclient_engine: Engine) -> None:
    # How many it refuses is chance: those that ask while another thread is served.
    assert set(shared(mysqlclient_engine)) <= {"right", "ProgrammingError"}
    with one_each(mysqlclient_engine) as checkout:
        assert outcomes(checkout) == {"right": 50 * THREADS}


def test_mysqlclient_refuses_while_it_serves_another_thread(mysqlclient_engine: Engine) -> None:
    engine = mysqlclient_engine
    words = "This connection is already in use from another thread"
    waiters = "SELECT 1 FROM information_schema.processlist WHERE state = 'User lock'"
    with (
        one_for_all(engine) as checkout,
        checkout() as connection,
        closing(engine.raw_connection()) as other,
        ThreadPoolExecutor(1) as thread,
    ):
        cursor = other.cursor()
        cursor.execute("SELECT get_lock('it', 0)")
        served = thread.submit(connection.cursor().execute, "SELECT get_lock('it', 60)")
        assert eventually(lambda: cursor.execute(waiters) == 1)
        with pytest.raises(engine.dialect.loaded_dbapi.ProgrammingError, match=words):
            connection.cursor().execute("SELECT 1")
        cursor.execute("SELECT release_lock('it')")
        served.result()
        assert ask(connection, 1) == "right"


def test_a_connection_that_threads_have_shared_is_thrown_away(tmp_path: Path, connections: Connections) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/test.db", poolclass=QueuePool)
    with one_for_all(engine):
        assert connections.open == 1
    assert connections.open == 0


def test_there_are_four_threads_with_numbers_of_their_own() -> None:
    asked: list[int] = []

    def remember(connection: object, number: int) -> str:
        asked.append(number)
        return "right"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(driver_refusals, "ask", remember)
        driver_refusals.outcomes(cast(Checkout, nullcontext))
    assert sorted(asked) == [1000 * thread + count for thread in range(4) for count in range(50)]
