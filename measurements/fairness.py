"""Eight threads in front of two connections: what the least and the most served get, pool by pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from queue import Queue
from statistics import mean
from time import perf_counter
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy import create_engine, text

from measurements.program import Program, Round
from measurements.servers import postgresql
from snippets.engine.fair_engine import fair_engine, fair_pool
from snippets.engine.fairness_race import compute, race, wait
from snippets.pooling.build_a_pool import Pool
from tests.servers.postgres import fresh_database

SIZE = 2
REQUESTS = 400
STATEMENT = "SELECT pg_sleep(0.005)"
ROWS = {
    "queuepool": "QueuePool",
    "computing": "QueuePool, computing",
    "waiting": "QueuePool, waiting",
    "queue": "connections in a queue.Queue",
    "from_nothing": "the pool from nothing",
    "psycopg_pool": "psycopg's pool",
    "fair_engine": "SQLAlchemy on psycopg's pool",
}

Checkout = Callable[[], AbstractContextManager[Any]]


@contextmanager
def from_queue(queue: Queue[psycopg.Connection]) -> Iterator[psycopg.Connection]:
    """Lend a connection as the pools do that one finds in answers on the web."""
    connection = queue.get()
    try:
        yield connection
    finally:
        queue.put(connection)


@contextmanager
def used(checkout: Checkout, statement: object) -> Iterator[None]:
    """Borrow a connection and run a statement."""
    with checkout() as connection:
        connection.execute(statement)
        yield


def one_round(rivals: dict[str, Callable[[], list[int]]]) -> Round:
    """Race each of them twice, there and back, so that a machine that slows down meanwhile slows all alike."""
    served: dict[str, list[list[int]]] = {name: [] for name in rivals}
    took = dict.fromkeys(rivals, 0.0)
    for name in (*rivals, *reversed(rivals)):
        started = perf_counter()
        served[name].append(rivals[name]())
        took[name] += perf_counter() - started
    return {
        name: {
            "least": mean(one[0] / mean(one) for one in served[name]),
            "most": mean(one[-1] / mean(one) for one in served[name]),
            "throughput": took["queuepool"] / took[name],  # For each served as many.
        }
        for name in rivals
    }


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start a PostgreSQL, and make the pools."""
    versions |= {name: version(name) for name in ("sqlalchemy", "psycopg", "psycopg-pool")}
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(stack.enter_context(postgresql(versions))))
        plain = url.replace("+psycopg", "")
        engine = create_engine(url, pool_size=SIZE, max_overflow=0)
        stack.callback(engine.dispose)
        queue = Queue[psycopg.Connection]()
        for _ in range(SIZE):
            queue.put(stack.enter_context(psycopg.connect(plain, autocommit=True)))
        from_nothing = Pool(partial(psycopg.connect, plain), size=SIZE)
        stack.callback(from_nothing.close)
        psycopgs = stack.enter_context(ConnectionPool(plain, min_size=SIZE, open=True))
        fair = fair_engine(stack.enter_context(fair_pool(url, SIZE)))

        ours, theirs = partial(used, engine.connect, text(STATEMENT)), partial(used, statement=STATEMENT)
        racing = partial(race, requests=REQUESTS)
        yield lambda: one_round(
            {
                "queuepool": lambda: racing(ours),
                "computing": lambda: racing(ours, between=compute),
                "waiting": lambda: racing(ours, between=wait),
                "queue": lambda: racing(partial(theirs, partial(from_queue, queue))),
                "from_nothing": lambda: racing(partial(theirs, from_nothing.connection)),
                "psycopg_pool": lambda: racing(partial(theirs, psycopgs.connection)),
                "fair_engine": lambda: racing(partial(used, fair.connect, text(STATEMENT))),
            }
        )


PROGRAM = Program(
    name="fairness",
    title="Eight threads, two connections",
    header="pool",
    rows=ROWS,
    columns={
        "least": "the least served thread, as a multiple of the mean",
        "most": "the most served thread, as a multiple of the mean",
        "throughput": "throughput, as a multiple of QueuePool's",
    },
    spread=0.3,
    rounds=7,
    prepared=prepared,
)
