"""What a request takes that connects for itself, or that shares the one connection there is, beside one with a pool."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Lock
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, TextClause, create_engine, event, make_url, text

from measurements.program import Program, Round
from measurements.servers import maria, postgresql
from snippets.postgresql.connect_steps import ways_in
from tests.servers import mariadb, mysqlclient, postgres

THREADS = 8
TURNS = 5
LASTS = 0.12  # seconds; a turn of each rival lasts as long, so that a busy machine slows all alike
BY_KEY = text("SELECT body FROM page WHERE id = 7")
ROWS = {
    "sqlite": "SQLite, a file",
    "mysqlclient": "MariaDB, mysqlclient, no TLS",
    "mariadb_plain": "MariaDB, PyMySQL, no TLS",
    "mariadb_shared": "MariaDB, PyMySQL, shared TLS context",
    "mariadb_default": "MariaDB, PyMySQL, as it comes",
    "postgres_trust": "PostgreSQL, psycopg, no password",
    "postgres_scram": "PostgreSQL, psycopg, SCRAM",
    "postgres_tls": "PostgreSQL, psycopg, SCRAM and TLS",
}
Request = Callable[[TextClause], None]


@dataclass(frozen=True)
class Way:
    """One way into one database: an engine with a pool, one without, the one global connection, and how to wait."""

    pooled: Engine
    unpooled: Engine
    kept: Connection
    wait: TextClause

    def requests(self) -> dict[str, Request]:
        """Return the three rivals. Each sends the same: the statement and the rollback after it."""
        lock = Lock()

        def shared(statement: TextClause) -> None:
            with lock:
                self.kept.execute(statement).all()
                self.kept.rollback()

        return {"pool": alone(self.pooled), "per_request": alone(self.unpooled), "global": shared}


def alone(engine: Engine) -> Request:
    """Return a request that has its connection alone: a new one, or one from the pool."""

    def request(statement: TextClause) -> None:
        with engine.connect() as connection:
            connection.execute(statement).all()

    return request


def seconds(request: Request, statement: TextClause, threads: int, lasts: float = LASTS) -> float:
    """Let threads serve requests for some time; return how long it took, for each request."""
    request(statement)  # The server may still clear up after the turn of another rival.
    started = perf_counter()

    def serve() -> int:
        served = 0
        while not served or perf_counter() - started < lasts:
            request(statement)
            served += 1
        return served

    with ThreadPoolExecutor(threads) as executor:
        requests = sum(served.result() for served in [executor.submit(serve) for _ in range(threads)])
        return (perf_counter() - started) / requests


def ratios(way: Way) -> dict[str, float]:
    """Return what the rivals take, as multiples of what the pool takes."""
    alone = compared(way, BY_KEY, ("pool", "per_request"), threads=1)
    short = compared(way, BY_KEY, ("pool", "per_request", "global"), THREADS)
    long = compared(way, way.wait, ("pool", "per_request", "global"), THREADS)
    return {
        "request": alone["per_request"],
        "short_per_request": short["per_request"],
        "short_global": short["global"],
        "long_per_request": long["per_request"],
        "long_global": long["global"],
    }


def compared(way: Way, statement: TextClause, names: tuple[str, ...], threads: int) -> dict[str, float]:
    """Return what these rivals take for a request, in turns."""
    rivals = way.requests()
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(TURNS):
        for name, found in times.items():
            found.append(seconds(rivals[name], statement, threads))
    return {name: median(found) / median(times["pool"]) for name, found in times.items()}


def can_wait(engine: Engine) -> None:
    """Teach SQLite to wait, as the other two can."""
    event.listen(engine, "connect", lambda raw, _: raw.create_function("wait", 1, time.sleep))


@contextmanager
def entered(url: Any, options: dict[str, object], wait: str) -> Iterator[Way]:
    """Make the engines, the one global connection, and a full pool."""
    settings: dict[str, Any] = {"connect_args": options}
    pooled = create_engine(url, pool_size=THREADS, max_overflow=0, **settings)
    unpooled = create_engine(url, poolclass=NullPool, **settings)
    kept = create_engine(url, pool_size=1, max_overflow=0, **settings)
    for engine in (pooled, unpooled, kept):
        if engine.dialect.name == "sqlite":
            can_wait(engine)
    with kept.connect() as connection:
        way = Way(pooled, unpooled, connection, text(f"SELECT {wait}(0.01)"))
        for borrowed in [pooled.connect() for _ in range(THREADS)]:  # A service connects once, then runs.
            borrowed.close()
        unpooled.connect().close()
        yield way
    kept.dispose()
    pooled.dispose()


def fill(url: Any) -> None:
    """Make the table that the short statement reads."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE page (id integer PRIMARY KEY, body varchar(20))"))
        connection.execute(text("INSERT INTO page VALUES (:id, 'text')"), [{"id": number} for number in range(100)])
        if engine.dialect.name == "postgresql":
            connection.execute(text("GRANT SELECT ON page TO PUBLIC"))


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start the servers, and enter each in its ways."""
    with ExitStack() as stack:
        postgresql_server = stack.enter_context(postgresql(versions, tls=True))
        mariadb_server = stack.enter_context(maria(versions))
        postgresql_url = stack.enter_context(postgres.fresh_database(postgresql_server))
        mariadb_url = stack.enter_context(mariadb.fresh_database(mariadb_server))
        sqlite_url = f"sqlite:///{Path(stack.enter_context(TemporaryDirectory())) / 'measured.db'}"
        versions |= {name: version(name) for name in ("sqlalchemy", "psycopg", "pymysql")}
        for url in (postgresql_url, mariadb_url, sqlite_url):
            fill(url)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # The server's certificate is its own.
        trust, scram, tls = (
            make_url(way).set(drivername="postgresql+psycopg") for way in ways_in(postgresql_url).values()
        )
        ways: dict[str, tuple[Any, dict[str, object], str]] = {
            "sqlite": (sqlite_url, {}, "wait"),
            "mariadb_plain": (mariadb_url, {"ssl_disabled": True}, "SLEEP"),
            "mariadb_shared": (mariadb_url, {"ssl": context}, "SLEEP"),
            "mariadb_default": (mariadb_url, {}, "SLEEP"),
            "postgres_trust": (trust, {}, "pg_sleep"),
            "postgres_scram": (scram, {}, "pg_sleep"),
            "postgres_tls": (tls, {}, "pg_sleep"),
        }
        if mysqlclient.is_installed():
            versions["mysqlclient"] = version("mysqlclient")
            ways["mysqlclient"] = (mysqlclient.url(mariadb_url), {}, "SLEEP")
        entries = {row: stack.enter_context(entered(*way)) for row, way in ways.items()}
        yield lambda: {row: ratios(way) for row, way in entries.items()}


PROGRAM = Program(
    name="connect",
    title="How many times as long requests take as with a pool",
    header="way of connecting",
    rows=ROWS,
    columns={
        "request": "each connects, one at a time",
        "short_per_request": "each connects, short",
        "short_global": "one for all, short",
        "long_per_request": "each connects, 10 ms",
        "long_global": "one for all, 10 ms",
    },
    spread=0.6,
    rounds=7,
    prepared=prepared,
    optional=("mysqlclient",),
)
