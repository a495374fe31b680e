# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["flask>=3.0", "flask-sqlalchemy>=3.1", "sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""The pool of an app that configures nothing but its database.

So the reader of the Flask Mega-Tutorial has it after part IV: the URL of a database, and all of the
pool at its defaults. `crowd` counts what so many threads make of such a pool.
Use `crowd` on your own app. Not as a configuration to deploy: that is `tutorial_plus_pool.py`.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryDirectory
from threading import Barrier

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import QueuePool, text

db = SQLAlchemy()


# --8<-- [start:create_app]
def create_app(url: str) -> Flask:
    """Make an app that says where its database is, and nothing about connections."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)

    @app.get("/")
    def index() -> str:
        return str(db.session.scalar(text("SELECT 42")))

    return app
# --8<-- [end:create_app]


def pool_of(app: Flask) -> QueuePool:
    """Return the pool of the app's engine."""
    with app.app_context():
        pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    return pool


# --8<-- [start:crowd]
def crowd(app: Flask, threads: int) -> tuple[int, int]:
    """Use the database in so many threads at once; return the connections in use then, and kept."""
    pool = pool_of(app)
    in_use: list[int] = []
    everybody = Barrier(threads, action=lambda: in_use.append(pool.checkedout()), timeout=20)

    def request() -> None:
        with app.app_context():
            db.session.execute(text("SELECT 42"))
            everybody.wait()  # so that nobody has given back before all have borrowed

    with ThreadPoolExecutor(threads) as workers:
        for done in [workers.submit(request) for _ in range(threads)]:
            done.result()
    return in_use[0], pool.checkedin()
# --8<-- [end:crowd]


def demo() -> None:
    """Print what the pool is set to, and what one worker with so many threads makes of it."""
    with TemporaryDirectory() as folder:
        app = create_app(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/app.db"))
        pool = pool_of(app)
        print(f"{type(pool).__name__}: size {pool.size()}, overflow {pool._max_overflow}, ", end="")
        print(f"timeout {pool.timeout():.0f}, recycle {pool._recycle}, pre-ping {pool._pre_ping}")
        for threads in (1, 4, 8):
            in_use, kept = crowd(app, threads)
            print(f"threads at once: {threads}, connections in use: {in_use}, kept: {kept}")
            pool.dispose()


if __name__ == "__main__":
    demo()
