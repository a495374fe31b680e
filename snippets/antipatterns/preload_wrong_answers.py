# ANTI-PATTERN: gunicorn --preload with an engine that has connected, and no post_fork hook.
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1", "gunicorn>=25.1"]
# ///
"""Anti-pattern: --preload with a warm pool answers with another request's number.

With --preload, gunicorn imports the application once and forks the workers from it. If the application
has connected by then, to check the database or to read its settings, all workers share that connection,
and a request can get the answer to another one: status 200, and somebody else's data. One worker shares it
with the worker that replaces it.
When to use it all the same: --preload with the hook below, or with an application that does not connect
before the first request. When not: as it stands.

Servers: PostgreSQL with gunicorn. `DATABASE_URL` names the first; the demo starts the second, on a free
port of this machine.
"""

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import create_engine, text

# --8<-- [start:app]
# ANTI-PATTERN under `gunicorn --preload 'preload_wrong_answers:create_app()'`, without the hook.
URL = os.environ.get("DATABASE_URL", "postgresql+psycopg://")
engine = create_engine(URL, pool_size=1, max_overflow=0, isolation_level="AUTOCOMMIT")


def create_app() -> Callable[..., list[bytes]]:
    """Check that the database is there, and return the application."""
    with engine.connect() as connection:  # From here on the pool has a connection.
        connection.execute(text("SELECT 1"))
    return app


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """Answer `GET /v/7` with the 7 that the database returns."""
    number = int(environ["PATH_INFO"].rpartition("/")[2])
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT :number FROM pg_sleep(0.01)"), {"number": number}).one()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(found).encode()]
# --8<-- [end:app]


# --8<-- [start:hook]
# FIX: each worker runs this hook before it serves. Paste it into gunicorn.conf.py.
def post_fork(_server: object, _worker: object) -> None:
    """Forget the connections that the worker has inherited: they are the master's."""
    from preload_wrong_answers import engine  # Name your module here, and import inside the function.

    engine.dispose(close=False)
# --8<-- [end:hook]


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """Serve this file with gunicorn, preloaded, by four workers on a free port; give its address."""
    file = Path(__file__)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        command = [sys.executable, "-B", "-m", "gunicorn", f"{file.stem}:create_app()"]
        command += ["--preload", "--workers=4", f"--bind=fd://{listener.fileno()}", "--graceful-timeout=1"]
        command += ["--no-control-socket", "--log-level=critical", *options]
        # What the workers log as they fail is of no interest here.
        server = subprocess.Popen(
            command, cwd=file.parent, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL
        )
    with server:
        try:
            yield f"{host}:{port}"
        finally:
            server.send_signal(signal.SIGINT)  # Quickly: a worker may wait for ever for its answer.


def get(address: str, number: int) -> str:
    """Ask for a number; return `right` or `wrong`, or what came instead of an answer."""
    try:
        with closing(HTTPConnection(address, timeout=20)) as client:
            client.request("GET", f"/v/{number}")
            response = client.getresponse()
            body = response.read()
    except (OSError, HTTPException):
        return "no answer"
    if response.status != 200:
        return f"status {response.status}"
    return "right" if body == str(number).encode() else "wrong"


def ask(address: str, requests: int = 40) -> Counter[str]:
    """Ask for so many numbers at once; count the answers until one is not right."""
    outcomes = SimpleQueue[str]()
    for number in range(requests):
        Thread(target=lambda n: outcomes.put(get(address, n)), args=[number], daemon=True).start()
    count = Counter[str]()
    while set(count) <= {"right"} and count.total() < requests:
        count[outcomes.get()] += 1
    return count


def demo() -> None:
    """Preload the application, without the hook and with it."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    for _ in range(3):  # Which answers go wrong is chance; that all are right three times is not.
        with serving() as address:
            right = set(ask(address)) == {"right"}
        if not right:
            break
    print(f"gunicorn --preload: every answer is right: {right}")
    with serving(f"--config=python:{Path(__file__).stem}") as address:
        right = set(ask(address)) == {"right"}
    print(f"gunicorn --preload with post_fork: every answer is right: {right}")


if __name__ == "__main__":
    demo()
