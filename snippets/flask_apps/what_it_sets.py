# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = [
#   "flask>=3.0",
#   "flask-sqlalchemy>=3.1",
#   "sqlalchemy>=2.0",
#   "psycopg[binary]>=3.1",
#   "pymysql>=1.1",
# ]
# ///
"""What Flask-SQLAlchemy sets behind your back.

Between your URI and the engine it changes things, by the database that the URI names: the pool for
SQLite in memory, the folder of an SQLite file, the age of MySQL connections and their charset.
A `mariadb` URI gets nothing of what a `mysql` URI gets.
Use `made_of` to see what your own URI becomes. Not to learn what SQLAlchemy itself does with it.

Servers: SQLite.
"""

from tempfile import TemporaryDirectory
from typing import Any

import psycopg  # noqa: F401  The drivers that the URIs name; nothing connects.
import pymysql  # noqa: F401
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, create_engine


# --8<-- [start:made_of]
def made_of(uri: str, instance_path: str, **options: Any) -> Engine:
    """Return the engine that the extension makes of a URI; it does not connect."""
    app = Flask(__name__, instance_path=instance_path)
    app.config["SQLALCHEMY_DATABASE_URI"] = uri
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db = SQLAlchemy(app)
    with app.app_context():
        return db.engine


def described(engine: Engine) -> str:
    """Return the pool, the age at which it replaces a connection, and the URL."""
    pool = engine.pool
    return f"{type(pool).__name__}, recycle {pool._recycle}, {engine.url}"
# --8<-- [end:made_of]


def demo() -> None:
    """Compare five URIs: what SQLAlchemy makes of each, and what the extension does."""
    with TemporaryDirectory() as folder:
        for uri in (
            "sqlite://",
            "sqlite:///shop.db",
            "postgresql+psycopg://server/shop",
            "mysql+pymysql://server/shop",
            "mariadb+pymysql://server/shop",
        ):
            print(f"SQLAlchemy: {described(create_engine(uri))}")
            engine = made_of(uri, folder)
            print(f"extension:  {described(engine)}".replace(folder, "<instance folder>"))
            engine.dispose()


if __name__ == "__main__":
    demo()
