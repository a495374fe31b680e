"""Runs a snippet's tests, again and again, each time in a forked process: what is slow to start is started once.

It works in a copy of the tree (see __main__.py), so a mutant never lies where anything else could read it.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.servers import mariadb, postgres, tls_postgres
from tools import outputs

# What takes longest to import, before the first fork.
WARM = ["sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.mysql.pymysql", "psycopg", "pymysql", "flask"]
WARM += ["flask_sqlalchemy", "flask_sqlalchemy_lite", "hypothesis.stateful", "uv"]

OPTIONS = "-q -x --no-header --tb=line --disable-plugin-autoload -p no:cacheprovider"
OPTIONS += " --override-ini=addopts=--import-mode=importlib"

# The fixtures that start a server once for a whole run, each with what starts it.
SERVERS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "postgres_server": lambda: postgres.running(_found(postgres.find())),
    "tls_postgres_server": lambda: tls_postgres.running(_found(tls_postgres.find())),
    "mariadb_server": lambda: mariadb.running(_found(mariadb.find())),
    "tls_mariadb_server": lambda: mariadb.running(_found(mariadb.find()), tls=True),
}

# A test hangs when it takes this many times as long as without a mutation, and a little more.
PATIENCE, GRACE_SECONDS = 5, 5.0
# Without a mutation, and until the first test begins.
CLEAN_SECONDS = 60.0

PASSED, FAILED, HUNG = "passed", "failed", "hung"


class TrialError(Exception):
    """The tests could not be run at all; the text says why."""


class Trials:
    """Runs tests in forked processes, on servers that outlive them."""

    def __init__(self, stack: ExitStack) -> None:
        for name in WARM:
            importlib.import_module(name)
        self._log = Path(stack.enter_context(TemporaryDirectory())) / "log"
        gc.freeze()  # What is here stays: no collection in a child need look at it.
        self._servers: dict[str, Any] = {}
        self._stack = stack.enter_context(ExitStack())

    def serve(self, words: str) -> None:
        """Start each server that the source of a test speaks of, unless it runs."""
        for fixture, start in SERVERS.items():
            if fixture.removesuffix("_server") in words and fixture not in self._servers:
                self._servers[fixture] = self._stack.enter_context(start())

    def stop(self) -> None:
        """Stop the servers: tests that were killed may have left locks and transactions there."""
        self._stack.close()
        self._servers.clear()

    def run(self, tests: list[str], order: dict[str, float]) -> tuple[str, dict[str, float]]:
        """Run tests, those that took least time first; return how it ended and what each test took.

        `order` is what each took in an earlier run: a test that takes several times as long hangs.
        """
        plugin = _Plugin(self._servers, order)
        receiver, sender = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=_run, args=(tests, plugin, self._log, sender))
        child.start()
        sender.close()
        took: dict[str, float] = {}
        ended = None
        limit = CLEAN_SECONDS
        while ended is None:
            if not receiver.poll(limit):
                ended = HUNG
                break
            try:
                message = receiver.recv()
            except EOFError:  # A change may even end the process.
                ended = FAILED
                break
            if isinstance(message, str):
                limit = GRACE_SECONDS + PATIENCE * order.get(message, CLEAN_SECONDS)
            else:
                code, took = message
                if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
                    raise TrialError(self.said())
                ended = PASSED if code == pytest.ExitCode.OK else FAILED
        with suppress(ProcessLookupError):
            os.killpg(child.pid or 0, signal.SIGKILL)
        child.join()
        receiver.close()
        return ended, took

    def said(self) -> str:
        """Return what the last run printed."""
        return self._log.read_text(errors="replace")


class _Plugin:
    """Gives the tests the servers that already run, and runs the quick tests first."""

    def __init__(self, servers: dict[str, Any], order: dict[str, float]) -> None:
        self._servers = servers
        self._order = order
        self.took: dict[str, float] = {}
        self.tell: Callable[[object], None] = lambda message: None

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> object:
        if fixturedef.argname not in self._servers:
            return None
        server = self._servers[fixturedef.argname]
        fixturedef.cached_result = (server, fixturedef.cache_key(request), None)  # type: ignore[arg-type]
        return server

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._order.get(item.nodeid, 0.0))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.tell(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took[report.nodeid] = self.took.get(report.nodeid, 0.0) + report.duration


def _run(tests: list[str], plugin: _Plugin, log: Path, sender: Any) -> None:
    """The forked process: a group of its own, so that it can be killed with all that it started."""
    os.setsid()
    plugin.tell = sender.send
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115
    # As pasted, but in our environment: uv would take seconds to make one of the snippet's own for each mutant.
    outputs.uv = _without_uv
    code = pytest.main([*OPTIONS.split(), *tests], plugins=[plugin])
    sys.stdout.flush()
    sender.send((int(code), plugin.took))
    os._exit(0)


def _without_uv(*command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script at the end of a command of uv's."""
    return subprocess.run(
        [sys.executable, command[-1]],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _found(binaries: Any) -> Any:
    if binaries is None:
        raise TrialError("a mutant survives where its tests are skipped: every server has to be installed")
    return binaries


@contextmanager
def trials() -> Iterator[Trials]:
    """Give what runs tests; stop its servers at the end of the block."""
    with ExitStack() as stack:
        yield Trials(stack)
