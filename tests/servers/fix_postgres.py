"""Fixtures with a PostgreSQL: plain, with TLS, behind PgBouncer.

Each imports what it takes: a run without such tests need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.conftest import SERVERS_USED, missing, started

if TYPE_CHECKING:
    from tests.servers.pgbouncer import Mode, PgBouncer
    from tests.servers.postgres import Postgres

# A function that gives the URL of an empty database, for the length of a block.
Databases: TypeAlias = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    from tests.servers import postgres

    yield from started(request, "PostgreSQL {}", postgres.find(), postgres.MISSING, postgres.running)


@pytest.fixture(scope="session")
def postgres(postgres_server: Postgres) -> str:
    """The URL of a PostgreSQL, for its superuser."""
    return postgres_server.url()


@pytest.fixture(scope="session")
def _postgres_databases(postgres_server: Postgres) -> Iterator[Databases]:
    """What gives empty databases on it."""
    from tests.servers import recycled

    with recycled.databases(postgres_server) as given:
        yield given


@pytest.fixture
def postgres_database(_postgres_databases: Databases) -> Iterator[str]:
    """The URL of an empty database on it, owned by a plain role."""
    with _postgres_databases() as url:
        yield url


@pytest.fixture(scope="session")
def tls_postgres_server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """A PostgreSQL with TLS, SCRAM, and a role `trusted` that needs no password."""
    from tests.servers import certificate, tls_postgres

    if not certificate.has_openssl():
        missing(certificate.MISSING)
    found = tls_postgres.find()
    yield from started(request, "PostgreSQL {} with TLS", found, tls_postgres.MISSING, tls_postgres.running)


@pytest.fixture(scope="session")
def _tls_postgres_databases(tls_postgres_server: Postgres) -> Iterator[Databases]:
    """What gives empty databases on it."""
    from tests.servers import recycled

    with recycled.databases(tls_postgres_server) as given:
        yield given


@pytest.fixture
def tls_postgres_database(_tls_postgres_databases: Databases) -> Iterator[str]:
    """The URL of an empty database on it, owned by a plain role."""
    with _tls_postgres_databases() as url:
        yield url


@pytest.fixture(scope="session")
def pgbouncer(request: pytest.FixtureRequest, postgres_server: Postgres) -> Iterator[Callable[[Mode, int], PgBouncer]]:
    """A function that gives a PgBouncer in front of the PostgreSQL: one for each mode and pool size."""
    from tests.servers import pgbouncer

    program = pgbouncer.find()
    if program is None:
        missing(pgbouncer.MISSING)
    request.config.stash[SERVERS_USED]["pgbouncer"] = f"PgBouncer {pgbouncer.version(program)} ({program})"
    running: dict[tuple[Mode, int], PgBouncer] = {}
    with ExitStack() as stack:

        def given(mode: Mode, pool_size: int) -> PgBouncer:
            if (mode, pool_size) not in running:
                new = pgbouncer.running(program, postgres_server, mode, pool_size)
                running[mode, pool_size] = stack.enter_context(new)
            return running[mode, pool_size]

        yield given
