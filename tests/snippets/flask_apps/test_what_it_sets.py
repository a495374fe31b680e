"""What the extension makes of a URI, and what it leaves as it is."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, NullPool, QueuePool, StaticPool, create_engine, text

from snippets.flask_apps.what_it_sets import described, made_of

MYSQL, MARIADB = "mysql+pymysql://server/shop", "mariadb+pymysql://server/shop"


@pytest.mark.parametrize(
    ("uri", "alone", "with_the_extension"),
    [
        ("sqlite://", "SingletonThreadPool, recycle -1, sqlite://", "StaticPool, recycle -1, sqlite://"),
        (
            "sqlite:///shop.db",
            "QueuePool, recycle -1, sqlite:///shop.db",
            "QueuePool, recycle -1, sqlite:///{folder}/shop.db",
        ),
        (
            "postgresql+psycopg://server/shop",
            "QueuePool, recycle -1, postgresql+psycopg://server/shop",
            "QueuePool, recycle -1, postgresql+psycopg://server/shop",
        ),
        (MYSQL, f"QueuePool, recycle -1, {MYSQL}", f"QueuePool, recycle 7200, {MYSQL}?charset=utf8mb4"),
        (MARIADB, f"QueuePool, recycle -1, {MARIADB}", f"QueuePool, recycle -1, {MARIADB}"),
    ],
)
def test_five_uris(uri: str, alone: str, with_the_extension: str, tmp_path: Path) -> None:
    assert described(create_engine(uri)) == alone
    assert described(made_of(uri, str(tmp_path))) == with_the_extension.format(folder=tmp_path)


def test_an_absolute_path_is_left_alone(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/shop.db"
    assert described(made_of(uri, "/nowhere")).endswith(uri)


def test_sqlite_in_memory_is_one_connection_for_all_threads(tmp_path: Path) -> None:
    engine = made_of("sqlite://", str(tmp_path))
    assert isinstance(engine.pool, StaticPool)
    seen: list[Any] = []

    def look() -> None:
        with engine.connect() as connection:
            seen.append(connection.connection.dbapi_connection)
            connection.execute(text("SELECT 1"))

    thread = Thread(target=look)
    thread.start()
    thread.join()
    look()
    assert seen[0] is seen[1]
    engine.dispose()


@pytest.mark.parametrize(
    ("uri", "options", "recycle"),
    [
        (MYSQL, {"pool_recycle": 60}, 60),
        (MARIADB, {"pool_recycle": 7200}, 7200),
        # Meant to be left out; but it looks for `pool_class`, which SQLAlchemy calls `poolclass`.
        (MYSQL, {"poolclass": NullPool}, 7200),
    ],
)
def test_what_you_set_yourself(uri: str, options: dict[str, Any], recycle: int, tmp_path: Path) -> None:
    assert made_of(uri, str(tmp_path), **options).pool._recycle == recycle


def test_in_memory_the_size_that_you_set_for_your_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"Invalid argument\(s\) 'pool_size' sent to create_engine\(\)"):
        made_of("sqlite://", str(tmp_path), pool_size=8)


def test_a_charset_of_your_own_stays(tmp_path: Path) -> None:
    engine = made_of(f"{MYSQL}?charset=latin1", str(tmp_path))
    assert engine.url.query == {"charset": "latin1"}


def test_the_session_belongs_to_the_app_context(tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"
    db = SQLAlchemy(app)
    engines: list[Engine] = []
    with app.app_context():
        outer = db.session()
        assert db.session() is outer
        with app.app_context():
            assert db.session() is not outer
        engines.append(db.engine)
        assert isinstance(engines[0].pool, QueuePool)
        db.session.execute(text("SELECT 1"))
        assert engines[0].pool.checkedout() == 1
    assert engines[0].pool.checkedout() == 0
    engines[0].dispose()


def test_a_thread_of_its_own_has_no_session(tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"
    db = SQLAlchemy(app)
    raised: list[BaseException] = []

    def work() -> None:
        try:
            db.session.execute(text("SELECT 1"))
        except RuntimeError as error:
            raised.append(error)

    with app.app_context():
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert "Working outside of application context" in str(raised[0])
