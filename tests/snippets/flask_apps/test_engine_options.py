"""Which settings reach the pool of Flask-SQLAlchemy: by its attributes, and by what it lends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.flask_apps.engine_options import create_app, create_old_app, pool_of
from tests.snippets.conftest import Connections


@pytest.mark.parametrize(
    ("make", "expected"),
    [(create_app, (8, 0, 2, True)), (create_old_app, (5, 10, 30, False))],
)
def test_what_reaches_the_pool(
    make: Callable[[str], Flask], expected: tuple[int, int, int, bool], database_url: str, connections: Connections
) -> None:
    pool = pool_of(make(database_url))
    assert (pool.size(), pool._max_overflow, pool.timeout(), pool._pre_ping) == expected
    assert connections.opened == 0


@pytest.mark.parametrize(("make", "most"), [(create_app, 8), (create_old_app, 15)])
def test_how_many_it_lends(
    make: Callable[[str], Flask], most: int, database_url: str, connections: Connections
) -> None:
    pool = pool_of(make(database_url))
    pool._timeout = 0.1
    with ExitStack() as lent:
        for _ in range(most):
            lent.callback(pool.connect().close)
        with pytest.raises(PoolTimeout):
            pool.connect()
    assert connections.most == most
    pool.dispose()


def test_the_old_settings_are_in_the_configuration_and_nobody_reads_them(database_url: str) -> None:
    settings = {"SQLALCHEMY_POOL_SIZE": 8, "SQLALCHEMY_MAX_OVERFLOW": 0, "SQLALCHEMY_POOL_TIMEOUT": 2}
    assert settings.items() <= create_old_app(database_url).config.items()


def test_two_apps_have_a_pool_each(database_url: str) -> None:
    one, other = create_app(database_url), create_app(database_url)
    assert pool_of(one) is pool_of(one)
    assert pool_of(one) is not pool_of(other)


def test_the_configuration_wins_over_the_extension(database_url: str) -> None:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 3}
    SQLAlchemy(app, engine_options={"pool_size": 1, "max_overflow": 7})
    pool = pool_of(app)
    assert (pool.size(), pool._max_overflow) == (3, 7)


def test_numbers_in_text_are_read_but_false_is_not(database_url: str) -> None:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": "3", "pool_pre_ping": "false"}
    SQLAlchemy(app)
    pool = pool_of(app)
    assert pool.size() == 3
    assert bool(pool._pre_ping) is True


def test_a_forked_worker_can_forget_what_the_extension_has_connected(database_url: str) -> None:
    app = create_app(database_url)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        with closing(engine.raw_connection()) as lent:
            inherited = lent.dbapi_connection
        engine.dispose(close=False)
        assert pool_of(app).checkedin() == 0
    assert inherited
    with closing(inherited), closing(inherited.cursor()) as cursor:
        cursor.execute("SELECT 1")  # It is the parent's, and nobody has closed it.
