"""Fixtures for every test: the real servers, each started when the first test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from tests.servers.postgres import Postgres

SERVERS_USED = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run's list of servers."""
    config.stash[SERVERS_USED] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the list of a parallel worker to the run that it belongs to."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["servers"] = session.config.stash[SERVERS_USED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the list of a parallel worker."""
    node.config.stash[SERVERS_USED].extend(getattr(node, "workeroutput", {}).get("servers", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which servers the run used, with their versions."""
    servers = config.stash[SERVERS_USED]
    for line in sorted(set(servers)):
        terminalreporter.write_line(f"server: {line}")


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
        request.config.stash[SERVERS_USED].append(f"PostgreSQL {server.version} ({server.origin})")
        yield server


@pytest.fixture(scope="session")
def postgres(postgres_server: Postgres) -> str:
    """The URL of a PostgreSQL, for its superuser."""
    return postgres_server.url()


@pytest.fixture
def postgres_database(postgres_server: Postgres) -> Iterator[str]:
    """The URL of an empty database on it, owned by a plain role."""
    from tests.servers.postgres import fresh_database

    with fresh_database(postgres_server) as url:
        yield url
