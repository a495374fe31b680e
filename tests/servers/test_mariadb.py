"""The MariaDB of the tests: plain accounts, fresh databases, nothing left behind."""

from __future__ import annotations

import pymysql
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.servers import mariadb
from tests.servers.mariadb import MariaDB


def query(url: str, statement: str, **options: object) -> object:
    """Return the one value that a statement gives."""
    engine = create_engine(url, connect_args=options)
    with engine.begin() as connection:
        value = connection.scalars(text(statement)).one()
    engine.dispose()
    return value


def test_a_database_is_empty_and_a_plain_account_may_fill_it(mariadb_database: str) -> None:
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = database()"
    assert query(mariadb_database, tables) == 0
    engine = create_engine(mariadb_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visit (page varchar(9))"))
    engine.dispose()
    assert query(mariadb_database, tables) == 1
    assert str(query(mariadb_database, "SELECT current_user()")) == "app@%"


def test_a_database_is_dropped_even_under_an_open_transaction(mariadb_server: MariaDB) -> None:
    with mariadb.fresh_database(mariadb_server) as url:
        name = make_url(url).database
        forgotten = create_engine(url).connect()
        forgotten.execute(text("CREATE TABLE visit (page varchar(9))"))
        forgotten.execute(text("INSERT INTO visit VALUES ('home')"))
    with mariadb_server.connect() as connection, connection.cursor() as cursor:
        assert cursor.execute("SHOW DATABASES LIKE %s", [name]) == 0
    forgotten.invalidate()


def test_nobody_comes_in_without_a_password(mariadb_server: MariaDB) -> None:
    for user in ("root", "app", ""):
        with pytest.raises(pymysql.OperationalError, match="Access denied"):
            pymysql.connect(host=mariadb_server.host, port=mariadb_server.port, user=user, ssl_disabled=True)


def test_one_offers_tls_and_the_other_does_not(mariadb_database: str, tls_mariadb_database: str) -> None:
    cipher = "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'ssl_cipher'"
    assert query(mariadb_database, cipher) == ""
    assert query(tls_mariadb_database, cipher) != ""
    assert query(tls_mariadb_database, cipher, ssl_disabled=True) == ""


def test_servers_share_no_folder_for_temporary_tables(mariadb_database: str, tls_mariadb_database: str) -> None:
    # One that starts removes what it finds there: parallel runs would break each other now and then.
    folders = {query(url, "SELECT @@tmpdir") for url in (mariadb_database, tls_mariadb_database)}
    assert len(folders) == 2
