# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = [
#   "flask>=3.0",
#   "flask-sqlalchemy>=3.1",
#   "sqlalchemy>=2.0",
#   "psycopg[binary]>=3.1",
# ]
# ///
"""The pool of Flask-SQLAlchemy: what reaches it, and what is ignored.

`SQLALCHEMY_ENGINE_OPTIONS` goes to `create_engine`, so it takes every pool argument. The settings
of 2.x, such as `SQLALCHEMY_POOL_SIZE`, are no longer read, and nothing says so.
Use `create_app` as the start of an app. Not with the numbers as they stand: `pool_size` is the
number of threads that a worker process has.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after.
"""

import os
from tempfile import TemporaryDirectory

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import QueuePool


# --8<-- [start:create_app]
def create_app(uri: str) -> Flask:
    """Make an app with a pool of eight, which heals, and does not keep clients waiting.

    What differs from server to server belongs in the configuration, the rest to the extension.
    Where both name an option, the configuration wins.
    """
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = uri
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 8, "max_overflow": 0}
    SQLAlchemy(app, engine_options={"pool_timeout": 2, "pool_pre_ping": True})
    return app
# --8<-- [end:create_app]


# --8<-- [start:old_settings]
def create_old_app(uri: str) -> Flask:
    """Make an app with the settings of 2.x. It has the default pool, 5 and 10."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = uri
    app.config["SQLALCHEMY_POOL_SIZE"] = 8
    app.config["SQLALCHEMY_MAX_OVERFLOW"] = 0
    app.config["SQLALCHEMY_POOL_TIMEOUT"] = 2
    SQLAlchemy(app)
    return app
# --8<-- [end:old_settings]


def pool_of(app: Flask) -> QueuePool:
    """Return the pool of an app's engine."""
    with app.app_context():
        pool = app.extensions["sqlalchemy"].engine.pool
    assert isinstance(pool, QueuePool)
    return pool


def demo() -> None:
    """Print the limits that each of the two apps really has."""
    with TemporaryDirectory() as folder:
        uri = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/shop.db")
        for make in (create_app, create_old_app):
            pool = pool_of(make(uri))
            print(f"{make.__name__}: size {pool.size()}, overflow {pool._max_overflow}, ", end="")
            print(f"timeout {pool.timeout()}, pre-ping {pool._pre_ping}")
            pool.dispose()


if __name__ == "__main__":
    demo()
