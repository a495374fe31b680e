"""What it costs to borrow a connection and to give it back, by pool; and the cheapest connect, to compare it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.metadata import version
from queue import Queue
from time import perf_counter

import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy import create_engine, make_url

from measurements.program import Program, Round
from measurements.servers import postgresql
from snippets.pooling.build_a_pool import Pool
from snippets.postgresql.connect_steps import ways_in
from tests.servers.postgres import fresh_database

# Many short turns: some fall into a quiet moment.
TURNS = 120
LOANS = 10
CONNECTS = 1
ROWS = {
    "queue": "a queue.Queue by hand, no reset",
    "built": "the pool of “Build a pool”",
    "raw": "QueuePool: raw_connection()",
    "engine": "QueuePool: engine.connect()",
    "engine_ping": "QueuePool: connect(), pre-ping",
    "psycopg_pool": "psycopg_pool: connection()",
    "psycopg_pool_check": "psycopg_pool: connection(), check",
    "connect": "the cheapest connect, no pool",
}


@contextmanager
def ways(url: str) -> Iterator[dict[str, Callable[[], object]]]:
    """Give a function for each pool that borrows a connection and gives it back; each has connected once."""
    with ExitStack() as stack:
        connection = stack.enter_context(psycopg.connect(url))
        queue = Queue[psycopg.Connection]()
        queue.put(connection)
        built = stack.enter_context(closing(Pool(lambda: psycopg.connect(url), size=1)))
        address = make_url(url).set(drivername="postgresql+psycopg")
        engine, pinging = (
            create_engine(address, pool_size=1, max_overflow=0, pool_pre_ping=ping) for ping in (False, True)
        )
        stack.callback(engine.dispose)
        stack.callback(pinging.dispose)
        plain = stack.enter_context(ConnectionPool(url, min_size=1, open=True))
        checked = stack.enter_context(ConnectionPool(url, min_size=1, open=True, check=ConnectionPool.check_connection))

        def with_block(borrow: Callable[[], object]) -> Callable[[], object]:
            def loan() -> None:
                with borrow():  # type: ignore[attr-defined]
                    pass

            return loan

        yield {
            "queue": lambda: queue.put(queue.get()),
            "built": with_block(built.connection),
            "raw": lambda: engine.raw_connection().close(),
            "engine": with_block(engine.connect),
            "engine_ping": with_block(pinging.connect),
            "psycopg_pool": with_block(plain.connection),
            "psycopg_pool_check": with_block(checked.connection),
            "connect": lambda: psycopg.connect(url).close(),
        }


def seconds(loan: Callable[[], object], loans: int) -> float:
    """Return how long one loan takes, or one connect."""
    loan()  # The server may still clear up after a connect of the turn before.
    started = perf_counter()
    for _ in range(loans):
        loan()
    return (perf_counter() - started) / loans


def ratios(loans: dict[str, Callable[[], object]]) -> Round:
    """Return what each takes, as a multiple of the rawest loan of a QueuePool: each in the best of its turns."""
    times: dict[str, list[float]] = {name: [] for name in loans}
    for _ in range(TURNS):
        for name, found in times.items():
            found.append(seconds(loans[name], CONNECTS if name == "connect" else LOANS))
    return {name: {"time": min(found) / min(times["raw"])} for name, found in times.items()}


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start a PostgreSQL, and come in without a password and without TLS: no connect is cheaper."""
    versions |= {name: version(name) for name in ("sqlalchemy", "psycopg", "psycopg-pool")}
    with postgresql(versions, tls=True) as server, fresh_database(server) as url:
        cheapest = next(iter(ways_in(url).values()))
        with ways(cheapest) as loans:
            yield lambda: ratios(loans)


PROGRAM = Program(
    name="checkout",
    title="A connection borrowed and given back, without a statement",
    header="pool",
    rows=ROWS,
    columns={"time": "times as long as with QueuePool, raw"},
    spread=0.6,
    rounds=15,
    prepared=prepared,
)
