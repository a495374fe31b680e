# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["flask>=3.0", "sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""The same view with a pool and without.

Nothing in a view tells whether each request opens a connection: that is decided where the engine is
made. This app serves one view under two addresses, with an engine that pools and with one that does
not. It answers with the process behind its connection: reload the page, and see which one stays.
Use it to watch the difference on a server of your own: `DATABASE_URL=… flask --app per_request_app run`.
Do not keep `/per-request` in what you deploy, unless a pool outside the process answers the connects.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

# --8<-- [start:app]
ENGINES: dict[str, dict[str, Any]] = {
    "pooled": {"pool_size": 4, "max_overflow": 0},
    "per-request": {"poolclass": NullPool},
}


def process_behind(connection: Connection) -> int:
    """Return the id of the process that does the database's work; SQLite's is our own."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalars(text("SELECT pg_backend_pid()")).one())
    return os.getpid()


def page(engine: Engine) -> Callable[[], dict[str, int]]:
    """Return the view: it cannot tell whether its engine has a pool."""

    def show() -> dict[str, int]:
        with engine.connect() as connection:
            return {"process": process_behind(connection)}

    return show


def create_app(database_url: str | None = None) -> Flask:
    """Make an app that has the view twice, at /pooled and at /per-request."""
    app = Flask(__name__)
    for name, options in ENGINES.items():
        engine = create_engine(database_url or os.environ["DATABASE_URL"], **options)
        app.extensions[f"{name} engine"] = engine
        app.add_url_rule(f"/{name}", name, page(engine))
    return app
# --8<-- [end:app]


# --8<-- [start:requests]
def in_turn(app: Flask, name: str, requests: int) -> set[int]:
    """Send requests one after another; return the processes that did the database's work."""
    return {app.test_client().get(f"/{name}").get_json()["process"] for _ in range(requests)}


def at_once(app: Flask, name: str, requests: int, holders: int) -> set[int]:
    """Send requests from a thread each; return the processes that did the database's work.

    None ends before `holders` of them have a connection; `requests` is a multiple of that.
    """
    engine, all_hold = app.extensions[f"{name} engine"], Barrier(holders, timeout=30)
    event.listen(engine, "checkout", hold := lambda *_: all_hold.wait())
    with ThreadPoolExecutor(requests) as threads:
        answers = list(threads.map(lambda _: in_turn(app, name, 1), range(requests)))
    event.remove(engine, "checkout", hold)
    return set().union(*answers)
# --8<-- [end:requests]


def demo() -> None:
    """Send both views the same requests, and count connects and processes."""
    with TemporaryDirectory() as folder:
        app = create_app(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db"))
        for name, holders in {"per-request": 12, "pooled": 4}.items():
            opened: list[object] = []
            event.listen(app.extensions[f"{name} engine"], "connect", lambda raw, _, to=opened: to.append(raw))
            processes = in_turn(app, name, requests=20)
            print(f"/{name}: connects for 20 requests in turn: {len(opened)}; processes: {len(processes)}")
            opened.clear()
            processes = at_once(app, name, requests=12, holders=holders)
            print(f"/{name}: connects for 12 more, at once: {len(opened)}; processes: {len(processes)}")
            app.extensions[f"{name} engine"].dispose()


if __name__ == "__main__":
    demo()
