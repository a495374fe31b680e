"""What every test has: the real servers, each started when the first test asks for it, and the list of those used."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

import pytest

if TYPE_CHECKING:
    from tests.servers.gunicorn import Gunicorn

pytest_plugins = ["tests.servers.fix_postgres", "tests.servers.fix_mariadb"]

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


class _Server(Protocol):
    @property
    def version(self) -> str: ...
    @property
    def origin(self) -> str: ...


Programs = TypeVar("Programs")
Server = TypeVar("Server", bound=_Server)


def started(
    request: pytest.FixtureRequest,
    name: str,
    programs: Programs | None,
    otherwise: str,
    running: Callable[[Programs], AbstractContextManager[Server]],
) -> Iterator[Server]:
    """Yield the server of a fixture, which is then in the list of the run; `otherwise` is told without its programs."""
    if programs is None:
        missing(otherwise)
    with running(programs) as server:
        shown = name.format(server.version)
        request.config.stash[SERVERS_USED][str(request.fixturename)] = f"{shown} ({server.origin})"
        yield server


@pytest.fixture(scope="session")
def gunicorn(request: pytest.FixtureRequest) -> Callable[..., AbstractContextManager[Gunicorn]]:
    """A function that serves a file with gunicorn for the length of a block: `gunicorn.running`."""
    from tests.servers import gunicorn

    if not gunicorn.is_installed():
        missing(gunicorn.MISSING)
    request.config.stash[SERVERS_USED]["gunicorn"] = f"gunicorn {gunicorn.version()}"
    return gunicorn.running
