"""The snapshot: it stays until the transaction ends, on the connection that took it and on no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, create_engine, inspect

from snippets.mariadb.stale_snapshot import read_and_end, read_and_stay, visit, visits


def test_a_kept_connection_reads_the_past(mariadb_database: str) -> None:
    with visits(mariadb_database) as engine, engine.connect() as kept:
        assert read_and_stay(kept) == 0
        for number in (1, 2):
            visit(engine)
            assert read_and_stay(kept) == 0
            assert read_and_end(engine) == number
        kept.rollback()


@pytest.mark.parametrize("end", [Connection.rollback, Connection.commit])
def test_the_end_of_the_transaction_ends_it(end: Callable[[Connection], None], mariadb_database: str) -> None:
    with visits(mariadb_database) as engine, engine.connect() as kept:
        assert read_and_stay(kept) == 0
        visit(engine)
        end(kept)
        assert read_and_stay(kept) == 1
        kept.rollback()


def test_the_snapshot_is_of_the_first_read_not_of_the_connect(mariadb_database: str) -> None:
    with visits(mariadb_database) as engine, engine.connect() as kept:
        visit(engine)
        assert read_and_stay(kept) == 1
        kept.rollback()


def test_returned_to_the_pool_the_same_connection_reads_the_present(mariadb_database: str) -> None:
    with visits(mariadb_database) as engine:
        one_connection = create_engine(mariadb_database, pool_size=1, max_overflow=0)
        for number in (1, 2):
            visit(engine)
            assert read_and_end(one_connection) == number
        assert one_connection.pool.status().startswith("Pool size: 1  Connections in pool: 1")
        one_connection.dispose()


def test_at_read_committed_there_is_no_snapshot(mariadb_database: str) -> None:
    with visits(mariadb_database) as engine, engine.connect() as kept:
        kept.execution_options(isolation_level="READ COMMITTED")
        assert read_and_stay(kept) == 0
        visit(engine)
        assert read_and_stay(kept) == 1


def test_the_table_is_removed(mariadb_database: str) -> None:
    with visits(mariadb_database) as engine:
        assert inspect(engine).has_table("demo_visit")
    assert not inspect(engine).has_table("demo_visit")
    engine.dispose()
