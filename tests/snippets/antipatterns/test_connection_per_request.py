"""A connection per request: it connects each time, and a burst exhausts the server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from snippets.antipatterns.connection_per_request import burst, in_turn, unpooled
from tests.servers.postgres import Postgres
from tests.servers.waiting import eventually
from tests.snippets.conftest import Connections

LIMIT = 5


def pool_of(size: int, timeout: float = 30.0) -> Callable[[str], Engine]:
    """The cure: an engine with a bounded pool."""
    return lambda url: create_engine(url, poolclass=QueuePool, pool_size=size, max_overflow=0, pool_timeout=timeout)


@pytest.fixture
def limited_database(postgres_database: str, postgres_server: Postgres) -> str:
    """The URL of a database that allows five connections."""
    name = make_url(postgres_database).database
    with postgres_server.connect() as admin:
        admin.execute(f"ALTER DATABASE {name} CONNECTION LIMIT {LIMIT}")
    return postgres_database


@pytest.mark.parametrize(("make_engine", "expected"), [(unpooled, 20), (pool_of(5), 1)])
def test_it_connects_for_every_request(
    make_engine: Callable[[str], Engine], expected: int, database_url: str, connections: Connections
) -> None:
    engine = make_engine(database_url)
    processes = in_turn(engine, 20)
    engine.dispose()
    assert connections.opened == expected
    assert connections.open == 0
    assert len(processes) == (expected if database_url.startswith("postgresql") else 0)


def test_each_request_asks_the_server_something(database_url: str) -> None:
    engine = unpooled(database_url)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _, __, statement, *___: asked.append(statement))
    in_turn(engine, 3)
    assert len(asked) == 3


@pytest.mark.parametrize(("make_engine", "expected"), [(unpooled, 12), (pool_of(5, timeout=0.2), 5)])
def test_nothing_bounds_a_burst(
    make_engine: Callable[[str], Engine], expected: int, database_url: str, connections: Connections
) -> None:
    engine = make_engine(database_url)
    assert burst(engine, 12) == expected
    engine.dispose()
    assert connections.most == expected


def test_a_burst_is_refused_by_the_server(limited_database: str) -> None:
    assert burst(unpooled(limited_database), LIMIT) == LIMIT
    with pytest.raises(OperationalError, match="too many connections"):
        burst(unpooled(limited_database), 3 * LIMIT)


def test_a_burst_locks_everybody_else_out(limited_database: str, postgres_server: Postgres) -> None:
    stranger = make_url(limited_database).set(drivername="postgresql").render_as_string(hide_password=False)
    name = make_url(limited_database).database
    held = [unpooled(limited_database).connect() for _ in range(LIMIT)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        psycopg.connect(stranger)
    for connection in held:
        connection.close()
    # The server's processes end a moment after their clients have gone.
    with postgres_server.connect() as admin:
        of_database = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        assert eventually(lambda: admin.execute(of_database, [name]).fetchone() == (0,))
    psycopg.connect(stranger).close()


def test_the_same_burst_through_a_pool_is_served(limited_database: str) -> None:
    engine = pool_of(LIMIT)(limited_database)
    with ThreadPoolExecutor(3 * LIMIT) as threads:
        processes = set[int]().union(*threads.map(lambda _: in_turn(engine, 1), range(3 * LIMIT)))
    engine.dispose()
    assert 1 <= len(processes) <= LIMIT
