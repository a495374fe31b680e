"""The steps of a connect: each way in takes the steps that it says, and each step costs something."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url

from snippets.postgresql.connect_steps import compare, seconds_to_connect, ways_in


def test_each_way_takes_one_step_more(tls_postgres_database: str) -> None:
    steps = {}
    for name, url in ways_in(tls_postgres_database).items():
        with psycopg.connect(url) as connection:
            steps[name] = connection.pgconn.used_password, connection.pgconn.ssl_in_use
    assert steps == {
        "no password, no TLS": (False, False),
        "SCRAM, no TLS": (True, False),
        "SCRAM and TLS": (True, True),
    }


def test_psycopg_takes_tls_by_itself_where_the_server_offers_it(
    tls_postgres_database: str, postgres_database: str
) -> None:
    taken = []
    for url in (tls_postgres_database, postgres_database):
        told_nothing = make_url(url).set(drivername="postgresql", query={})
        with psycopg.connect(told_nothing.render_as_string(hide_password=False)) as connection:
            taken.append(connection.pgconn.ssl_in_use)
    assert taken == [True, False]


def test_all_ways_lead_to_the_same_database(tls_postgres_database: str) -> None:
    databases = set()
    for url in ways_in(tls_postgres_database).values():
        with psycopg.connect(url) as connection:
            databases.add(connection.info.dbname)
    assert databases == {tls_postgres_database.rpartition("/")[2]}


def test_each_step_costs_something(tls_postgres_database: str) -> None:
    def holds() -> bool:
        times = compare(tls_postgres_database)
        assert list(times) == list(ways_in(tls_postgres_database))
        assert times["no password, no TLS"] == 1.0
        return 1.5 < times["SCRAM, no TLS"] < times["SCRAM and TLS"]

    # What other work on the machine can hide shows in one of three tries.
    assert any(holds() for _ in range(3))


def test_the_connection_is_closed(tls_postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    connect = psycopg.connect

    def connecting(url: str) -> psycopg.Connection:
        opened.append(connect(url))
        return opened[-1]

    monkeypatch.setattr(psycopg, "connect", connecting)
    assert seconds_to_connect(ways_in(tls_postgres_database)["SCRAM, no TLS"]) > 0
    assert [connection.closed for connection in opened] == [True]
