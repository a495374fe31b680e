"""The same burst, with a pool and without: who is refused, in which words, and what helps."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.engine import nullpool_moves_it
from snippets.engine.nullpool_moves_it import View, at_most, burst, holds, outcome, releases_first
from tests.servers.postgres import Postgres, fresh_database
from tests.servers.waiting import eventually
from tests.snippets.catalogue import FOLDER
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
    outcomes, neighbour = burst(holds, pooled, BURST, unpooled)
    assert outcomes == {"served": POOL, f"TimeoutError: {POOL_WORDS}": BURST - POOL}
    assert neighbour == "served"
    assert connections.most == POOL + 1


def test_without_a_pool_the_server_refuses_and_it_refuses_everybody(
    unpooled: Engine, connections: Connections, postgres_server: Postgres
) -> None:
    with fresh_database(postgres_server) as other_database:
        other_program = create_engine(other_database, poolclass=NullPool)
        outcomes, neighbour = burst(holds, unpooled, BURST, other_program)
    assert outcomes == {"served": LIMIT, f"OperationalError: {SERVER_WORDS}": BURST - LIMIT}
    assert neighbour == f"OperationalError: {SERVER_WORDS}"
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


def limits(server: Postgres, name: str) -> int:
    """Return the limit of a database."""
    with closing(server.connect()) as admin:
        found = admin.execute("SELECT datconnlimit FROM pg_database WHERE datname = %s", [name]).fetchone()
    assert found
    return int(found[0])


@pytest.mark.parametrize("before", [-1, 30])
def test_the_limit_of_the_database_is_as_it_was_afterwards(before: int, postgres_server: Postgres) -> None:
    name = f'Odd "{secrets.token_hex(6)}"'
    quoted = sql.Identifier(name)
    with closing(postgres_server.connect()) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER app CONNECTION LIMIT {}").format(quoted, before))
        url = make_url(postgres_server.url("app")).set(database=name)
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect(), engine.connect() as connection:
            with at_most(connection, 20):
                assert limits(postgres_server, name) == 22
            assert limits(postgres_server, name) == before
            with pytest.raises(ZeroDivisionError), at_most(connection, 20):
                raise ZeroDivisionError
            assert limits(postgres_server, name) == before
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def test_the_demo_leaves_the_database_as_it_was(
    postgres_database: str,
    postgres_server: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    connections: Connections,
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_database)
    nullpool_moves_it.demo()
    assert capsys.readouterr().out == (FOLDER / "engine" / "nullpool_moves_it.out").read_text()
    assert limits(postgres_server, str(make_url(postgres_database).database)) == -1
    assert connections.open == 0


@pytest.mark.parametrize("url", [None, "sqlite://"], ids=["no URL", "another server"])
def test_it_says_that_it_needs_postgresql(url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if url:
        monkeypatch.setenv("DATABASE_URL", url)
    else:
        monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SystemExit) as stopped:
        nullpool_moves_it.demo()
    assert stopped.value.code == ("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
