"""The three ways of the hub on one workload: how long the same requests take, as multiples of the pool's time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from measurements.program import Program, Round
from measurements.servers import postgresql
from snippets.pooling.three_ways_measured import compare
from tests.servers.postgres import fresh_database

NAMES = {"pooled": "pooled", "per request": "per_request", "one global": "one_global"}


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start a PostgreSQL."""
    versions |= {name: version(name) for name in ("sqlalchemy", "psycopg")}
    with postgresql(versions) as server, fresh_database(server) as url:
        yield lambda: {NAMES[name]: {"time": ratio} for name, ratio in compare(url).items()}


PROGRAM = Program(
    name="three_ways",
    title="Eight threads, statements of some milliseconds",
    header="way",
    rows={"pooled": "a pool", "per_request": "a connection per request", "one_global": "one global connection"},
    columns={"time": "times as long as with a pool"},
    spread=0.25,
    rounds=11,
    prepared=prepared,
)
