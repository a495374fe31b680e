# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["flask>=3.0", "sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""A guest book on Flask and SQLAlchemy Core.

An engine for each app, a connection for each request that asks for one. Flask gives it back at the
end of the request, however that ends, and undoes what the view did not commit.
Use it to start a service: `DATABASE_URL=… flask --app flask_core run`. Not as it is if you want
objects rather than rows: Flask-SQLAlchemy-Lite manages a session in the same way.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after. The demo
drops the table that it creates, and refuses a database that has it: your service's data stay.
"""

import os
import sys
from tempfile import TemporaryDirectory
from typing import cast

from flask import Blueprint, Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, create_engine, inspect, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

metadata = MetaData()
number = Column("number", Integer, primary_key=True)
words = Column("words", String(200), nullable=False)
entries = Table("demo_entry", metadata, number, words)
pages = Blueprint("pages", __name__)


# --8<-- [start:connection]
def engine() -> Engine:
    """Return the engine of the current app."""
    return cast(Engine, current_app.extensions["engine"])


def connection() -> Connection:
    """Return the connection of this request; borrow it when a view first asks for one."""
    if "connection" not in g:
        g.connection = engine().connect()
    return cast(Connection, g.connection)


def give_back(_: BaseException | None) -> None:
    """Close what was borrowed. Flask calls this at the end of each request, failed or not."""
    if borrowed := g.pop("connection", None):
        borrowed.close()  # To the pool; what was not committed is rolled back.
# --8<-- [end:connection]


# --8<-- [start:views]
@pages.get("/")
def index() -> ResponseReturnValue:
    """List the entries."""
    return list(connection().scalars(select(words).order_by(number)))


@pages.get("/<int:wanted>")
def show(wanted: int) -> ResponseReturnValue:
    """Show an entry, or abort."""
    found = connection().execute(select(words).where(number == wanted)).one_or_none()
    return {"words": found.words} if found else abort(404)


@pages.post("/")
def write() -> ResponseReturnValue:
    """Add an entry."""
    new = entries.insert().values(words=request.form["words"]).returning(number)
    answer = {"number": connection().scalars(new).one()}
    connection().commit()
    return answer, 201


@pages.app_errorhandler(PoolTimeout)
def busy(_: PoolTimeout) -> ResponseReturnValue:
    """Tell clients to come back, as all connections are lent out."""
    return "busy", 503, {"Retry-After": "1"}
# --8<-- [end:views]


# --8<-- [start:create_app]
def create_app(database_url: str | None = None) -> Flask:
    """Make an app with an engine of its own. Nothing connects before a request needs it."""
    app = Flask(__name__)
    app.extensions["engine"] = create_engine(
        database_url or os.environ["DATABASE_URL"],
        pool_size=5,  # As many as the process has threads, or they wait for each other.
        max_overflow=0,
        pool_timeout=2,  # Then `busy` answers. The default of 30 is longer than clients wait.
        pool_pre_ping=True,
    )
    app.teardown_appcontext(give_back)
    app.register_blueprint(pages)
    app.cli.command("create-tables")(lambda: metadata.create_all(engine()))
    return app
# --8<-- [end:create_app]


def demo() -> None:
    """Send a few requests, and look at the pool after each."""
    with TemporaryDirectory() as folder:
        app = create_app(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db"))
        if inspect(app.extensions["engine"]).has_table("demo_entry"):
            sys.exit("table demo_entry exists, and the demo would drop it: point DATABASE_URL at an empty database")
        app.test_cli_runner().invoke(args=["create-tables"])
        client, pool = app.test_client(), app.extensions["engine"].pool
        for method, path, form in [
            ("POST", "/", {"words": "good morning"}),
            ("POST", "/", {"no words": ""}),
            ("GET", "/", None),
            ("GET", "/99", None),
        ]:
            answer = client.open(path, method=method, data=form)
            print(f"{method:4} {path:3} {answer.status}; connections lent out: {pool.checkedout()}")
        metadata.drop_all(app.extensions["engine"])
        app.extensions["engine"].dispose()


if __name__ == "__main__":
    demo()
