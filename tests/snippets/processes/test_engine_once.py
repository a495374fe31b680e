"""A module has one engine, a Borg has one whatever its arguments say, and each app has its own."""

from __future__ import annotations

import runpy
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, text

from snippets.processes import engine_once
from snippets.processes.engine_once import BorgPool, Database, create_app, database, engines_in
from tests.snippets.conftest import Connections

MODULE = """
from sqlalchemy import create_engine
engine = create_engine("sqlite://")
with open(__file__ + ".runs", "a") as runs:
    runs.write("x")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path, with a module that has an engine, and with a package that has it, too."""
    (tmp_path / "once_database.py").write_text(MODULE)
    (tmp_path / "once_package").mkdir()
    (tmp_path / "once_package" / "__init__.py").touch()
    (tmp_path / "once_package" / "once_database.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("once_database", "once_package", "once_package.once_database"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def _bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the demo changes in the interpreter ends with its test."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.fixture(autouse=True)
def _first_borg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has the first Borg."""
    monkeypatch.setattr(BorgPool, "_shared", {})


def test_a_module_is_run_once_however_often_it_is_imported(folder: Path) -> None:
    assert engines_in("once_database", "once_database", "once_database") == 1
    assert (folder / "once_database.py.runs").read_text() == "x"


def test_whichever_thread_imports_it_first(folder: Path) -> None:
    threads_ready = Barrier(8)

    def engine(_: int) -> int:
        threads_ready.wait(30)
        return engines_in("once_database")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(engine, range(8))) == [1] * 8
    assert (folder / "once_database.py.runs").read_text() == "x"


def test_under_two_names_it_is_two_modules(folder: Path) -> None:
    assert engines_in("once_database", "once_package.once_database") == 2


def test_its_engine_connects_only_when_used(
    tmp_path: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = runpy.run_path(engine_once.__file__)["engine"]
    assert list(tmp_path.iterdir()) == []
    engine.connect().close()
    assert [path.name for path in tmp_path.iterdir()] == ["shop.db"]
    engine.dispose()
    assert (connections.opened, connections.open) == (1, 0)


def test_two_borgs_have_the_engine_of_the_first() -> None:
    orders = BorgPool("sqlite:///orders.db")
    engine = orders.engine
    reports = BorgPool("sqlite:///reports.db")
    assert reports is not orders
    assert reports.engine is orders.engine is engine
    assert str(engine.url) == "sqlite:///orders.db"


def test_what_one_borg_changes_the_other_has() -> None:
    one, other = BorgPool("sqlite://"), BorgPool("sqlite://")
    other.engine = engine_once.engine
    assert one.engine is engine_once.engine


def test_each_app_has_an_engine_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    apps = {name: create_app(f"sqlite:///{tmp_path}/{name}.db") for name in ("orders", "reports")}
    seen: dict[str, Engine] = {}
    for name, app in apps.items():
        with app.app_context():
            seen[name] = database.engine
            assert str(database.engine.url) == f"sqlite:///{tmp_path}/{name}.db"
            with database.engine.begin() as connection:
                connection.execute(text(f"CREATE TABLE {name} (number integer)"))
    for name, app in apps.items():
        with app.app_context():
            assert database.engine is seen[name]
            with database.engine.connect() as connection:
                tables = connection.scalars(text("SELECT name FROM sqlite_master")).all()
            assert tables == [name]
        seen[name].dispose()


def test_within_an_app_the_views_of_other_modules_see_the_same_engine() -> None:
    app = create_app("sqlite://")
    engines = []
    app.add_url_rule("/", view_func=lambda: engines.append(database.engine) or "")  # type: ignore[func-returns-value]
    for _ in range(3):
        assert app.test_client().get("/").status_code == 200
    assert {id(engine) for engine in engines} == {id(app.extensions["database"])}


def test_the_holder_has_nothing_of_its_own() -> None:
    create_app("sqlite://")
    assert vars(database) == {}
    with pytest.raises(RuntimeError, match="outside of application context"):
        _ = Database().engine


def test_an_engine_with_other_options_has_the_same_pool() -> None:
    engine = create_engine("sqlite://")
    other = engine.execution_options(isolation_level="AUTOCOMMIT")
    assert other.pool is engine.pool
    with other.connect() as connection:
        assert connection.get_execution_options()["isolation_level"] == "AUTOCOMMIT"
    engine.dispose()


def test_the_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(engine_once.__file__)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(path.parent)
    monkeypatch.delitem(sys.modules, "engine_once", raising=False)
    runpy.run_path(str(path), run_name="__main__")
    monkeypatch.delitem(sys.modules, "engine_once")
    assert sys.dont_write_bytecode
    assert capsys.readouterr().out.splitlines() == [
        "engines in a module imported three times: 1",
        "engines in a module imported, and run as a script: 2",
        "BorgPool('sqlite:///orders.db') has sqlite:///orders.db",
        "create_app('sqlite:///orders.db') has sqlite:///orders.db",
        "BorgPool('sqlite:///reports.db') has sqlite:///orders.db",
        "create_app('sqlite:///reports.db') has sqlite:///reports.db",
    ]
    assert list(tmp_path.iterdir()) == []
