# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1", "gunicorn>=25.1"]
# ///
"""One engine per process: as many pools as workers.

An engine at module level is a singleton, and a singleton is one per process. Each gunicorn worker is a
process, so four workers have four pools, and `pool_size` counts for each of them: the server sees up
to workers x (pool_size + max_overflow) connections.
Use an engine like this one in every web application. Do not use it across a fork once it has connected:
a child has a copy of the object, but the sockets in it are still the parent's.

Servers: PostgreSQL with gunicorn. `DATABASE_URL` names the first; the demo starts the second, on a free
port of this machine.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import create_engine, text

# --8<-- [start:app]
engine = create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://"), pool_size=2, max_overflow=0)


def app(_environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """Answer with two process ids: the worker's, and that of the server process behind its pool."""
    with engine.connect() as connection:
        server_process = connection.scalars(text("SELECT pg_backend_pid()")).one()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps([os.getpid(), server_process]).encode()]
# --8<-- [end:app]


@contextmanager
def serving(workers: int) -> Iterator[str]:
    """Serve this file with gunicorn on a free port; give its address."""
    file = Path(__file__)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        command = [sys.executable, "-B", "-m", "gunicorn", f"{file.stem}:app"]
        command += [f"--workers={workers}", f"--bind=fd://{listener.fileno()}"]
        command += ["--no-control-socket", "--log-level=warning"]
        server = subprocess.Popen(command, cwd=file.parent, pass_fds=[listener.fileno()])
    with server:
        try:
            yield f"{host}:{port}"
        finally:
            server.terminate()


def get(address: str) -> tuple[int, int]:
    """Return what the application answers."""
    with closing(HTTPConnection(address, timeout=30)) as client:
        client.request("GET", "/")
        worker, server_process = json.load(client.getresponse())
    return worker, server_process


def pools(address: str, workers: int, seconds: float = 30.0) -> dict[int, set[int]]:
    """Send requests until all workers have answered; return the connections of each one's pool."""
    connections: dict[int, set[int]] = {}
    deadline = monotonic() + seconds
    with ThreadPoolExecutor(workers) as clients:
        while len(connections) < workers:
            if monotonic() > deadline:
                raise TimeoutError(f"{len(connections)} of {workers} workers answered")
            for worker, server_process in clients.map(get, [address] * 4 * workers):
                connections.setdefault(worker, set()).add(server_process)
    return connections


def demo() -> None:
    """Count the pools behind one worker, and behind three."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    for workers in (1, 3):
        with serving(workers) as address:
            found = pools(address, workers)
        connections = set[int]().union(*found.values())
        print(f"gunicorn --workers={workers}: pools: {len(found)}, connections in them: {len(connections)}")


if __name__ == "__main__":
    demo()
