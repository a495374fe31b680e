"""Each call that 2.0 removed raises, with the error that the note names; the one beside it does the same work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import ArgumentError, ObjectNotExecutableError

from snippets.flask_apps.removed_api import CALLS, city, metadata

ERRORS = {
    "get text as Unicode": (TypeError, r"Invalid argument\(s\) 'convert_unicode' sent to create_engine\(\)"),
    "make tables known to an engine": (TypeError, "unexpected keyword argument 'bind'"),
    "read a table's columns": (TypeError, "got 'autoload'"),
    "run a statement on the engine": (AttributeError, "'Engine' object has no attribute 'execute'"),
    "run SQL in a string": (ObjectNotExecutableError, "Not an executable object: 'SELECT name FROM city'"),
    "give values to SQL": (ArgumentError, "List argument must consist only of dictionaries"),
    "select some columns": (ArgumentError, r"clause element expected, got \[Column\('name'"),
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection to a database with two cities."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(city.insert(), [{"name": "Oslo"}, {"name": "Rome"}])
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
    assert new("read a table's columns", connection).columns.keys() == ["id", "name"]
    assert new("run a statement on the engine", connection) == [(1, "Oslo"), (2, "Rome")]
    assert new("run SQL in a string", connection) == [("Oslo",), ("Rome",)]
    assert new("give values to SQL", connection) == [("Oslo",)]
    assert new("select some columns", connection) == [("Oslo",), ("Rome",)]


def test_the_old_calls_ask_for_the_same_as_todays() -> None:
    # A connection that takes anything, as no version does: what would 1.3 have been asked for?
    old = MagicMock()
    CALLS["run a statement on the engine"][0](old)
    assert str(old.engine.execute.call_args.args[0]) == str(city.select())
    CALLS["run SQL in a string"][0](old)
    old.execute.assert_called_once_with("SELECT name FROM city")
    CALLS["give values to SQL"][0](old)
    old.execute.assert_called_with("SELECT name FROM city WHERE id = ?", [1])


def test_wrapping_a_string_is_not_enough_if_its_values_come_by_position(connection: Connection) -> None:
    by_position: Any = [1]
    with pytest.raises(ArgumentError, match="List argument must consist only of dictionaries"):
        connection.execute(text("SELECT name FROM city WHERE id = :id"), by_position)


def test_an_engine_is_told_of_tables_when_it_makes_them(connection: Connection) -> None:
    metadata.drop_all(connection)
    assert inspect(connection).get_table_names() == []
    new("make tables known to an engine", connection)
    assert inspect(connection).get_table_names() == ["city"]


def test_text_is_unicode_without_being_asked_for(connection: Connection) -> None:
    engine = new("get text as Unicode", connection)
    assert isinstance(engine, Engine)
    metadata.create_all(engine)
    with engine.connect() as other:
        other.execute(city.insert(), {"name": "Łódź"})
        assert other.scalar(city.select().with_only_columns(city.c.name)) == "Łódź"
    engine.dispose()
