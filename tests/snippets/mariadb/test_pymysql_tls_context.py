"""PyMySQL's TLS contexts: one for each connect, unless there is no TLS or one context for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from snippets.mariadb import pymysql_tls_context
from snippets.mariadb.pymysql_tls_context import by_default, contexts_built, with_shared_context, without_tls
from tests.servers.mariadb import MariaDB
from tests.snippets.conftest import Connections


@pytest.fixture(params=["without TLS", "with TLS"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a server that offers no TLS, and of one that does."""
    return str(request.getfixturevalue("tls_mariadb_database" if request.param == "with TLS" else "mariadb_database"))


def cipher(engine: Engine) -> str:
    """Return what encrypts the engine's connections; empty if nothing does."""
    with engine.connect() as connection:
        return str(connection.execute(text("SHOW STATUS LIKE 'Ssl_cipher'")).one()[1])


@pytest.mark.parametrize(("make_engine", "contexts"), [(by_default, 5), (without_tls, 0)])
def test_contexts_for_each_connect(
    make_engine: Callable[[str], Engine], contexts: int, url: str, connections: Connections
) -> None:
    assert contexts_built(make_engine(url), 5) == contexts
    assert connections.opened == 5
    assert connections.open == 0


def test_a_pool_builds_one_and_keeps_the_connection(url: str, connections: Connections) -> None:
    engine = create_engine(url)
    assert contexts_built(engine, 5) == 1
    assert connections.opened == 1
    engine.dispose()


def test_one_context_for_all(tls_mariadb_database: str, tls_mariadb_server: MariaDB, connections: Connections) -> None:
    engine = with_shared_context(tls_mariadb_database, tls_mariadb_server.certificate)
    assert contexts_built(engine, 5) == 0
    assert connections.opened == 5
    assert cipher(engine) != ""


def test_a_shared_context_trusts_only_what_it_is_told_to(tls_mariadb_database: str) -> None:
    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
        contexts_built(with_shared_context(tls_mariadb_database), 1)


def test_a_shared_context_refuses_a_server_without_tls(mariadb_database: str) -> None:
    with pytest.raises(OperationalError, match="SSL is required but the server doesn't support it"):
        contexts_built(with_shared_context(mariadb_database), 1)


def test_tls_is_used_where_both_sides_want_it(mariadb_database: str, tls_mariadb_database: str) -> None:
    assert cipher(by_default(mariadb_database)) == ""
    assert cipher(by_default(tls_mariadb_database)) != ""
    assert cipher(without_tls(tls_mariadb_database)) == ""


def test_on_a_server_with_tls_the_demo_says_why_it_is_not_trusted(
    tls_mariadb_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", tls_mariadb_database)
    pymysql_tls_context.demo()
    assert "CERTIFICATE_VERIFY_FAILED" in capsys.readouterr().out.splitlines()[-1]
