"""Fixtures for every test: the real servers, each started when the first test asks for it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from tests.servers.gunicorn import Gunicorn
    from tests.servers.mariadb import MariaDB
    from tests.servers.pgbouncer import Mode, PgBouncer
    from tests.servers.postgres import Postgres

# The servers that were started, by the fixture that did.
SERVERS_USED = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run's list of servers."""
    config.stash[SERVERS_USED] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests in browsers, which take longest: one of them alone at the end would keep a core idle."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Set aside what stays until the end: a collection of garbage in a test need not look through all tests."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the list of a parallel worker to the run that it belongs to."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["servers"] = session.config.stash[SERVERS_USED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the list of a parallel worker."""
    node.config.stash[SERVERS_USED].update(getattr(node, "workeroutput", {}).get("servers", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which servers the run used, with their versions."""
    servers = config.stash[SERVERS_USED]
    for line in sorted(set(servers.values())):
        terminalreporter.write_line(f"server: {line}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: about a third of the time, a test waits."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def folder_of_the_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the parallel workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


def missing(what: str) -> NoReturn:
    """Skip the test that needs a server; in CI, where every server has to be there, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    from tests.servers import postgres

    binaries = postgres.find()
    if binaries is None:
        missing(postgres.MISSING)
    with postgres.running(binaries) as server:
        request.config.stash[SERVERS_USED]["postgres_server"] = f"PostgreSQL {server.version} ({server.origin})"
        yield server


@pytest.fixture(scope="session")
def postgres(postgres_server: Postgres) -> str:
    """The URL of a PostgreSQL, for its superuser."""
    return postgres_server.url()


@pytest.fixture(scope="session")
def _postgres_databases(postgres_server: Postgres) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """What gives empty databases on it."""
    from tests.servers import recycled

    with recycled.databases(postgres_server) as given:
        yield given


@pytest.fixture
def postgres_database(_postgres_databases: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """The URL of an empty database on it, owned by a plain role."""
    with _postgres_databases() as url:
        yield url


@pytest.fixture(scope="session")
def tls_postgres_server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """A PostgreSQL with TLS, SCRAM, and a role `trusted` that needs no password."""
    from tests.servers import certificate, tls_postgres

    binaries = tls_postgres.find()
    if binaries is None:
        missing(tls_postgres.MISSING)
    if not certificate.has_openssl():
        missing(certificate.MISSING)
    with tls_postgres.running(binaries) as server:
        request.config.stash[SERVERS_USED]["tls_postgres_server"] = (
            f"PostgreSQL {server.version} with TLS ({server.origin})"
        )
        yield server


@pytest.fixture(scope="session")
def _tls_postgres_databases(tls_postgres_server: Postgres) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """What gives empty databases on it."""
    from tests.servers import recycled

    with recycled.databases(tls_postgres_server) as given:
        yield given


@pytest.fixture
def tls_postgres_database(_tls_postgres_databases: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """The URL of an empty database on it, owned by a plain role."""
    with _tls_postgres_databases() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_server(request: pytest.FixtureRequest) -> Iterator[MariaDB]:
    """One MariaDB for the whole run, without TLS."""
    from tests.servers import mariadb

    binaries = mariadb.find()
    if binaries is None:
        missing(mariadb.MISSING)
    with mariadb.running(binaries) as server:
        request.config.stash[SERVERS_USED]["mariadb_server"] = f"MariaDB {server.version} ({server.origin})"
        yield server


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

    binaries = mariadb.find()
    if binaries is None:
        missing(mariadb.MISSING)
    if not certificate.has_openssl():
        missing(certificate.MISSING)
    with mariadb.running(binaries, tls=True) as server:
        request.config.stash[SERVERS_USED]["tls_mariadb_server"] = (
            f"MariaDB {server.version} with TLS ({server.origin})"
        )
        yield server


@pytest.fixture
def tls_mariadb_database(tls_mariadb_server: MariaDB) -> Iterator[str]:
    """The URL of an empty database on it, for a plain account."""
    from tests.servers.mariadb import fresh_database

    with fresh_database(tls_mariadb_server) as url:
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


@pytest.fixture(scope="session")
def gunicorn(request: pytest.FixtureRequest) -> Callable[..., AbstractContextManager[Gunicorn]]:
    """A function that serves a file with gunicorn for the length of a block: `gunicorn.running`."""
    from tests.servers import gunicorn

    if not gunicorn.is_installed():
        missing(gunicorn.MISSING)
    request.config.stash[SERVERS_USED]["gunicorn"] = f"gunicorn {gunicorn.version()}"
    return gunicorn.running
