"""The same burst, with a pool and without: who is refused, in which words, and what helps."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.engine import nullpool_moves_it
from snippets.engine.nullpool_moves_it import View, burst, holds, outcome, own_database, releases_first
from tests.servers.postgres import Postgres, fresh_database
from tests.servers.waiting import eventually
from tests.snippets.catalog import FOLDER
from tests.snippets.conftest import Connections

LIMIT, POOL, BURST = 8, 5, 12
POOL_WORDS = "QueuePool limit of size 3 overflow 2 reached, connection timed out, timeout 0.05"
SERVER_WORDS = 'too many connections for role "app"'


def settled(server: Postgres) -> bool:
    """Wait until the server has no process for the role: one outlives its client a little."""
    with closing(server.connect()) as admin:
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"
        return eventually(lambda: admin.execute(query).fetchone() == (0,))


@pytest.fixture
def url(postgres_server: Postgres, postgres_database: str) -> Iterator[str]:
    """The URL of an empty database, for a role that may have eight connections, and has none."""
    with closing(postgres_server.connect()) as admin:
        assert settled(postgres_server)
        admin.execute(f"ALTER ROLE app CONNECTION LIMIT {LIMIT}")
        yield postgres_database
        admin.execute("ALTER ROLE app CONNECTION LIMIT -1")


@pytest.fixture
def pooled(url: str) -> Iterator[Engine]:
    """A pool of five."""
    engine = create_engine(url, pool_size=3, max_overflow=POOL - 3, pool_timeout=0.05)
    yield engine
    engine.dispose()


@pytest.fixture
def unpooled(url: str) -> Engine:
    """No pool."""
    return create_engine(url, poolclass=NullPool)


def test_the_pool_refuses_its_own_program_only(pooled: Engine, unpooled: Engine, connections: Connections) -> None:
    outcomes, neighbor = burst(holds, pooled, BURST, unpooled)
    assert outcomes == {"served": POOL, f"TimeoutError: {POOL_WORDS}": BURST - POOL}
    assert neighbor == "served"
    assert connections.most == POOL + 1


def test_without_a_pool_the_server_refuses_and_it_refuses_everybody(
    unpooled: Engine, connections: Connections, postgres_server: Postgres
) -> None:
    with fresh_database(postgres_server) as other_database:
        other_program = create_engine(other_database, poolclass=NullPool)
        outcomes, neighbor = burst(holds, unpooled, BURST, other_program)
    assert outcomes == {"served": LIMIT, f"OperationalError: {SERVER_WORDS}": BURST - LIMIT}
    assert neighbor == f"OperationalError: {SERVER_WORDS}"
    assert connections.most == LIMIT
    # It lasts as long as the requests do.
    assert settled(postgres_server)
    assert outcome(lambda: unpooled.connect().close()) == "served"


def test_each_side_has_its_own_limit(pooled: Engine, unpooled: Engine, postgres_server: Postgres) -> None:
    for engine, enough in ((pooled, POOL), (unpooled, LIMIT)):
        for more in (0, 3):
            outcomes, _ = burst(holds, engine, enough + more, unpooled)
            assert (outcomes["served"], outcomes.total()) == (enough, enough + more)
            engine.dispose()
            assert settled(postgres_server)


def test_nullpool_seems_to_help_as_long_as_the_server_has_room(
    postgres_database: str, connections: Connections
) -> None:
    engine = create_engine(postgres_database, poolclass=NullPool)
    assert burst(holds, engine, BURST, engine) == ({"served": BURST}, "served")
    assert connections.most == BURST + 1


@pytest.mark.parametrize("view", [holds, releases_first])
def test_each_request_reads_before_it_waits(view: View) -> None:
    engine = create_engine("sqlite://")
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _, __, statement, *___: asked.append(statement))
    with view(engine):
        assert asked == ["SELECT 1"]
    engine.dispose()


def test_giving_back_before_the_wait_helps(pooled: Engine, unpooled: Engine, connections: Connections) -> None:
    assert burst(releases_first, pooled, BURST, unpooled) == ({"served": BURST}, "served")
    assert connections.most == 2


def test_fewer_requests_at_once_help(pooled: Engine, unpooled: Engine, connections: Connections) -> None:
    assert burst(holds, pooled, POOL, unpooled) == ({"served": POOL}, "served")
    assert connections.most == POOL + 1


def test_after_a_burst_everything_is_given_back(pooled: Engine, unpooled: Engine, connections: Connections) -> None:
    first, second = (burst(holds, pooled, BURST, unpooled) for _ in range(2))
    assert first == second
    pooled.dispose()
    assert connections.open == 0


def fill(engine: Engine, held: ExitStack) -> None:
    """Take connections until there are none."""
    for _ in range(BURST):
        held.enter_context(engine.connect())


def test_the_classes_of_the_two_errors(pooled: Engine, unpooled: Engine, postgres_server: Postgres) -> None:
    errors: list[Exception] = []
    for engine in (pooled, unpooled):
        with ExitStack() as held, pytest.raises((PoolTimeout, OperationalError)) as refused:
            fill(engine, held)
        errors.append(refused.value)
        engine.dispose()
        assert settled(postgres_server)
    pool_error, server_error = errors
    assert isinstance(pool_error, PoolTimeout)
    assert not isinstance(pool_error, DBAPIError)
    assert isinstance(server_error, OperationalError)
    assert isinstance(server_error.orig, psycopg.OperationalError)
    # A refused connect has no SQLSTATE: whoever wants to know the cause has to look at the text.
    assert server_error.orig.sqlstate is None
    assert not server_error.connection_invalidated


def test_other_errors_are_not_refusals(unpooled: Engine) -> None:
    def asks_for_nonsense() -> None:
        with unpooled.connect() as connection:
            connection.execute(text("SELECT no_such_column"))

    with pytest.raises(ProgrammingError):
        outcome(asks_for_nonsense)


def limits(server: Postgres) -> dict[str, int]:
    """Return the limit of each database."""
    with closing(server.connect()) as admin:
        return dict(admin.execute("SELECT datname, datconnlimit FROM pg_database").fetchall())


def test_the_demo_works_in_a_database_of_its_own(
    postgres_database: str,
    postgres_server: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    connections: Connections,
) -> None:
    before = limits(postgres_server)
    monkeypatch.setenv("DATABASE_URL", postgres_database)
    nullpool_moves_it.demo()
    assert capsys.readouterr().out == (FOLDER / "engine" / "nullpool_moves_it.out").read_text()
    assert limits(postgres_server) == before
    assert connections.open == 0


def test_the_database_goes_also_after_an_error_with_a_connection_open(
    postgres_database: str, postgres_server: Postgres
) -> None:
    before = limits(postgres_server)
    owner = create_engine(postgres_database, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    held: list[Connection] = []

    def fail() -> None:
        with owner.connect() as connection, own_database(connection, 20) as url:
            held.append(create_engine(url, poolclass=NullPool).connect())
            assert limits(postgres_server) == {**before, "demo_burst": 20}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    held[0].invalidate()
    assert limits(postgres_server) == before


def test_a_demo_that_is_killed_leaves_no_limit_behind(
    postgres_database: str, postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = limits(postgres_server)
    environment = {**os.environ, "DATABASE_URL": postgres_database}
    with subprocess.Popen([sys.executable, nullpool_moves_it.__file__], env=environment) as running:
        assert eventually(lambda: "demo_burst" in limits(postgres_server))
        running.kill()
    try:
        assert limits(postgres_server) == {**before, "demo_burst": 20}
        monkeypatch.setenv("DATABASE_URL", postgres_database)
        with pytest.raises(SystemExit) as stopped:
            nullpool_moves_it.demo()
        what = "database demo_burst exists, and the demo would drop it: drop it yourself, or use another server"
        assert stopped.value.code == what
        assert "demo_burst" in limits(postgres_server)
    finally:
        with closing(postgres_server.connect()) as admin:
            admin.execute("DROP DATABASE demo_burst WITH (FORCE)")


@pytest.mark.parametrize("rights", ["", "SUPERUSER CREATEDB"], ids=["no right to create one", "a superuser"])
def test_it_says_what_the_role_must_be(
    rights: str, postgres_database: str, postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = limits(postgres_server)
    url = make_url(postgres_database).set(username="another")
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    with closing(postgres_server.connect()) as admin:
        admin.execute(f"CREATE ROLE another LOGIN PASSWORD '{url.password}' {rights}")
        try:
            with pytest.raises(SystemExit) as stopped:
                nullpool_moves_it.demo()
        finally:
            admin.execute("DROP ROLE another")
    what = "DATABASE_URL must name a role that may create a database and is no superuser, whom no limit stops"
    assert stopped.value.code == what
    assert limits(postgres_server) == before
