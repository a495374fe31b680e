"""The servers that the programs measure: those of the tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers import mariadb, postgres, tls_postgres
from tests.servers.mariadb import MariaDB
from tests.servers.postgres import Postgres


@contextmanager
def postgresql(versions: dict[str, str], *, tls: bool = False) -> Iterator[Postgres]:
    """Start a PostgreSQL, with TLS and SCRAM if wanted, and note its version."""
    kind = tls_postgres if tls else postgres
    binaries = kind.find()
    if binaries is None:
        sys.exit(kind.MISSING)
    with kind.running(binaries) as server:
        versions["PostgreSQL"] = server.version
        yield server


@contextmanager
def maria(versions: dict[str, str]) -> Iterator[MariaDB]:
    """Start a MariaDB that offers TLS, and note its version."""
    binaries = mariadb.find()
    if binaries is None:
        sys.exit(mariadb.MISSING)
    with mariadb.running(binaries, tls=True) as server:
        versions["MariaDB"] = server.version
        yield server
