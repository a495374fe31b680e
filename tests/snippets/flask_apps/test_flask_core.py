"""The guest book: what it answers, and that every request gives its connection back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask, abort, g, stream_with_context, url_for
from sqlalchemy import Connection, QueuePool, inspect, text

from snippets.flask_apps.flask_core import connection, create_app, engine, entries, metadata
from tests.snippets.conftest import Connections


@pytest.fixture
def app(database_url: str, connections: Connections) -> Iterator[Flask]:
    """An app with its table, and with pages that fail. At the end no connection may be out."""
    app = create_app(database_url)
    assert connections.opened == 0

    @app.get("/broken")
    def broken() -> str:
        connection().execute(entries.insert().values(words="half done"))
        raise ZeroDivisionError

    @app.get("/aborted")
    def aborted() -> str:
        connection().execute(entries.insert().values(words="half done"))
        abort(418)

    @app.get("/static-text")
    def static_text() -> str:
        return "no database needed"

    def numbers() -> Iterator[str]:
        for _ in range(3):
            yield f"{connection().scalar(text('SELECT 1'))}"

    app.add_url_rule("/streamed", "streamed", numbers)
    app.add_url_rule("/streamed-in-context", "streamed-in-context", lambda: stream_with_context(numbers()))

    created = app.test_cli_runner().invoke(args=["create-tables"])
    assert created.exit_code == 0, created.output
    yield app
    assert lent(app) == 0
    app.extensions["engine"].dispose()


def lent(app: Flask) -> int:
    """How many connections of the app are lent out."""
    pool = app.extensions["engine"].pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_the_table_and_the_pages_have_these_names(app: Flask) -> None:
    columns = inspect(app.extensions["engine"]).get_columns("demo_entry")
    assert [(column["name"], column["nullable"]) for column in columns] == [("number", False), ("words", False)]
    assert columns[1]["type"].length == 200
    with app.test_request_context():
        assert (url_for("pages.index"), url_for("pages.show", wanted=2)) == ("/", "/2")


def test_what_is_written_can_be_read(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/").json == []
    written = client.post("/", data={"words": "good morning"})
    assert (written.status_code, written.json) == (201, {"number": 1})
    client.post("/", data={"words": "good night"})
    assert client.get("/").json == ["good morning", "good night"]
    assert client.get("/2").json == {"words": "good night"}


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/99", 404), ("/aborted", 418), ("/broken", 500), ("/nowhere", 404)]
)
def test_the_connection_comes_back_however_the_request_ends(
    path: str, status: int, app: Flask, connections: Connections
) -> None:
    for _ in range(7):  # More than the pool has, so that a leak would show.
        assert app.test_client().get(path).status_code == status
        assert lent(app) == 0
    assert connections.opened == 1
    assert app.test_client().get("/").json == []


def test_it_comes_back_when_the_error_reaches_the_server(app: Flask) -> None:
    app.testing = True  # Errors are raised out of the app, as some servers' debuggers want.
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/broken")
    assert lent(app) == 0


def test_a_streamed_answer_comes_after_the_teardown_or_keeps_the_connection_to_its_end(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="Working outside of application context"):
        app.test_client().get("/streamed")
    answer = app.test_client().get("/streamed-in-context")
    parts = iter(answer.response)
    assert (next(parts), lent(app)) == (b"1", 1)
    assert (list(parts), lent(app)) == ([b"1", b"1"], 0)


def test_a_form_without_words_is_refused(app: Flask) -> None:
    assert app.test_client().post("/", data={}).status_code == 400
    assert app.test_client().get("/").json == []


def test_one_connection_per_request_and_none_if_nobody_asks(app: Flask) -> None:
    with app.app_context():
        assert lent(app) == 0
        assert "connection" not in g
        assert connection() is connection()
        assert lent(app) == 1
        with app.app_context():
            # A context within a context is another one, with a connection of its own.
            connection()
            assert lent(app) == 2
        assert lent(app) == 1
    assert app.test_client().get("/static-text").status_code == 200


def test_when_all_are_lent_out_it_says_busy(app: Flask) -> None:
    pool = app.extensions["engine"].pool
    assert (pool.size(), pool._max_overflow, pool.timeout()) == (5, 0, 2)
    pool._timeout = 0.1
    with ExitStack() as others:
        for _ in range(5):
            others.enter_context(app.extensions["engine"].connect())
        busy = app.test_client().get("/")
        assert (busy.status_code, busy.text, busy.headers["Retry-After"]) == (503, "busy", "1")
        # A page without a database is still served.
        assert app.test_client().get("/static-text").status_code == 200
    assert app.test_client().get("/").status_code == 200


def test_a_connection_that_died_while_idle_is_replaced(app: Flask, connections: Connections) -> None:
    client = app.test_client()
    client.get("/")
    with app.app_context():
        raw = connection().connection.dbapi_connection
    assert raw is not None
    raw.close()
    assert client.get("/").status_code == 200
    assert connections.opened == 2


def test_two_apps_share_neither_engine_nor_rows(app: Flask, tmp_path: Path) -> None:
    other = create_app(f"sqlite:///{tmp_path}/other.db")
    metadata.create_all(other.extensions["engine"])
    app.test_client().post("/", data={"words": "here"})
    assert other.test_client().get("/").json == []
    with app.app_context():
        mine = connection()
        with other.app_context():
            assert engine() is other.extensions["engine"]
            theirs: Connection = connection()
            assert theirs.engine is not mine.engine
            assert (lent(app), lent(other)) == (1, 1)
            theirs.execute(text("SELECT 1"))
        assert (lent(app), lent(other)) == (1, 0)
    other.extensions["engine"].dispose()


def test_without_a_url_it_takes_the_environments(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(KeyError, match="DATABASE_URL"):
        create_app()
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert create_app().extensions["engine"].url.render_as_string(hide_password=False) == database_url
