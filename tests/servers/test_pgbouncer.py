"""PgBouncer in front of the tests' PostgreSQL: what its two modes share out."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.servers.pgbouncer import Mode, PgBouncer


@pytest.mark.parametrize(("mode", "processes"), [("session", 2), ("transaction", 1)])
def test_clients_that_rest_between_transactions(
    mode: Mode, processes: int, pgbouncer: Callable[[Mode, int], PgBouncer], postgres_database: str
) -> None:
    url = pgbouncer(mode, 2).url(postgres_database).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(url, autocommit=True) as other:
        answers = [client.execute("SELECT pg_backend_pid()").fetchone() for client in (one, other, one, other)]
    # In session mode a client keeps a server process; in transaction mode it has one while it needs it.
    assert len(set(answers)) == processes


def test_there_is_one_for_each_mode_and_size(pgbouncer: Callable[[Mode, int], PgBouncer]) -> None:
    assert pgbouncer("session", 2) is pgbouncer("session", 2)
    assert pgbouncer("session", 2).port != pgbouncer("transaction", 2).port
