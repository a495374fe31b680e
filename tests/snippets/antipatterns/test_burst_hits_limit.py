"""A burst hits max_connections: the server's own words, who else they hit, and what a pool does about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, make_url

from snippets.antipatterns.burst_hits_limit import burst, serve, slots
from tests.servers import postgres
from tests.servers.postgres import Postgres
from tests.servers.supervisor import Supervisor
from tests.servers.waiting import eventually
from tests.snippets.conftest import Connections

LIMIT, RESERVED = 10, 3


def few_slots(supervisor: Supervisor) -> None:
    """Let a server take ten connections."""
    with (supervisor.folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(f"\nmax_connections = {LIMIT}\nsuperuser_reserved_connections = {RESERVED}\n")


@pytest.fixture(scope="module")
def small_server(postgres_server: Postgres) -> Iterator[Postgres]:
    """A server like the run's own, which nobody else uses."""
    binaries = postgres.find()
    assert binaries
    with postgres.running(binaries, few_slots) as server:
        yield server


@pytest.fixture
def url(small_server: Postgres) -> Iterator[str]:
    """The URL of an empty database on it."""
    with postgres.fresh_database(small_server) as url:
        yield url


@pytest.fixture
def refusal(small_server: Postgres) -> str:
    """What such a server tells a plain role when only the reserved slots are left."""
    since_16 = int(small_server.version.split(".")[0]) >= 16
    whom = "roles with the SUPERUSER attribute" if since_16 else "non-replication superuser connections"
    return f"remaining connection slots are reserved for {whom}"


def test_the_server_refuses_in_these_words(url: str, refusal: str) -> None:
    assert slots(url) == LIMIT - RESERVED
    # A process whose client has gone holds its slot for a moment more.
    assert eventually(lambda: burst(url, LIMIT) == (LIMIT - RESERVED, refusal))


def test_a_burst_below_the_limit_is_let_in(url: str, connections: Connections) -> None:
    assert eventually(lambda: burst(url, LIMIT - RESERVED) == (LIMIT - RESERVED, ""))
    assert connections.open == 0


def test_everybody_else_is_locked_out(url: str, small_server: Postgres, refusal: str) -> None:
    role = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    refused: list[psycopg.OperationalError] = []
    with ExitStack() as burst_under_way:

        def is_full() -> bool:
            try:
                burst_under_way.enter_context(closing(psycopg.connect(role)))
            except psycopg.OperationalError as error:
                refused.append(error)
            return bool(refused)

        assert eventually(is_full)
        assert refusal in str(refused[0])
        # It has no SQLSTATE: whoever wants to know the cause has to look at the text.
        assert refused[0].sqlstate is None
        # Superusers still have their slots; after these come the famous words.
        for _ in range(RESERVED):
            burst_under_way.enter_context(closing(small_server.connect()))
        with pytest.raises(psycopg.OperationalError, match="sorry, too many clients already"):
            small_server.connect()


def test_the_same_burst_through_a_pool_is_served(url: str, connections: Connections) -> None:
    engine = create_engine(url, pool_size=3, max_overflow=0)
    assert 1 <= serve(engine, 3 * LIMIT) <= 3
    engine.dispose()
    assert connections.most <= 3


def test_without_a_pool_each_request_has_a_process_of_its_own(url: str) -> None:
    assert serve(create_engine(url, poolclass=NullPool), LIMIT - RESERVED) == LIMIT - RESERVED
