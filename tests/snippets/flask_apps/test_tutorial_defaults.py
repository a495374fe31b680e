"""What the pool is of an app that names its database only, and what threads and workers make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from importlib import import_module
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import QueuePool, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.flask_apps import tutorial_defaults
from snippets.flask_apps.tutorial_defaults import create_app, crowd, db, pool_of
from tests.servers.gunicorn import Gunicorn
from tests.servers.postgres import Postgres
from tests.servers.waiting import eventually
from tests.snippets.conftest import Connections

Start = Callable[..., AbstractContextManager[Gunicorn]]
FILE = Path(tutorial_defaults.__file__)


@pytest.fixture
def app(database_url: str, connections: Connections) -> Iterator[Flask]:
    """The app; making it connects to nothing, and at the end nothing is lent out."""
    app = create_app(database_url)
    assert connections.opened == 0
    yield app
    assert pool_of(app).checkedout() == 0
    pool_of(app).dispose()


def test_every_number_of_the_pool_is_a_default(app: Flask) -> None:
    pool = pool_of(app)
    assert type(pool) is QueuePool
    numbers = (pool.size(), pool._max_overflow, pool.timeout(), pool._recycle, pool._pre_ping)
    assert numbers == (5, 10, 30, -1, False)


def test_it_waits_as_long_as_gunicorn_waits_for_a_worker(app: Flask) -> None:
    assert pool_of(app).timeout() == import_module("gunicorn.config").Timeout.default


def test_requests_in_turn_share_one_connection(app: Flask, connections: Connections) -> None:
    client = app.test_client()
    assert [client.get("/").text for _ in range(20)] == ["42"] * 20
    assert connections.opened == 1


@pytest.mark.parametrize(
    ("threads", "in_use", "kept"),
    [(1, 1, 1), (4, 4, 4), (5, 5, 5), (6, 6, 5), (15, 15, 5)],
)
def test_a_thread_more_is_a_connection_more_and_five_are_kept(
    threads: int, in_use: int, kept: int, app: Flask, connections: Connections
) -> None:
    assert crowd(app, threads) == (in_use, kept)
    assert connections.most == in_use
    assert connections.open == kept


def test_the_sixteenth_is_refused(app: Flask) -> None:
    pool = pool_of(app)
    pool._timeout = 0.1
    with ExitStack() as lent:
        for _ in range(15):
            lent.callback(pool.connect().close)
        with app.app_context(), pytest.raises(PoolTimeout, match="QueuePool limit of size 5 overflow 10 reached"):
            db.session.connection()
        assert app.test_client().get("/").status_code == 500
    assert app.test_client().get("/").status_code == 200


def test_a_crowd_that_the_pool_cannot_serve_does_not_hang(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(database_url)
    pool_of(app)._timeout = 0.1

    def sooner(threads: int, action: Callable[[], None], timeout: float) -> Barrier:
        return Barrier(threads, action, timeout / 100)

    monkeypatch.setattr(tutorial_defaults, "Barrier", sooner)
    with pytest.raises((BrokenBarrierError, PoolTimeout)):
        crowd(app, 16)
    pool_of(app).dispose()


def test_a_crowd_says_why_it_found_no_database(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="unable to open database file"):
        crowd(create_app(f"sqlite:///{tmp_path}/nowhere/app.db"), 1)


def test_the_file_is_where_an_absolute_path_says(tmp_path: Path) -> None:
    file = tmp_path / "app.db"
    app = create_app(f"sqlite:///{file}")
    with app.app_context():
        assert db.engine.url.database == str(file)
    assert not file.exists()
    assert app.test_client().get("/").text == "42"
    assert file.exists()
    pool_of(app).dispose()


def test_a_request_on_a_dead_connection_fails(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/").status_code == 200
    lent = pool_of(app).connect()
    raw = lent.driver_connection
    lent.close()
    assert raw is not None
    raw.close()
    assert [client.get("/").status_code for _ in range(2)] == [500, 200]


def sessions(server: Postgres, url: str) -> int:
    """Return how many connections to a database PostgreSQL has."""
    with server.connect() as admin:
        counted = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [make_url(url).database])
        return int(counted.fetchone()[0])  # type: ignore[index]


def get_often(address: str, times: int) -> None:
    """Send requests, eight at a time."""

    def get(_: int) -> bytes:
        with urlopen(address, timeout=30) as answer:
            return bytes(answer.read())

    with ThreadPoolExecutor(8) as clients:
        assert set(clients.map(get, range(times))) == {b"42"}


def test_four_sync_workers_hold_four_connections(
    gunicorn: Start, postgres_database: str, postgres_server: Postgres
) -> None:
    # Loaded once before the fork, only because that starts sooner: the pool is still empty then.
    with gunicorn(FILE, call=f"create_app({postgres_database!r})", workers=4, preload=True) as server:

        def all_four_have_answered() -> bool:
            get_often(server.address, times=8)
            return sessions(postgres_server, postgres_database) == 4

        assert eventually(all_four_have_answered)
        get_often(server.address, times=80)
        assert sessions(postgres_server, postgres_database) == 4
    assert eventually(lambda: sessions(postgres_server, postgres_database) == 0)
