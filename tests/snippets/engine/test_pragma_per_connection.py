"""What belongs to a connection and not to the file: PRAGMAs, unless an event sets them, and the page cache."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, event, text

from snippets.engine.pragma_per_connection import orphan, set_pragmas, value

Make = Callable[..., Engine]
REFUSED = "FOREIGN KEY constraint failed"


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Return what makes engines on a file with customers and their orders."""
    url = f"sqlite:///{tmp_path}/test.db"

    def make(**options: Any) -> Engine:
        engine = create_engine(url, **options)
        request.addfinalizer(engine.dispose)
        return engine

    with make().begin() as connection:
        connection.execute(text("CREATE TABLE demo_customer (name text PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE demo_order (name REFERENCES demo_customer)"))
    return make


def on_two(engine: Engine, pragma: str) -> list[object]:
    """What a PRAGMA is on two connections, lent out at once."""
    with engine.connect() as first, engine.connect() as second:
        return [value(first, pragma), value(second, pragma)]


@pytest.mark.parametrize(
    ("pragma", "default"), [("foreign_keys", 0), ("synchronous", 2), ("cache_size", -2000), ("busy_timeout", 5000)]
)
def test_these_belong_to_the_connection(pragma: str, default: int, make: Make) -> None:
    engine = make()
    with engine.connect() as request:
        request.exec_driver_sql(f"PRAGMA {pragma} = 1")
    # What the request set, stays on its connection, and no other one hears of it.
    assert on_two(engine, pragma) == [1, default]
    set_pragmas(engine, **{pragma: "1"})
    engine.dispose()
    assert on_two(engine, pragma) == [1, 1]


def test_the_journal_mode_belongs_to_the_file(make: Make) -> None:
    engine = make()
    with engine.connect() as request:
        request.exec_driver_sql("PRAGMA journal_mode = WAL")
    assert on_two(engine, "journal_mode") == ["wal", "wal"]
    engine.dispose()
    assert on_two(make(), "journal_mode") == ["wal", "wal"]


def test_which_connection_you_get_decides_whether_an_orphan_is_accepted(make: Make) -> None:
    engine = make()
    with engine.connect() as first, engine.connect() as second:
        first.exec_driver_sql("PRAGMA foreign_keys = ON")
        assert (orphan(first), orphan(second)) == (REFUSED, "accepted")
        second.execute(text("INSERT INTO demo_customer VALUES ('nobody')"))
        second.commit()
        assert orphan(first) == "accepted"  # It has parents now.


def test_an_orphan_is_tried_and_not_kept(make: Make) -> None:
    with make().connect() as connection:
        orphan(connection)
        assert connection.scalars(text("SELECT count(*) FROM demo_order")).one() == 0


def test_the_event_sets_all_of_them_on_each_connection(make: Make) -> None:
    engine = make()
    set_pragmas(engine, foreign_keys="ON", synchronous="NORMAL")
    assert on_two(engine, "foreign_keys") == [1, 1]
    assert on_two(engine, "synchronous") == [1, 1]
    with engine.connect() as first, engine.connect() as second:
        assert (orphan(first), orphan(second)) == (REFUSED, REFUSED)


def test_a_connection_that_is_open_already_is_not_told(make: Make) -> None:
    engine = make()
    engine.connect().close()
    set_pragmas(engine, foreign_keys="ON")
    assert on_two(engine, "foreign_keys") == [0, 1]


def test_inside_a_transaction_it_says_nothing_and_does_nothing(make: Make) -> None:
    engine = make()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO demo_customer VALUES ('ann')"))
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        assert value(connection, "foreign_keys") == 0


if sys.version_info >= (3, 12):

    def test_the_drivers_newer_mode_is_always_inside_a_transaction(make: Make) -> None:
        engine = make(connect_args={"autocommit": False})
        set_pragmas(engine, foreign_keys="ON")
        assert on_two(engine, "foreign_keys") == [0, 0]

    def test_unless_the_event_takes_it_out_of_that_mode_for_a_moment(make: Make) -> None:
        engine = make(connect_args={"autocommit": False})
        event.listen(engine, "connect", lambda raw, _: setattr(raw, "autocommit", True))
        set_pragmas(engine, foreign_keys="ON")
        event.listen(engine, "connect", lambda raw, _: setattr(raw, "autocommit", False))
        assert on_two(engine, "foreign_keys") == [1, 1]


BLOB = 1_000_000


def bytes_read_by(action: Callable[[], object]) -> int:
    """How many bytes this process reads, from files of whatever kind, during an action."""

    def so_far() -> int:
        return int(Path("/proc/self/io").read_text().split()[1])

    begun = so_far()
    action()
    return so_far() - begun


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
def test_the_page_cache_belongs_to_the_connection_too(journal_mode: str, make: Make) -> None:
    def visit(engine: Engine) -> None:
        with engine.connect() as connection:
            connection.execute(text("SELECT sum(length(hex(page))) FROM demo_page")).one()

    pooled, unpooled = make(), make(poolclass=NullPool)
    set_pragmas(pooled, cache_size="-8000")
    set_pragmas(unpooled, cache_size="-8000")
    with pooled.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA journal_mode = {journal_mode}")
        connection.execute(text("CREATE TABLE demo_page (page blob)"))
        connection.execute(text("INSERT INTO demo_page VALUES (randomblob(1000000))"))
        connection.commit()
    pooled.dispose()
    visit(pooled)
    assert bytes_read_by(lambda: visit(pooled)) < BLOB / 10
    assert bytes_read_by(lambda: visit(unpooled)) > BLOB
    # Whoever else writes, empties it.
    with unpooled.begin() as connection:
        connection.execute(text("INSERT INTO demo_customer VALUES ('bob')"))
    assert bytes_read_by(lambda: visit(pooled)) > BLOB
    assert bytes_read_by(lambda: visit(pooled)) < BLOB / 10


def test_the_pragmas_are_there_before_anybody_else_sees_the_connection(make: Make) -> None:
    engine = make()
    set_pragmas(engine, foreign_keys="ON")
    seen: list[object] = []
    event.listen(engine, "connect", lambda raw, _: seen.extend(raw.execute("PRAGMA foreign_keys").fetchone()))
    engine.connect().close()
    assert seen == [1]
