"""The settings reach the pool; the URL of a host becomes one that SQLAlchemy knows, and stays the same otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import QueuePool, create_engine, make_url
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.flask_apps import tutorial_defaults
from snippets.flask_apps.tutorial_plus_pool import create_app, db, settings, with_driver
from tests.servers.postgres import Postgres
from tests.servers.waiting import eventually
from tests.snippets.conftest import Connections


def pool_of(app: Flask) -> QueuePool:
    """The pool of the app's engine."""
    with app.app_context():
        pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    return pool


@pytest.fixture(params=[1, 4])
def threads(request: pytest.FixtureRequest) -> int:
    """How many threads a worker has."""
    return int(request.param)


@pytest.fixture
def app(database_url: str, threads: int, connections: Connections) -> Iterator[Flask]:
    """The app, made for workers with so many threads."""
    app = create_app(database_url, threads)
    assert connections.opened == 0
    yield app
    assert pool_of(app).checkedout() == 0
    pool_of(app).dispose()


def test_the_settings_reach_the_pool(app: Flask, threads: int) -> None:
    pool = pool_of(app)
    assert (pool.size(), pool._max_overflow, pool.timeout(), pool._pre_ping) == (threads, 0, 5, True)


def test_without_a_word_about_threads_it_is_for_a_sync_worker(database_url: str) -> None:
    app = create_app(database_url)
    assert pool_of(app).size() == 1
    assert settings(database_url) == settings(database_url, threads=1)


def test_as_many_threads_are_served_at_once_and_not_one_more(
    app: Flask, threads: int, connections: Connections
) -> None:
    pool = pool_of(app)
    pool._timeout = 0.1
    with ExitStack() as lent:
        for _ in range(threads):
            lent.callback(pool.connect().close)
        with app.app_context(), pytest.raises(PoolTimeout, match=f"QueuePool limit of size {threads} overflow 0"):
            db.session.connection()
        assert app.test_client().get("/").status_code == 500
    assert app.test_client().get("/").text == "42"
    # All are kept: nothing was opened for a moment only.
    assert (connections.opened, connections.open) == (threads, threads)


def test_it_gives_up_before_the_app_at_defaults_does(app: Flask, database_url: str) -> None:
    assert pool_of(app).timeout() < tutorial_defaults.pool_of(tutorial_defaults.create_app(database_url)).timeout()


def test_a_connection_that_died_is_replaced(app: Flask, connections: Connections) -> None:
    client = app.test_client()
    assert client.get("/").status_code == 200
    with closing(pool_of(app).connect()) as lent:
        raw: Any = lent.driver_connection
    raw.close()
    assert client.get("/").status_code == 200
    assert connections.opened == 2


def test_it_serves_after_the_server_has_ended_its_connections(
    postgres_database: str, postgres_server: Postgres
) -> None:
    app = create_app(postgres_database)
    client = app.test_client()
    assert client.get("/").status_code == 200
    with postgres_server.connect() as admin:
        database = [make_url(postgres_database).database]
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", database)

        def all_are_gone() -> bool:
            counted = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", database).fetchone()
            return counted is not None and counted[0] == 0

        assert eventually(all_are_gone)
    assert client.get("/").status_code == 200
    pool_of(app).dispose()


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("postgres://u:p@host:5432/shop", "postgresql+psycopg://u:p@host:5432/shop"),
        ("postgresql://host/shop", "postgresql+psycopg://host/shop"),
        # What follows the scheme is left alone, also if it looks like one.
        (
            "postgres://u:postgres%3A%2F%2F@host/shop?sslmode=require&application_name=postgres://",
            "postgresql+psycopg://u:postgres%3A%2F%2F@host/shop?sslmode=require&application_name=postgres://",
        ),
        # Whoever names a driver means it.
        ("postgresql+psycopg2://host/shop", "postgresql+psycopg2://host/shop"),
        ("mysql+pymysql://host/shop", "mysql+pymysql://host/shop"),
        ("sqlite:////srv/app.db", "sqlite:////srv/app.db"),
    ],
)
def test_what_a_url_becomes(given: str, made: str) -> None:
    assert with_driver(given) == made
    assert settings(given)["SQLALCHEMY_DATABASE_URI"] == made


def test_sqlalchemy_refuses_what_the_host_hands_out_and_takes_what_it_becomes() -> None:
    given = "postgres://u:secret@host/shop"
    with pytest.raises(NoSuchModuleError, match=r"Can't load plugin: sqlalchemy\.dialects:postgres$"):
        create_engine(given)
    engine = create_engine(with_driver(given))
    assert (engine.dialect.name, engine.dialect.driver, engine.url.password) == ("postgresql", "psycopg", "secret")


def test_a_scheme_without_a_driver_is_another_driver_on_another_version() -> None:
    series = sqlalchemy.__version__[:3]
    taken = make_url("postgresql://host/shop").get_dialect().driver
    assert taken == {"2.0": "psycopg2", "2.1": "psycopg"}[series]
    assert make_url(with_driver("postgresql://host/shop")).get_dialect().driver == "psycopg"


def test_settings_that_come_after_the_extension_are_ignored(database_url: str) -> None:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.init_app(app)
    app.config.from_mapping(settings(database_url, threads=3))
    assert (pool_of(app).size(), pool_of(app)._max_overflow) == (5, 10)


def test_the_app_at_defaults_does_not_start_with_it() -> None:
    with pytest.raises(NoSuchModuleError):
        tutorial_defaults.create_app("postgres://host/shop")


def test_a_database_is_reached_under_the_hosts_url(postgres_database: str) -> None:
    url = postgres_database.replace("postgresql+psycopg://", "postgres://")
    assert url != postgres_database
    app = create_app(url)
    assert app.test_client().get("/").text == "42"
    pool_of(app).dispose()
