"""One view, two engines: without a pool every request connects, and the server has to hold them all."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, NullPool, QueuePool, create_engine, event, make_url, text

from snippets.flask_apps import per_request_app
from snippets.flask_apps.per_request_app import at_once, create_app, in_turn
from tests.servers.postgres import Postgres
from tests.servers.waiting import eventually
from tests.snippets.conftest import Connections

ENGINES = ["pooled engine", "per-request engine"]


@pytest.fixture
def app(database_url: str, connections: Connections) -> Iterator[Flask]:
    """The app, before its first request. In the end it has no connection left."""
    app = create_app(database_url)
    assert connections.opened == 0
    yield app
    for name in ENGINES:
        app.extensions[name].dispose()
    assert connections.open == 0


def is_postgresql(app: Flask) -> bool:
    """Whether the app's database has processes of its own."""
    engine: Engine = app.extensions["pooled engine"]
    return engine.name == "postgresql"


@pytest.mark.parametrize(("name", "expected"), [("per-request", 20), ("pooled", 1)])
def test_requests_in_turn(name: str, expected: int, app: Flask, connections: Connections) -> None:
    processes = in_turn(app, name, 20)
    assert connections.opened == expected
    assert connections.most == 1
    assert len(processes) == (expected if is_postgresql(app) else 1)


@pytest.mark.parametrize(("name", "holders"), [("per-request", 12), ("pooled", 4), ("pooled", 3)])
def test_requests_at_once(name: str, holders: int, app: Flask, connections: Connections) -> None:
    processes = at_once(app, name, 12, holders)
    # A pool opens no more than its size, however many ask; without one, each that asks gets one.
    assert holders <= connections.most <= {"per-request": 12, "pooled": 4}[name]
    assert connections.opened == (12 if name == "per-request" else connections.most)
    assert len(processes) == (connections.opened if is_postgresql(app) else 1)


def test_after_a_burst_requests_do_not_wait_for_each_other(app: Flask) -> None:
    at_once(app, "pooled", 4, 4)
    assert len(in_turn(app, "pooled", 1)) == 1


@pytest.mark.parametrize(("name", "expected"), [("per-request", 12), ("pooled", 4)])
def test_what_the_server_sees(name: str, expected: int, postgres_database: str, postgres_server: Postgres) -> None:
    app = create_app(postgres_database)
    with postgres_server.connect() as admin:
        at_the_time: list[int] = []
        database = make_url(postgres_database).database
        of_database = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"

        def count() -> int:
            row = admin.execute(of_database, [database]).fetchone()
            assert row
            return int(row[0])

        event.listen(app.extensions[f"{name} engine"], "checkout", lambda *_: at_the_time.append(count()))
        at_once(app, name, 12, expected)
        assert max(at_the_time) == expected
        # The server's processes end a moment after their clients have gone.
        assert eventually(lambda: count() == (4 if name == "pooled" else 0))
    app.extensions[f"{name} engine"].dispose()


def test_on_sqlite_the_process_is_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getpid", lambda: 4711)
    assert in_turn(create_app(f"sqlite:///{tmp_path}/test.db"), "per-request", 1) == {4711}


def test_on_postgresql_it_is_the_one_behind_the_connection(postgres_database: str) -> None:
    app = create_app(postgres_database)
    with app.extensions["pooled engine"].connect() as connection:
        process = connection.scalars(text("SELECT pg_backend_pid()")).one()
    assert app.test_client().get("/pooled").get_json() == {"process": process}
    app.extensions["pooled engine"].dispose()


def test_the_engines_differ_in_their_pools_only(app: Flask) -> None:
    pooled, per_request = (app.extensions[name] for name in ENGINES)
    assert isinstance(pooled.pool, QueuePool)
    assert (pooled.pool.size(), pooled.pool._max_overflow) == (4, 0)
    assert isinstance(per_request.pool, NullPool)
    assert pooled.url == per_request.url
    views = [app.view_functions[name] for name in ("pooled", "per-request")]
    assert len({view.__code__ for view in views}) == 1
    assert [inspect.getclosurevars(view).nonlocals["engine"] for view in views] == [pooled, per_request]


def test_without_a_url_it_takes_the_environments(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(KeyError, match="DATABASE_URL"):
        create_app()
    monkeypatch.setenv("DATABASE_URL", database_url)
    urls = {create_app().extensions[name].url for name in ENGINES}
    assert urls == {create_engine(database_url).url}


def test_the_demo(
    database_url: str, connections: Connections, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    per_request_app.demo()
    on_server = database_url.startswith("postgresql")
    assert capsys.readouterr().out.splitlines() == [
        f"/per-request: connects for 20 requests in turn: 20; processes: {20 if on_server else 1}",
        f"/per-request: connects for 12 more, at once: 12; processes: {12 if on_server else 1}",
        "/pooled: connects for 20 requests in turn: 1; processes: 1",
        f"/pooled: connects for 12 more, at once: 3; processes: {4 if on_server else 1}",
    ]
    assert (connections.opened, connections.open, connections.most) == (36, 0, 12)
