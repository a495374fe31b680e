"""Databases that are given again: only those in which nothing is left of the test before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from sqlalchemy import make_url

from tests.servers.postgres import Postgres
from tests.servers.recycled import databases
from tests.servers.waiting import eventually

Empty = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def empty(postgres_server: Postgres) -> Iterator[Empty]:
    """What gives empty databases."""
    with databases(postgres_server) as given:
        yield given


@contextmanager
def connected(server: Postgres, url: str) -> Iterator[psycopg.Connection]:
    """Connect as the role of a URL; at the end, wait until the server has noticed that the connection is closed."""
    with connect(url) as connection:
        pid = connection.info.backend_pid
        yield connection
    with server.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
        assert eventually(lambda: connection.execute(query, [pid]).fetchone() == (0,))


def connect(url: str) -> psycopg.Connection:
    """Connect as the role of a URL."""
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True)


def name(url: str) -> str:
    """Return the database of a URL."""
    return str(make_url(url).database)


TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def test_what_the_plain_role_leaves_is_removed_and_the_database_given_again(
    empty: Empty, postgres_server: Postgres
) -> None:
    with empty() as first, connected(postgres_server, first) as connection:
        connection.execute("CREATE SCHEMA more CREATE TABLE more.one (id serial PRIMARY KEY)")
        connection.execute("CREATE TABLE two (id int)")
        connection.execute("CREATE FUNCTION three() RETURNS int LANGUAGE sql AS 'SELECT 3'")
        connection.execute("GRANT SELECT ON two TO PUBLIC")
        connection.execute("SELECT lo_create(0)")
    with empty() as again, connect(again) as connection:
        assert again == first
        assert connection.execute(TABLES).fetchone() == (0,)
        assert connection.execute("SELECT to_regproc('three'), to_regnamespace('more')").fetchone() == (None, None)
        assert connection.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchone() == (0,)


def test_two_at_once_are_two(empty: Empty) -> None:
    with empty() as one, empty() as other:
        assert one != other


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER DATABASE {} CONNECTION LIMIT 8",
        "ALTER DATABASE {} SET work_mem = '1MB'",
        "ALTER ROLE app IN DATABASE {} SET work_mem = '1MB'",
        "GRANT TEMPORARY ON DATABASE {} TO app",
        "CREATE TABLE of_the_superuser (id int)",
        "CREATE SEQUENCE of_the_superuser",
        "CREATE SCHEMA of_the_superuser",
        "CREATE FUNCTION of_the_superuser() RETURNS int LANGUAGE sql AS 'SELECT 3'",
        "CREATE TYPE of_the_superuser AS ENUM ('a')",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "UPDATE pg_database SET datallowconn = false WHERE datname = '{}'",
    ],
)
def test_one_that_stays_changed_is_dropped(empty: Empty, postgres_server: Postgres, statement: str) -> None:
    with empty() as changed:
        superuser = postgres_server.url(database=name(changed))
        with connected(postgres_server, superuser) as connection:
            connection.execute(statement.format(name(changed)).encode())
    with postgres_server.connect() as connection:
        there = connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name(changed)]).fetchone()
        assert there == (0,)


def test_one_with_a_connection_left_is_dropped_and_the_connection_ended(empty: Empty) -> None:
    with empty() as left:
        connection = connect(left)
        connection.execute("CREATE TABLE held (id int)")
    with pytest.raises(psycopg.OperationalError, match="terminating connection"):
        connection.execute("SELECT 1")
    connection.close()
    with empty() as other:
        assert other != left


def test_nothing_is_left_at_the_end(postgres_server: Postgres) -> None:
    with databases(postgres_server) as given, given() as one, given() as other:
        pass
    with postgres_server.connect() as connection:
        names = [name(one), name(other)]
        there = connection.execute("SELECT count(*) FROM pg_database WHERE datname = ANY(%s)", [names]).fetchone()
        assert there == (0,)


def test_a_test_that_changes_nothing_gives_the_database_to_the_next(empty: Empty) -> None:
    with empty() as one:
        pass
    with empty() as next_one:
        assert next_one == one


def test_nobody_is_connected_to_one_that_is_given_again(empty: Empty, postgres_server: Postgres) -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    seen = []
    with postgres_server.connect() as beside:
        for _ in range(60):
            with empty() as url:
                seen.append(beside.execute(query, [make_url(url).database]).fetchone())
    assert set(seen) == {(0,)}
