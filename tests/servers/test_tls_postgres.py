"""The PostgreSQL with TLS: three ways in."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from tests.servers import tls_postgres
from tests.servers.postgres import Binaries


@pytest.mark.parametrize(
    ("user", "sslmode", "tls"),
    [("trusted", "disable", False), ("app", "disable", False), ("trusted", "require", True), ("app", "require", True)],
)
def test_each_role_comes_in_with_tls_and_without(
    user: str, sslmode: str, tls: bool, tls_postgres_database: str
) -> None:
    url = make_url(tls_postgres_database)
    password = url.password if user == "app" else None
    with psycopg.connect(
        host=url.host, port=url.port, dbname=url.database, user=user, password=password, sslmode=sslmode
    ) as connection:
        assert connection.pgconn.ssl_in_use == tls
        assert connection.pgconn.used_password == (user == "app")


def test_the_plain_role_needs_its_password(tls_postgres_database: str) -> None:
    url = make_url(tls_postgres_database).set(drivername="postgresql", password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.render_as_string(hide_password=False))


def test_a_build_without_tls_is_passed_over(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "postgres").write_text("#!/bin/sh\necho\n")
    (folder / "postgres").chmod(0o755)
    assert not tls_postgres._has_tls(Binaries(folder, ""))
