"""A crowd in front of a pool of five, and a call to somebody else: with the connection in hand, or after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from statistics import quantiles
from time import perf_counter, sleep

from sqlalchemy import Engine, create_engine, text

from measurements.program import Program, Round
from measurements.servers import postgresql
from tests.servers.postgres import fresh_database

THREADS = 20
POOL = 5
REQUESTS = 100
TURNS = 2
CALLS = (10, 20, 40, 80, 160)
STATEMENT = text("SELECT pg_sleep(0.01)")


@dataclass(frozen=True)
class Crowd:
    """What came of a crowd: requests a second, and the time of the slowest hundredth of them."""

    throughput: float
    p99: float


def held(engine: Engine, call: float) -> None:
    """Serve a request that calls somebody else while it has a connection."""
    with engine.connect() as connection:
        connection.execute(STATEMENT)
        sleep(call)


def given_back(engine: Engine, call: float) -> None:
    """Serve a request that gives its connection back first."""
    with engine.connect() as connection:
        connection.execute(STATEMENT)
    sleep(call)


def crowd(engine: Engine, request: Callable[[Engine, float], None], call: float) -> Crowd:
    """Let the threads serve requests, each the next one that there is."""

    def timed(_: int) -> float:
        began = perf_counter()
        request(engine, call)
        return perf_counter() - began

    with ThreadPoolExecutor(THREADS) as threads:
        started = perf_counter()
        times = list(threads.map(timed, range(REQUESTS)))
        lasted = perf_counter() - started
    return Crowd(REQUESTS / lasted, quantiles(times, n=100)[98])


def ratios(five: Engine, twenty: Engine) -> Round:
    """Return, for each length of the call, what giving back first gains, and what a larger pool would."""
    ways = {"held": (five, held), "given_back": (five, given_back), "larger": (twenty, held)}
    found: Round = {}
    for call in CALLS:
        crowds: dict[str, list[Crowd]] = {name: [] for name in ways}
        for _ in range(TURNS):
            for name, (engine, request) in ways.items():
                crowds[name].append(crowd(engine, request, call / 1000))
        most = {name: max(one.throughput for one in some) for name, some in crowds.items()}
        p99 = {name: min(one.p99 for one in some) for name, some in crowds.items()}
        found[str(call)] = {
            "given_back": most["given_back"] / most["held"],
            "larger": most["larger"] / most["held"],
            "p99": p99["held"] / p99["given_back"],
        }
    return found


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start a PostgreSQL, and fill both pools."""
    versions |= {name: version(name) for name in ("sqlalchemy", "psycopg")}
    with postgresql(versions) as server, fresh_database(server) as url:
        five, twenty = (create_engine(url, pool_size=size, max_overflow=0) for size in (POOL, THREADS))
        for engine in (five, twenty):
            crowd(engine, held, 0.0)
        yield lambda: ratios(five, twenty)
        five.dispose()
        twenty.dispose()


PROGRAM = Program(
    name="hold_time",
    title="20 threads, a pool of five, a statement of 10 ms, and a call to somebody else",
    header="length of the call in ms",
    rows={str(call): str(call) for call in CALLS},
    columns={
        "given_back": "given back first",
        "larger": "a pool of twenty",
        "p99": "held: p99",
    },
    spread=0.4,
    rounds=7,
    prepared=prepared,
)
