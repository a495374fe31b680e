# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["flask>=3.0", "flask-sqlalchemy>=3.1", "sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""The app of the tutorial, with its pool configured.

`settings` is what `tutorial_defaults.py` lacks: a URL with its driver named, a pool that fits.
Use it with the number of threads that gunicorn gives to each worker. Not for an app in which one
request takes two connections: that one needs more than one for each thread.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

db = SQLAlchemy()


# --8<-- [start:settings]
def with_driver(url: str) -> str:
    """Return the URL with a scheme that SQLAlchemy knows, and that names the driver."""
    scheme, colon, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    return scheme + colon + rest


def settings(url: str, threads: int = 1) -> dict[str, Any]:
    """Return the app's settings; `threads` is the number that gunicorn gives to each worker."""
    return {
        "SQLALCHEMY_DATABASE_URI": with_driver(url),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": threads,  # kept open: one for each thread
            "max_overflow": 0,  # and not one more, so workers x threads is what the server sees
            "pool_timeout": 5,  # seconds; clients, proxies and gunicorn wait longer
            "pool_pre_ping": True,  # a connection that died while it lay idle is replaced
        },
    }
# --8<-- [end:settings]


# --8<-- [start:create_app]
def create_app(url: str, threads: int = 1) -> Flask:
    """Make the app. It differs from the tutorial's in its settings only."""
    app = Flask(__name__)
    app.config.from_mapping(settings(url, threads))
    db.init_app(app)

    @app.get("/")
    def index() -> str:
        return str(db.session.scalar(text("SELECT 42")))

    return app
# --8<-- [end:create_app]


def demo() -> None:
    """Print what the app makes of a host's URL, its pool, and a request after an accident."""
    print("postgres://host/shop becomes", with_driver("postgres://host/shop"))
    with TemporaryDirectory() as folder:
        app = create_app(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/app.db"))
        with app.app_context():
            pool: Any = db.engine.pool
        print(f"size {pool.size()}, overflow {pool._max_overflow}, timeout {pool.timeout()}, ping {pool._pre_ping}")
        with closing(pool.connect()) as lent:
            raw = lent.driver_connection
        raw.close()  # while it lies idle, as when the server restarts
        print("a request on the connection that died:", app.test_client().get("/").status)
        with closing(pool.connect()) as lent:
            print("the pool has another one now:", lent.driver_connection is not raw)
        pool.dispose()


if __name__ == "__main__":
    demo()
