"""Fixtures with a MariaDB, plain and with TLS.

Each imports what it takes: a run without such tests need not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.conftest import missing, started

if TYPE_CHECKING:
    from tests.servers.mariadb import MariaDB


@pytest.fixture(scope="session")
def mariadb_server(request: pytest.FixtureRequest) -> Iterator[MariaDB]:
    """One MariaDB for the whole run, without TLS."""
    from tests.servers import mariadb

    yield from started(request, "MariaDB {}", mariadb.find(), mariadb.MISSING, mariadb.running)


@pytest.fixture
def mariadb_database(mariadb_server: MariaDB) -> Iterator[str]:
    """The URL of an empty database on it, for a plain account."""
    from tests.servers.mariadb import fresh_database

    with fresh_database(mariadb_server) as url:
        yield url


@pytest.fixture(scope="session")
def tls_mariadb_server(request: pytest.FixtureRequest) -> Iterator[MariaDB]:
    """A MariaDB that offers TLS."""
    from tests.servers import certificate, mariadb

    if not certificate.has_openssl():
        missing(certificate.MISSING)
    running = partial(mariadb.running, tls=True)
    yield from started(request, "MariaDB {} with TLS", mariadb.find(), mariadb.MISSING, running)


@pytest.fixture
def tls_mariadb_database(tls_mariadb_server: MariaDB) -> Iterator[str]:
    """The URL of an empty database on it, for a plain account."""
    from tests.servers.mariadb import fresh_database

    with fresh_database(tls_mariadb_server) as url:
        yield url
