# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = [
#   "flask>=3.0",
#   "flask-sqlalchemy-lite>=0.2",
#   "sqlalchemy>=2.0",
#   "psycopg[binary]>=3.1",
# ]
# ///
"""The guest book of `flask_core.py` on Flask-SQLAlchemy-Lite.

The extension keeps the engine, and a session for each app context that it closes at its end: what
`flask_core.py` does by hand. The models are plain SQLAlchemy, so they work without Flask, too.
Use it when you want objects and sessions. Not where two app contexts should share a session: each
has its own, and a thread that you start has none until you push a context.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one; without it, an SQLite file, removed after. The demo
drops the table that it creates, and refuses a database that has it: your service's data stay.
"""

import os
import sys
from tempfile import TemporaryDirectory

from flask import Blueprint, Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import String, inspect, select
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


# --8<-- [start:model]
class Model(DeclarativeBase):
    """The base of the models."""


class Entry(Model):
    """A line in the guest book."""

    __tablename__ = "demo_entry"
    number: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(200))


POOL = {"pool_size": 5, "max_overflow": 0, "pool_timeout": 2, "pool_pre_ping": True}
db = SQLAlchemy(engine_options=POOL)
# --8<-- [end:model]

pages = Blueprint("pages", __name__)


# --8<-- [start:views]
@pages.get("/")
def index() -> ResponseReturnValue:
    """List the entries."""
    return list(db.session.scalars(select(Entry.words).order_by(Entry.number)))


@pages.get("/<int:wanted>")
def show(wanted: int) -> ResponseReturnValue:
    """Show an entry, or abort."""
    entry = db.session.get(Entry, wanted)
    return {"words": entry.words} if entry else abort(404)


@pages.post("/")
def write() -> ResponseReturnValue:
    """Add an entry."""
    entry = Entry(words=request.form["words"])
    db.session.add(entry)
    db.session.flush()
    answer = {"number": entry.number}
    db.session.commit()  # The connection goes back here, not only at the end of the request.
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
    app.config["SQLALCHEMY_ENGINES"] = {"default": database_url or os.environ["DATABASE_URL"]}
    db.init_app(app)
    app.register_blueprint(pages)
    app.cli.command("create-tables")(lambda: Model.metadata.create_all(db.engine))
    return app
# --8<-- [end:create_app]


def demo() -> None:
    """Send a few requests, and look at the pool after each."""
    with TemporaryDirectory() as folder:
        app = create_app(os.environ.get("DATABASE_URL", f"sqlite:///{folder}/demo.db"))
        with app.app_context():
            engine = db.engine
        if inspect(engine).has_table("demo_entry"):
            sys.exit("table demo_entry exists, and the demo would drop it: point DATABASE_URL at an empty database")
        app.test_cli_runner().invoke(args=["create-tables"])
        client = app.test_client()
        for method, path, form in [
            ("POST", "/", {"words": "good morning"}),
            ("POST", "/", {"no words": ""}),
            ("GET", "/", None),
            ("GET", "/99", None),
        ]:
            answer = client.open(path, method=method, data=form)
            lent = engine.pool.checkedout()  # type: ignore[attr-defined]
            print(f"{method:4} {path:3} {answer.status}; connections lent out: {lent}")
        Model.metadata.drop_all(engine)
        engine.dispose()


if __name__ == "__main__":
    demo()
