"""A real gunicorn, with the workers, threads and settings that a test asks for."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.servers.supervisor import ServerError, Supervisor

START_SECONDS = 60.0
MISSING = "gunicorn is missing: `pip install -r requirements.txt`"

WorkerClass = Literal["sync", "gthread", "gevent"]

LISTENING = re.compile(r"Listening at: http://(127\.0\.0\.1:\d+)")


@dataclass(frozen=True, slots=True)
class Gunicorn:
    """A running gunicorn: where it listens, the process id of its master, and what it logs."""

    address: str
    pid: int
    log: Path


def is_installed() -> bool:
    """Tell whether there is one."""
    return importlib.util.find_spec("gunicorn") is not None


def version() -> str:
    """Return its version."""
    return importlib.metadata.version("gunicorn")


@contextmanager
def running(
    app: Path,
    *,
    call: str = "app",
    worker_class: WorkerClass = "sync",
    workers: int = 1,
    threads: int = 1,
    preload: bool = False,
    config: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGINT,
) -> Iterator[Gunicorn]:
    """Serve `call` of the file `app` for the length of the block.

    `config` is what gunicorn's `--config` takes: a file, or `python:module`. `stop` is the signal that
    ends it: SIGINT drops the requests that run, SIGTERM lets them finish.
    """
    with closing(Supervisor("gunicorn")) as supervisor:
        # -B: nothing is left beside the app.
        command = [sys.executable, "-B", "-m", "gunicorn", f"{app.stem}:{call}", f"--chdir={app.parent}"]
        command += [f"--worker-class={worker_class}", f"--workers={workers}", f"--threads={threads}"]
        # Its control socket has one place for each user, and parallel runs would share it.
        command += [
            "--bind=127.0.0.1:0",
            "--no-control-socket",
            f"--worker-tmp-dir={supervisor.folder}",
            "--timeout=20",
        ]
        # A signal to a worker that is still booting is lost; the master ends such a worker after this time.
        command += ["--graceful-timeout=3"]
        command += ["--preload"] if preload else []
        command += [f"--config={config}"] if config else []
        pid = supervisor.start(command, stop=stop, environment=environment)
        log = supervisor.folder / f"{Path(sys.executable).name}.log"
        yield Gunicorn(_address(supervisor, pid, log), pid, log)


def _address(supervisor: Supervisor, pid: int, log: Path) -> str:
    """Wait until it listens: a request that comes before the workers are up waits for them."""
    deadline = time.monotonic() + START_SECONDS
    while supervisor.is_running(pid):
        found = LISTENING.search(log.read_text())
        if found:
            return f"http://{found[1]}"
        if time.monotonic() > deadline:
            raise ServerError(f"gunicorn did not listen after {START_SECONDS:.0f} s:\n{log.read_text()}")
        time.sleep(0.02)
    raise ServerError(f"gunicorn did not start:\n{log.read_text()}")
