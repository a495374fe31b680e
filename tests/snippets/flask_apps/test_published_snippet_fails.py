"""Each old call raises on SQLAlchemy 2.x, and the one beside it does the same work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import Connection, create_engine, inspect, orm
from sqlalchemy.exc import InvalidRequestError

from snippets.flask_apps.published_snippet_fails import CALLS, city, metadata, rows_kept

ERRORS = {
    "create tables": (TypeError, "unexpected keyword argument 'bind'"),
    "load a table": (TypeError, "got 'autoload'"),
    "insert a row": (TypeError, "unexpected keyword argument 'name'"),
    "select by a condition": (TypeError, "takes 1 positional argument but 2 were given"),
    "run a statement": (AttributeError, "'Select' object has no attribute 'execute'"),
    "read a column": (TypeError, "tuple indices must be integers or slices, not str"),
    "run SQL with values": (AttributeError, "'Engine' object has no attribute 'execute'"),
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection to a database with one city."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        CALLS["insert a row"][1](connection)
        yield connection
    engine.dispose()


@pytest.mark.parametrize("purpose", CALLS)
def test_the_old_call_raises(purpose: str, connection: Connection) -> None:
    kind, message = ERRORS[purpose]
    with pytest.raises(kind, match=message) as raised:
        CALLS[purpose][0](connection)
    assert type(raised.value) is kind


def test_every_error_is_looked_for() -> None:
    assert list(ERRORS) == list(CALLS)


def new(purpose: str, connection: Connection) -> Any:
    """Make today's call."""
    return CALLS[purpose][1](connection)


def test_todays_calls_do_the_work(connection: Connection) -> None:
    metadata.drop_all(connection)
    new("create tables", connection)
    assert inspect(connection).get_table_names() == ["city"]
    assert [column.name for column in new("load a table", connection).columns] == ["id", "name"]
    assert new("run a statement", connection).all() == []
    new("insert a row", connection)
    connection.execute(city.insert(), {"name": "Rome"})
    assert new("select by a condition", connection).all() == [(1, "Oslo")]
    assert new("run a statement", connection).all() == [(1, "Oslo"), (2, "Rome")]
    assert new("read a column", connection) == "Oslo"
    assert new("run SQL with values", connection).all() == [("Oslo",)]


def test_the_old_calls_ask_for_the_same_as_todays() -> None:
    # A connection that takes anything, as no version does: what would 1.3 have been asked for?
    old = MagicMock()
    CALLS["insert a row"][0](old)
    assert old.execute.call_args.kwargs == {"name": "Oslo"}
    CALLS["read a column"][0](old)
    old.execute.return_value.first.return_value.__getitem__.assert_called_once_with("name")
    CALLS["run SQL with values"][0](old)
    old.engine.execute.assert_called_once_with("SELECT name FROM city WHERE id = :1", [1])


def test_the_section_before_has_a_call_that_is_gone_as_well() -> None:
    class City:
        """A class to map by hand, as that section does."""

    with pytest.raises(InvalidRequestError, match=r"function is removed as of SQLAlchemy 2\.0"):
        orm.mapper(City, city)  # type: ignore[attr-defined]
    registry = orm.registry()
    assert registry.map_imperatively(City, city).local_table is city
    registry.dispose()


@pytest.mark.parametrize(("commit", "expected"), [(False, 0), (True, 1)])
def test_nothing_is_kept_without_a_commit(commit: bool, expected: int) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    assert rows_kept(engine, commit=commit) == expected
    with engine.connect() as connection:
        assert new("run a statement", connection).all() == [(1, "Rome")] * expected
    engine.dispose()
