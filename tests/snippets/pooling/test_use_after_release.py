"""What is left in hand after a release: some of it refuses, some of it harms the next borrower."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError, ResourceClosedError

from snippets.pooling.use_after_release import kept, rows_of_the_next
from tests.snippets.conftest import Connections


@pytest.fixture
def engine(database_url: str, connections: Connections) -> Iterator[Engine]:
    """An engine on a database with an empty table."""
    engine = create_engine(database_url)
    with engine.begin() as setup:
        setup.execute(text("CREATE TABLE demo_order (customer varchar(9))"))
    yield engine
    engine.dispose()


def test_sqlalchemys_connection_refuses(engine: Engine) -> None:
    with pytest.raises(ResourceClosedError, match=r"^This Connection is closed$"):
        kept(engine)["SQLAlchemy's connection"]()


def test_the_pools_connection_refuses_without_saying_why(engine: Engine) -> None:
    with pytest.raises((AssertionError, AttributeError)):
        kept(engine)["the pool's connection"]()


def test_a_result_is_still_there(engine: Engine) -> None:
    assert sorted(kept(engine)["a result"]()) == [(1,), (2,)]  # type: ignore[call-overload]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # psycopg misses its close().
def test_a_streamed_result_is_not_for_it_was_on_the_server(postgres_database: str) -> None:
    engine = create_engine(postgres_database, execution_options={"stream_results": True})
    with pytest.raises(ProgrammingError, match=r"cursor .* does not exist"):
        kept(engine)["a result"]()
    gc.collect()
    engine.dispose()


def test_the_drivers_connection_goes_on_working(engine: Engine) -> None:
    assert kept(engine)["the driver's connection"]() is not None


@pytest.mark.parametrize(("cleanup", "expected"), [(False, 1), (True, 0)])
def test_a_rollback_after_the_release_undoes_the_next_borrowers_work(
    cleanup: bool, expected: int, engine: Engine, connections: Connections
) -> None:
    assert rows_of_the_next(engine, cleanup) == expected
    assert connections.opened == 1  # So it was the same connection.
