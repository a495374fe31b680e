"""The guest book on Lite answers as the one by hand does, and gives its connections back as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask, abort, url_for
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Engine, NullPool, QueuePool, StaticPool, inspect, text

from snippets.flask_apps import flask_core, lite_same_app
from snippets.flask_apps.lite_same_app import Entry, create_app, db
from tests.snippets.conftest import Connections


def engine_of(app: Flask) -> Engine:
    """The engine of an app on Lite."""
    with app.app_context():
        return db.engine


def lent(app: Flask) -> int:
    """How many connections of the app are lent out."""
    pool = engine_of(app).pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


@pytest.fixture
def app(database_url: str, connections: Connections) -> Iterator[Flask]:
    """An app with its table, and with pages that fail. At the end no connection may be out."""
    app = create_app(database_url)
    assert connections.opened == 0

    @app.get("/broken")
    def broken() -> str:
        db.session.add(Entry(words="half done"))
        db.session.flush()
        raise ZeroDivisionError

    @app.get("/aborted")
    def aborted() -> str:
        db.session.add(Entry(words="half done"))
        db.session.flush()
        abort(418)

    created = app.test_cli_runner().invoke(args=["create-tables"])
    assert created.exit_code == 0, created.output
    yield app
    assert lent(app) == 0
    engine_of(app).dispose()


def test_the_table_and_the_pages_have_these_names(app: Flask) -> None:
    columns = inspect(engine_of(app)).get_columns("demo_entry")
    assert [(column["name"], column["nullable"]) for column in columns] == [("number", False), ("words", False)]
    assert columns[1]["type"].length == 200  # type: ignore[attr-defined]
    with app.test_request_context():
        assert (url_for("pages.index"), url_for("pages.show", wanted=2)) == ("/", "/2")


@pytest.mark.parametrize("module", [flask_core, lite_same_app], ids=["by hand", "Lite"])
def test_both_answer_alike(module: Any, database_url: str) -> None:
    app: Flask = module.create_app(database_url)
    app.test_cli_runner().invoke(args=["create-tables"])
    client = app.test_client()
    answers = [
        client.post("/", data={"words": "good morning"}),
        client.post("/", data={"words": "good night"}),
        client.post("/", data={}),
        client.get("/"),
        client.get("/2"),
        client.get("/99"),
    ]
    assert [(answer.status_code, answer.json if answer.is_json else None) for answer in answers] == [
        (201, {"number": 1}),
        (201, {"number": 2}),
        (400, None),
        (200, ["good morning", "good night"]),
        (200, {"words": "good night"}),
        (404, None),
    ]
    engine: Any = engine_of(app) if module is lite_same_app else app.extensions["engine"]
    assert engine.pool.checkedout() == 0
    engine.dispose()


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/99", 404), ("/aborted", 418), ("/broken", 500)])
def test_the_connection_comes_back_however_the_request_ends(
    path: str, status: int, app: Flask, connections: Connections
) -> None:
    for _ in range(7):  # More than the pool has, so that a leak would show.
        assert app.test_client().get(path).status_code == status
        assert lent(app) == 0
    assert connections.opened == 1
    assert app.test_client().get("/").json == []


def test_when_all_are_lent_out_it_says_busy(app: Flask) -> None:
    engine = engine_of(app)
    assert isinstance(engine.pool, QueuePool)
    assert (engine.pool.size(), engine.pool._max_overflow, engine.pool.timeout()) == (5, 0, 2)
    assert engine.pool._pre_ping
    engine.pool._timeout = 0.1
    with ExitStack() as others:
        for _ in range(5):
            others.enter_context(engine.connect())
        busy = app.test_client().get("/")
        assert (busy.status_code, busy.text, busy.headers["Retry-After"]) == (503, "busy", "1")
    assert app.test_client().get("/").status_code == 200


def test_the_session_borrows_at_its_first_statement_and_gives_back_at_the_commit(app: Flask) -> None:
    with app.app_context():
        session = db.session
        assert lent(app) == 0
        session.execute(text("SELECT 1"))
        assert lent(app) == 1
        session.commit()
        assert lent(app) == 0
        session.execute(text("SELECT 1"))
        assert db.session is session
        with app.app_context():
            assert db.session is not session
    assert lent(app) == 0


def test_a_thread_of_its_own_has_no_session_until_it_pushes_a_context(app: Flask) -> None:
    outcome: list[object] = []

    def work() -> None:
        try:
            db.session.execute(text("SELECT 1"))
        except RuntimeError as error:
            outcome.append(str(error).partition("\n")[0])
        with app.app_context():
            outcome.append(db.session.scalars(text("SELECT 1")).one())

    with app.app_context():
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert outcome == ["Working outside of application context.", 1]


@pytest.mark.parametrize(
    ("url", "options", "pool", "recycle"),
    [
        ("sqlite://", {}, StaticPool, -1),
        ("mysql+pymysql://server/shop", {}, QueuePool, 7200),
        # Its exemption for NullPool works, unlike that of Flask-SQLAlchemy.
        ("mysql+pymysql://server/shop", {"poolclass": NullPool}, NullPool, -1),
        ("mariadb+pymysql://server/shop", {}, QueuePool, -1),
    ],
)
def test_what_lite_sets(url: str, options: dict[str, Any], pool: type, recycle: int, tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, **options}}
    extension = SQLAlchemy(app)
    with app.app_context():
        made = extension.engine.pool
    assert type(made) is pool
    assert made._recycle == recycle


def test_without_a_url_it_takes_the_environments(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(KeyError, match="DATABASE_URL"):
        create_app()
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert engine_of(create_app()).url.render_as_string(hide_password=False) == database_url
