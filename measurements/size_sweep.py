"""The size of a fair pool, swept: what each size gains, and what a statement then takes in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from measurements.program import Program, Round
from measurements.servers import postgresql
from snippets.sizing.size_sweep import sweep
from tests.servers.postgres import fresh_database

SIZES = (1, 2, 4, 8, 16, 32)
KEYS = {"waiting": "waiting", "mixed": "mixed", "hot row": "hot_row"}


def ratios(url: str) -> Round:
    """Return one sweep, relative to its smallest pool."""
    found: Round = {str(size): {} for size in SIZES}
    for name, points in sweep(url, SIZES, threads=32, lasts=0.4).items():
        for point in points:
            found[str(point.size)][KEYS[name]] = point.throughput / points[0].throughput
            found[str(point.size)][f"{KEYS[name]}_p99"] = point.p99 / points[0].p99
    return found


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start a PostgreSQL."""
    versions |= {name: version(name) for name in ("psycopg", "psycopg-pool")}
    with postgresql(versions) as server, fresh_database(server) as url:
        yield lambda: ratios(url)


PROGRAM = Program(
    name="size_sweep",
    title="32 threads in front of a fair pool",
    header="pool size",
    rows={str(size): str(size) for size in SIZES},
    columns={
        "waiting": "it waits",
        "mixed": "it waits and computes",
        "hot_row": "it locks one row",
        "waiting_p99": "it waits: p99",
        "mixed_p99": "waits, computes: p99",
        "hot_row_p99": "locks one row: p99",
    },
    spread=0.5,
    rounds=7,
    prepared=prepared,
)
