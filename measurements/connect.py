"""What a request takes that connects for itself, as a multiple of the same request through a pool."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from snippets.postgresql.connect_steps import ways_in
from tests.servers import mariadb, postgres

from .program import Program, Round
from .servers import maria, postgresql

REQUESTS = 40
ROWS = {
    "sqlite": "SQLite, a file",
    "mariadb_plain": "MariaDB, PyMySQL, no TLS",
    "mariadb_shared": "MariaDB, PyMySQL, shared TLS",
    "mariadb_default": "MariaDB, PyMySQL, as it comes",
    "postgres_trust": "PostgreSQL, no password",
    "postgres_scram": "PostgreSQL, SCRAM",
    "postgres_tls": "PostgreSQL, SCRAM and TLS",
}


def seconds(engine: Engine) -> float:
    """Return how long one request takes: a connection, a statement, and the connection given back."""
    started = perf_counter()
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return perf_counter() - started


def ratio(pooled: Engine, unpooled: Engine) -> float:
    """Return how many times as long a request takes that connects for itself."""
    times: dict[Engine, list[float]] = {pooled: [], unpooled: []}
    for _ in range(REQUESTS):
        for engine, found in times.items():
            found.append(seconds(engine))
    return median(times[unpooled]) / median(times[pooled])


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start the servers and make two engines for each way."""
    with ExitStack() as stack:
        postgresql_server = stack.enter_context(postgresql(versions, tls=True))
        mariadb_server = stack.enter_context(maria(versions))
        postgresql_url = stack.enter_context(postgres.fresh_database(postgresql_server))
        mariadb_url = stack.enter_context(mariadb.fresh_database(mariadb_server))
        folder = Path(stack.enter_context(TemporaryDirectory()))
        versions |= {name: version(name) for name in ("sqlalchemy", "psycopg", "pymysql")}
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # The server's certificate is its own.
        trust, scram, tls = (
            make_url(way).set(drivername="postgresql+psycopg") for way in ways_in(postgresql_url).values()
        )
        ways: dict[str, tuple[Any, dict[str, object]]] = {
            "sqlite": (f"sqlite:///{folder / 'measured.db'}", {}),
            "mariadb_plain": (mariadb_url, {"ssl_disabled": True}),
            "mariadb_shared": (mariadb_url, {"ssl": context}),
            "mariadb_default": (mariadb_url, {}),
            "postgres_trust": (trust, {}),
            "postgres_scram": (scram, {}),
            "postgres_tls": (tls, {}),
        }
        pairs = {
            row: (
                create_engine(url, connect_args=options),
                create_engine(url, connect_args=options, poolclass=NullPool),
            )
            for row, (url, options) in ways.items()
        }
        for pooled, _ in pairs.values():
            stack.callback(pooled.dispose)
        yield lambda: {row: {"request": ratio(*pair)} for row, pair in pairs.items()}


PROGRAM = Program(
    name="connect",
    title="A request that connects for itself",
    header="way of connecting",
    rows=ROWS,
    columns={"request": "times as long as the same request through a pool"},
    spread=0.3,
    rounds=15,
    prepared=prepared,
)
