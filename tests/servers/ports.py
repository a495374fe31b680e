"""Starting a server on a free port."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.servers.supervisor import ServerError, Supervisor

START_SECONDS = 60.0
PORT_ATTEMPTS = 5


def start_on_free_port(
    supervisor: Supervisor,
    command: Callable[[int], Sequence[str | Path]],
    *,
    ready: Callable[[], bool],
    taken: str,
    stop: signal.Signals = signal.SIGTERM,
) -> int:
    """Start a server and return its port, once it is ready.

    `command` is made from the port. `ready` must look at what is the server's own, a log or a status
    file: at the port, somebody else's server may answer. `taken` is what the log says in that case.
    """
    for _ in range(PORT_ATTEMPTS):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        words = command(port)
        name = Path(words[0]).name
        pid = supervisor.start(words, stop=stop)
        deadline = time.monotonic() + START_SECONDS
        while supervisor.is_running(pid):
            if ready():
                return port
            if time.monotonic() > deadline:
                raise ServerError(f"{name} was not ready after {START_SECONDS:.0f} s")
            time.sleep(0.02)
        log = (supervisor.folder / f"{name}.log").read_text(errors="replace")
        # Between our probe and its start, somebody else may have taken the port.
        if taken not in log:
            break
    raise ServerError(f"{name} did not start:\n{log}")
