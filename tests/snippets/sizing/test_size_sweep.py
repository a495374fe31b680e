"""The sweep: orders and ratios with margin, on a pool that serves threads in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool
from sqlalchemy import create_engine

from snippets.engine.failed_connect_waiter import stands_in_line
from snippets.sizing import size_sweep
from snippets.sizing.size_sweep import STATEMENTS, Point, measure, middle, sweep
from tests.servers.waiting import DEADLINE_SECONDS, eventually


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def in_three_tries(holds: Callable[[], bool]) -> bool:
    """Tell whether something that other work on the machine can hide shows in one of three tries."""
    return any(holds() for _ in range(3))


def test_who_gains_and_who_only_waits_elsewhere(postgres_database: str) -> None:
    def holds() -> bool:
        found = sweep(postgres_database, sizes=(1, 4, 16), threads=16, lasts=0.3)
        assert {name: [one.size for one in found[name]] for name in found} == {
            "waiting": [1, 4, 16],
            "mixed": [1, 4, 16],
            "hot row": [1, 4, 16],
        }
        gain = {name: points[2].throughput / points[0].throughput for name, points in found.items()}
        longer = {name: points[2].p99 / points[0].p99 for name, points in found.items()}
        first, second, third = (one.throughput for one in found["waiting"])
        return (
            first < second < third
            and gain["waiting"] > 3
            and gain["waiting"] > 1.5 * gain["hot row"]
            and longer["hot row"] > 2
            and longer["hot row"] > longer["waiting"]
        )

    assert in_three_tries(holds)


def test_it_leaves_nothing_behind(postgres_database: str) -> None:
    sweep(postgres_database, sizes=(1, 2), threads=2, lasts=0.01)
    with psycopg.connect(plain(postgres_database), autocommit=True) as connection:

        def one(query: str) -> object:
            row = connection.execute(query).fetchone()
            assert row
            return row[0]

        assert one("SELECT to_regclass('demo_counter')") is None
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert eventually(lambda: one(others) == 0)


class CountingPool:
    """Takes the place of a pool, and of its connections."""

    min_size = 7

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.out = self.most_out = 0

    @contextmanager
    def connection(self) -> Iterator[CountingPool]:
        yield self

    def execute(self, statement: str) -> None:
        self.sent.append((get_ident(), statement))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes one second ahead each time it is read; it does not begin at nought."""
    ticks = iter(range(1000, 100_000))
    monkeypatch.setattr(size_sweep, "perf_counter", lambda: float(next(ticks)))


@pytest.mark.usefixtures("clock")
def test_what_it_measures() -> None:
    pool = CountingPool()
    found = measure(pool, "SELECT 1", threads=1, lasts=9.0)  # type: ignore[arg-type]
    # Read at the start, three times for each statement, and at the end.
    assert [statement for _, statement in pool.sent] == ["SELECT 1"] * 4
    assert found == Point(7, throughput=4 / 13, p99=1.0)


def test_of_a_few_statements_the_slowest_is_the_p99(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    monkeypatch.setattr(size_sweep, "perf_counter", lambda: float(next(ticks) ** 2))
    pool = CountingPool()
    # They last 3, 9, 15 and 21 seconds: from 1 to 4, 16 to 25, 49 to 64 and 100 to 121.
    assert measure(pool, "SELECT 1", threads=1, lasts=100.0).p99 == 21.0  # type: ignore[arg-type]


def test_pools_are_full_before_it_begins_and_each_statement_is_a_transaction(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[int, bool]] = []

    def look(pool: ConnectionPool[Any], *_: object) -> Point:
        opened = pool.get_stats()["pool_size"]
        with pool.connection() as connection:
            found.append((opened, connection.autocommit))
        return Point(pool.min_size, 1.0, 1.0)

    monkeypatch.setattr(size_sweep, "measure", look)
    sweep(postgres_database, sizes=(1, 5), threads=1, lasts=0.0)
    assert found == [(1, True), (5, True)] * 9


@pytest.mark.usefixtures("clock")
def test_each_thread_sends_one_however_short_the_time() -> None:
    pool = CountingPool()
    measure(pool, "SELECT 1", threads=3, lasts=0.0)  # type: ignore[arg-type]
    assert len(pool.sent) == 3


def test_every_thread_sends_statements() -> None:
    pool = CountingPool()
    both = Event()

    def execute(statement: str) -> None:
        CountingPool.execute(pool, statement)
        if len({thread for thread, _ in pool.sent}) == 2:
            both.set()
        both.wait(DEADLINE_SECONDS)

    pool.execute = execute  # type: ignore[method-assign]
    measure(pool, "SELECT 1", threads=2, lasts=0.05)  # type: ignore[arg-type]
    assert len({thread for thread, _ in pool.sent}) == 2


def test_the_middle_of_three_rounds() -> None:
    assert middle([Point(4, 9.0, 0.1), Point(4, 1.0, 0.3), Point(4, 5.0, 0.2)]) == Point(4, 5.0, 0.2)


def overtaken(checkout: Callable[[], AbstractContextManager[object]]) -> bool:
    """Tell whether a thread that gives back gets a connection again before one that waits for it."""
    served: list[str] = []

    def wait() -> None:
        with checkout():
            served.append("waiting")

    waiting = Thread(target=wait)
    with checkout():
        waiting.start()
        assert eventually(lambda: stands_in_line(waiting))
    with checkout():
        served.append("again")
    waiting.join(DEADLINE_SECONDS)
    return served[0] == "again"


def test_sqlalchemys_pool_lets_the_thread_that_gives_back_overtake(postgres_database: str) -> None:
    engine = create_engine(postgres_database, pool_size=1, max_overflow=0)
    assert any(overtaken(engine.connect) for _ in range(50))
    engine.dispose()


def test_psycopgs_pool_does_not(postgres_database: str) -> None:
    with ConnectionPool[Any](plain(postgres_database), min_size=1, open=True) as pool:
        assert not any(overtaken(pool.connection) for _ in range(50))


FOUND = {
    "waiting": [Point(1, 10.0, 1.0), Point(16, 155.0, 1.0)],
    "mixed": [Point(1, 10.0, 0.5), Point(16, 60.0, 1.0)],
    "hot row": [Point(1, 100.0, 1.0), Point(16, 110.0, 12.0)],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """The sweeps that the demo asks for; what it is told is FOUND."""
    sweeps: list[dict[str, object]] = []

    def pretend(url: str, **options: object) -> dict[str, list[Point]]:
        sweeps.append({"url": url, **options})
        return FOUND

    monkeypatch.setattr(size_sweep, "sweep", pretend)
    monkeypatch.setenv("DATABASE_URL", "postgresql://here")
    return sweeps


def test_what_it_prints(
    asked: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["size_sweep.py"])
    size_sweep.demo()
    assert asked == [{"url": "postgresql://here", "sizes": (1, 16), "threads": 16, "lasts": 0.3}]
    assert capsys.readouterr().out == (
        "waiting: 15.5 times the throughput, 1.0 times the p99\n"
        "mixed: 6.0 times the throughput, 2.0 times the p99\n"
        "hot row: 1.1 times the throughput, 12.0 times the p99\n"
        "waiting gains more than the hot row: True\n"
    )


def test_it_says_so_if_the_hot_row_gains_as_much(
    asked: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["size_sweep.py"])
    monkeypatch.setitem(FOUND, "waiting", FOUND["hot row"])
    size_sweep.demo()
    assert capsys.readouterr().out.endswith("waiting gains more than the hot row: False\n")


def test_what_it_writes(
    asked: list[dict[str, object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "sweep.json"
    monkeypatch.setattr("sys.argv", ["size_sweep.py", str(file)])
    size_sweep.demo()
    assert asked == [{"url": "postgresql://here", "sizes": (1, 2, 4, 8, 16, 32), "threads": 32, "lasts": 1.0}]
    assert capsys.readouterr().out == ""
    assert json.loads(file.read_text()) == {name: [vars(one) for one in FOUND[name]] for name in STATEMENTS}
