"""At which moment a wrong pool argument fails, and that settings in text are read as they are meant."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import AsyncAdaptedQueuePool, NullPool, QueuePool, StaticPool, create_engine, engine_from_config
from sqlalchemy.exc import NoSuchModuleError

from snippets.engine.bad_arguments import SETTINGS, from_text, shows

UNKNOWN = "at create_engine(): TypeError: Invalid argument(s) "


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "never"),
        ({"pool_sise": 5}, UNKNOWN + "'pool_sise' "),
        ({"pool_class": NullPool}, UNKNOWN + "'pool_class' "),
        ({"connect_timeout": 5}, UNKNOWN + "'connect_timeout' "),
        ({"poolclass": NullPool, "pool_size": 5}, UNKNOWN + "'pool_timeout','pool_size' "),
        ({"poolclass": StaticPool, "max_overflow": 5}, UNKNOWN + "'pool_timeout','max_overflow' "),
        ({"poolclass": AsyncAdaptedQueuePool}, "at create_engine(): ArgumentError: Pool class AsyncAdaptedQueuePool"),
        ({"pool_reset_on_return": "all"}, "at create_engine(): ArgumentError: Invalid value for 'reset_on_return'"),
        ({"pool_size": "5"}, "at create_engine(): TypeError: unsupported operand"),
        ({"max_overflow": "10"}, "at the first connect: TypeError: '>' not supported"),
        ({"pool_recycle": "1800"}, "at the first connect: TypeError: '>' not supported"),
        ({"pool_timeout": "30"}, "when all are lent out: TypeError: '<' not supported"),
        ({"pool_pre_ping": "false"}, "never"),
        ({"pool_size": 0}, "never; and nothing limits it"),
    ],
    ids=str,
)
def test_when_it_shows(options: dict[str, Any], expected: str) -> None:
    assert shows("sqlite://", **{"poolclass": QueuePool, "pool_timeout": 0.1, **options}).startswith(expected)


@pytest.mark.parametrize("argument", ["pool_timeout", "max_overflow"])
def test_sqlite_in_memory_has_another_pool_that_refuses_them(argument: str) -> None:
    assert shows("sqlite://", **{argument: 5}).startswith(f"{UNKNOWN}'{argument}' sent to")
    # This one it takes, for something else: how many threads keep their connection.
    assert shows("sqlite://", pool_size=5) == "never; and nothing limits it"


def test_the_old_name_of_postgresql() -> None:
    with pytest.raises(NoSuchModuleError, match=r"Can't load plugin: sqlalchemy\.dialects:postgres$"):
        create_engine("postgres://server/shop")


def test_a_pool_argument_in_the_url_goes_to_the_driver(postgres_database: str) -> None:
    shown = shows(f"{postgres_database}?pool_size=3")
    assert shown.startswith("at the first connect: ProgrammingError")
    assert 'invalid URI query parameter: "pool_size"' in shown or 'invalid connection option "pool_size"' in shown


def test_false_in_text_is_true() -> None:
    assert create_engine("sqlite:///shop.db", pool_pre_ping="false").pool._pre_ping
    # SQLAlchemy's own reader of text leaves it as it is.
    as_they_stand = engine_from_config({**SETTINGS, "db.pool_use_lifo": "false"}, prefix="db.").pool
    assert isinstance(as_they_stand, QueuePool)
    assert as_they_stand._pre_ping
    assert as_they_stand._pool.use_lifo


def test_settings_in_text_are_read_as_they_are_meant() -> None:
    pool = from_text(SETTINGS).pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow, pool.timeout(), pool._recycle) == (3, 0, 5, 1800)
    assert pool._pre_ping is False
    # However it is written: Python's own str(False) is no yes.
    for written, meant in {"true": True, "True": True, "False": False, "FALSE": False}.items():
        assert from_text({**SETTINGS, "db.pool_pre_ping": written}).pool._pre_ping is meant
