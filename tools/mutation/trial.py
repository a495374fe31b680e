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
from time import monotonic
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

# What a mutant's tests may take besides what they take without a mutation, each and all together.
GRACE_SECONDS, PATIENCE = 5.0, 5
CLEAN_SECONDS = 120.0
# Added to pytest's exit status: a mutant may end the process, and with 0.
FINISHED = 100


class TrialError(Exception):
    """The tests could not be run, or fail without a mutation; the text says why."""


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

    def clean_seconds(self, tests: list[str]) -> float:
        """Return what the tests take without a mutation; TrialError if they fail."""
        began = monotonic()
        if self._status(tests, CLEAN_SECONDS, CLEAN_SECONDS) != pytest.ExitCode.OK:
            raise TrialError(f"its tests fail without a mutation\n{self._log.read_text(errors='replace')}")
        return monotonic() - began

    def pass_all(self, tests: list[str], clean_seconds: float) -> bool:
        """Tell whether the tests pass with a mutation; one that takes much longer than all without one fails."""
        began = monotonic()
        each = GRACE_SECONDS + clean_seconds
        status = self._status(tests, each, GRACE_SECONDS + PATIENCE * clean_seconds)
        if status in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
            raise TrialError(self._log.read_text(errors="replace"))
        if monotonic() - began > each:
            # A test that was killed may have left locks and transactions on the servers.
            self._stack.close()
            self._servers.clear()
        return status == pytest.ExitCode.OK

    def _status(self, tests: list[str], each: float, together: float) -> int | None:
        """Run tests in a process; return pytest's exit status, None if it did not get so far, or not in time."""
        arguments = (tests, each, _Plugin(self._servers), self._log)
        child = multiprocessing.get_context("fork").Process(target=_run, args=arguments)
        child.start()
        child.join(together)
        status = child.exitcode
        with suppress(ProcessLookupError):
            os.killpg(child.pid or 0, signal.SIGKILL)
        child.join()
        return status - FINISHED if status and status >= FINISHED else None


class _Plugin:
    """Gives the tests the servers that already run."""

    def __init__(self, servers: dict[str, Any]) -> None:
        self._servers = servers

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> object:
        if fixturedef.argname not in self._servers:
            return None
        server = self._servers[fixturedef.argname]
        fixturedef.cached_result = (server, fixturedef.cache_key(request), None)  # type: ignore[arg-type]
        return server


def _run(tests: list[str], each: float, plugin: _Plugin, log: Path) -> None:
    """The forked process: a group of its own, so that it can be killed with all that it started."""
    os.setsid()
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115
    # As pasted, but in our environment: uv would take seconds to make one of the snippet's own for each mutant.
    outputs.uv = _without_uv
    limits = ["-o", f"faulthandler_timeout={each}", "-o", "faulthandler_exit_on_timeout=true"]
    code = pytest.main([*OPTIONS.split(), *limits, *tests], plugins=[plugin])
    sys.stdout.flush()
    os._exit(FINISHED + code)


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
