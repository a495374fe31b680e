"""What a connection holds in the server grows with what it touches, and only a new one is small again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import Connection, sql
from sqlalchemy import Engine, create_engine, make_url

from snippets.postgresql import backend_memory
from snippets.postgresql.backend_memory import bytes_held, prepare, readable, touch
from tests.servers.postgres import Postgres

MOST_TABLES = 1000  # A new database has about two hundred, all of them the server's own.


@contextmanager
def role(server: Postgres, *memberships: str) -> Iterator[str]:
    """Give a new role that is a member of others; all roles have the same password here."""
    name = f"role_{secrets.token_hex(6)}"
    with server.connect() as admin:
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), server.password)
        admin.execute(create)
        for membership in memberships:
            admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(membership), sql.Identifier(name)))
        yield name
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def meter_url(postgres_server: Postgres, postgres_database: str) -> Iterator[str]:
    """The URL of the empty database, for a role that may read how much memory is used."""
    with role(postgres_server, "pg_read_all_stats") as name:
        yield make_url(postgres_database).set(username=name).render_as_string(hide_password=False)


def plain(url: str, user: str | None = None) -> str:
    """A URL as psycopg wants it, perhaps for another user."""
    parts = make_url(url).set(drivername="postgresql")
    return (parts.set(username=user) if user else parts).render_as_string(hide_password=False)


@pytest.fixture
def tables(meter_url: str) -> list[sql.Identifier]:
    """All tables of the database, listed by a connection that is not measured."""
    with psycopg.connect(plain(meter_url)) as connection:
        found = readable(connection)
    assert 100 < len(found) < MOST_TABLES
    return found


@pytest.fixture
def connection(meter_url: str, tables: list[sql.Identifier]) -> Iterator[Connection]:
    """A fresh connection, though not the first one of its database."""
    with psycopg.connect(plain(meter_url), autocommit=True) as connection:
        yield connection


def test_it_grows_with_what_it_touches_and_a_new_one_is_small_again(
    connection: Connection, tables: list[sql.Identifier], meter_url: str
) -> None:
    fresh = bytes_held(connection)
    assert 1_000_000 < fresh < 4_000_000
    touch(connection, tables)
    touched = bytes_held(connection)
    assert touched > 2 * fresh
    with psycopg.connect(plain(meter_url)) as new:
        assert bytes_held(new) < 1.1 * fresh


def test_the_first_one_after_a_vacuum_of_the_catalog_holds_more(
    connection: Connection, postgres_server: Postgres, meter_url: str
) -> None:
    fresh = bytes_held(connection)
    owner = plain(meter_url, "postgres")
    with psycopg.connect(owner, autocommit=True) as admin:
        admin.execute("VACUUM pg_class")  # It removes the file that a new connection reads the catalog from.
    held = []
    for _ in range(2):
        with psycopg.connect(plain(meter_url)) as new:
            held.append(bytes_held(new))
    assert held[0] > 1.2 * fresh
    assert held[1] < 1.1 * fresh


def test_touching_again_costs_nothing_and_idling_gives_nothing_back(
    connection: Connection, tables: list[sql.Identifier]
) -> None:
    touch(connection, tables)
    touched = bytes_held(connection)
    touch(connection, tables)
    again = bytes_held(connection)
    assert 0.9 * touched < again < 1.1 * touched
    assert bytes_held(connection) == again


def test_discard_all_gives_back_the_statements_but_not_the_tables(
    connection: Connection, tables: list[sql.Identifier]
) -> None:
    touch(connection, tables)
    touched = bytes_held(connection)
    prepare(connection, tables)
    assert bytes_held(connection) > 1.5 * touched
    assert count(connection, "pg_prepared_statements") == len(tables)
    connection.execute("DISCARD ALL")
    assert count(connection, "pg_prepared_statements") == 0
    assert 0.9 * touched < bytes_held(connection) < 1.1 * touched


def count(connection: Connection, table: str) -> int:
    """The number of rows of a table."""
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row
    return int(row[0])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the operating system has no /proc")
def test_what_the_process_frees_is_not_given_back_to_the_operating_system(
    connection: Connection, tables: list[sql.Identifier]
) -> None:
    touch(connection, tables)
    prepare(connection, tables)
    held, resident = bytes_held(connection), resident_bytes(connection)
    connection.execute("DISCARD ALL")
    assert bytes_held(connection) < 0.75 * held
    assert resident_bytes(connection) > 0.9 * resident


def resident_bytes(connection: Connection) -> int:
    """The memory of its own that the server process has, as the operating system sees it."""
    status = Path(f"/proc/{connection.info.backend_pid}/status").read_text()
    [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:")]
    return 1024 * int(kilobytes)


def held_by_the_next(engine: Engine) -> int:
    """Borrow a connection of a pool, and return what it holds."""
    with engine.connect() as borrowed:
        driver = borrowed.connection.driver_connection
        assert isinstance(driver, Connection)
        return bytes_held(driver)


@pytest.mark.parametrize(("recycle", "small_again"), [(-1, False), (0, True)])
def test_a_pool_gives_it_back_by_replacing_the_connection(
    recycle: int, small_again: bool, meter_url: str, tables: list[sql.Identifier]
) -> None:
    engine = create_engine(meter_url, pool_size=1, pool_recycle=recycle)
    engine.connect().close()  # An engine's first connection also asks for the server's version.
    with engine.connect() as borrowed:
        driver = borrowed.connection.driver_connection
        assert isinstance(driver, Connection)
        fresh = bytes_held(driver)
        touch(driver, tables)
        assert bytes_held(driver) > 2 * fresh
    assert (held_by_the_next(engine) < 1.2 * fresh) == small_again
    engine.dispose()


def test_which_tables_are_readable(meter_url: str, postgres_database: str) -> None:
    granted = {"plain", 'Odd "name", 100%', "parted", "seen", "kept"}
    with psycopg.connect(plain(postgres_database)) as owner:
        for statement in [
            "CREATE SCHEMA shop",
            "CREATE SCHEMA hidden",
            "CREATE TABLE shop.plain (number int PRIMARY KEY)",
            'CREATE TABLE shop."Odd ""name"", 100%" (number serial)',
            "CREATE TABLE shop.parted (number int) PARTITION BY LIST (number)",
            "CREATE VIEW shop.seen AS SELECT 1 AS number",
            "CREATE MATERIALIZED VIEW shop.kept AS SELECT 1 AS number",
            "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO PUBLIC",
            "GRANT USAGE ON SCHEMA shop TO PUBLIC",
            "CREATE TABLE shop.not_granted (number int)",
            "CREATE TABLE hidden.behind (number int)",
            "GRANT SELECT ON hidden.behind TO PUBLIC",
        ]:
            owner.execute(statement)
    with psycopg.connect(plain(meter_url), autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE passing (number int)")
        tables = readable(connection)
        ours = {table.as_string(connection) for table in tables}
        touch(connection, tables)
        prepare(connection, tables)
        connection.execute("DROP TABLE passing")  # Its process would do so a moment after it has been left.
    expected = {sql.Identifier("shop", name).as_string(None) for name in granted}
    assert {name for name in ours if name.startswith('"shop"')} == expected
    assert '"pg_catalog"."pg_class"' in ours
    assert not [name for name in ours if "hidden" in name or "passing" in name]


def test_touching_runs_no_query(meter_url: str, postgres_database: str) -> None:
    with psycopg.connect(plain(postgres_database)) as owner:
        owner.execute("CREATE FUNCTION refuse() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''ran''; END'")
        owner.execute("CREATE VIEW refuses AS SELECT refuse() AS number")
        owner.execute("GRANT SELECT ON refuses TO PUBLIC")
    with psycopg.connect(plain(meter_url), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RaiseException, match="ran"):
            connection.execute("SELECT * FROM refuses")
        touch(connection, [sql.Identifier("public", "refuses")])
        prepare(connection, [sql.Identifier("public", "refuses")])


def test_it_needs_the_role_that_it_says(postgres_server: Postgres, postgres_database: str) -> None:
    with role(postgres_server) as name, psycopg.connect(plain(postgres_database, name)) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="pg_backend_memory_contexts"):
            bytes_held(connection)
        connection.rollback()
        with postgres_server.connect() as admin:
            admin.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(sql.Identifier(name)))
        assert bytes_held(connection) > 0


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([1_000_001, 2_000_002, 5_000_005, 2_200_002, 1_100_001], (True, 2.0, 5.0, 2.2, True, False, True)),
        ([1_000_000, 3_000_000, 6_000_000, 3_300_001, 1_100_001], (False, 3.0, 6.0, 3.3, False, False, False)),
        ([2_000_000, 3_000_000, 6_000_000, 2_199_999, 2_000_000], (True, 1.5, 3.0, 1.1, True, True, True)),
        ([2_000_000, 3_000_000, 6_000_000, 2_200_001, 4_000_000], (True, 1.5, 3.0, 1.1, True, False, False)),
    ],
)
def test_what_the_demo_makes_of_the_figures(
    held: list[int],
    expected: tuple[object, ...],
    meter_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = iter(held)
    monkeypatch.setattr(backend_memory, "bytes_held", lambda connection: next(figures))
    monkeypatch.setenv("DATABASE_URL", meter_url)
    backend_memory.demo()
    large, touched, prepared, discarded, statements, tables, small = expected
    assert capsys.readouterr().out.splitlines() == [
        f"a fresh connection holds more than a megabyte: {large}",
        f"with every table touched: {touched} times as much",
        f"with a statement prepared for each: {prepared} times as much",
        f"after DISCARD ALL: {discarded} times as much",
        f"  the statements are gone: {statements}; so are the tables: {tables}",
        f"a new connection in its place is small again: {small}",
    ]


def test_the_demo_measures_for_itself(
    meter_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", meter_url)
    backend_memory.demo()
    lines = capsys.readouterr().out.splitlines()
    touched, prepared, discarded = (float(line.split(": ")[1].split()[0]) for line in lines[1:4])
    assert touched > 2
    assert prepared > 1.5 * touched
    assert 0.85 * touched < discarded < 1.15 * touched
    assert [lines[0], *lines[4:]] == [
        "a fresh connection holds more than a megabyte: True",
        "  the statements are gone: True; so are the tables: False",
        "a new connection in its place is small again: True",
    ]
