"""Who gets the next connection: shares with wide margins, in one of three tries, for the machine may be busy."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Barrier, Lock, Thread, get_ident
from typing import Any

import pytest
from psycopg_pool import ConnectionPool
from sqlalchemy import Engine, QueuePool, create_engine, event, text
from sqlalchemy.orm import Session

from snippets.engine import fairness_race
from snippets.engine.failed_connect_waiter import stands_in_line
from snippets.engine.fairness_race import compute, race, wait
from snippets.pooling.build_a_pool import Pool
from tests.servers.waiting import DEADLINE_SECONDS, eventually

Checkout = Callable[[], AbstractContextManager[object]]


def shares(checkout: Checkout, **options: Any) -> Iterator[float]:
    """Race three times; yield what the least served thread got, as a share of what the most served got."""
    for _ in range(3):
        served = race(checkout, **{"requests": 200, **options})
        yield served[0] / served[-1]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine with a QueuePool of two."""
    engine = create_engine(database_url, poolclass=QueuePool, pool_size=2, max_overflow=0)
    yield engine
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    engine.dispose()


def test_queuepool_starves_threads_that_wait(engine: Engine) -> None:
    assert any(share < 0.1 for share in shares(engine.connect))


def test_computing_in_between_does_not_help(engine: Engine) -> None:
    assert any(share < 0.3 for share in shares(engine.connect, between=compute))


def test_waiting_in_between_does(engine: Engine) -> None:
    assert any(share > 0.6 for share in shares(engine.connect, between=wait))


def test_with_a_connection_for_each_thread_nobody_can_be_overtaken(engine: Engine) -> None:
    assert any(share > 0.7 for share in shares(engine.connect, threads=2))


def test_which_connection_is_lent_first_changes_nothing(database_url: str) -> None:
    engine = create_engine(database_url, poolclass=QueuePool, pool_size=2, max_overflow=0, pool_use_lifo=True)
    assert any(share < 0.1 for share in shares(engine.connect))
    engine.dispose()


def test_psycopgs_pool_serves_all_alike(postgres_database: str) -> None:
    with ConnectionPool(postgres_database.replace("+psycopg", ""), min_size=2, open=True) as pool:
        assert any(share > 0.7 for share in shares(pool.connection))


def test_so_does_the_pool_from_nothing(engine: Engine) -> None:
    pool = Pool(engine.raw_connection, size=2)
    assert any(share > 0.7 for share in shares(pool.connection))
    pool.close()


def test_a_session_gives_back_at_each_commit_and_asks_again(engine: Engine) -> None:
    checkouts: list[object] = []
    event.listen(engine, "checkout", lambda connection, *_: checkouts.append(connection))
    with Session(engine) as session:
        for number in range(1, 4):
            session.execute(text("SELECT 1"))
            session.execute(text("SELECT 1"))
            assert len(checkouts) == number
            session.commit()


def order_after_overtaking(engine: Engine) -> list[str]:
    """Overtake the first of two that wait, if it can be done; return in which order the two are served."""
    served: list[str] = []

    def request(name: str) -> None:
        with engine.connect():
            served.append(name)

    first, second = (Thread(target=request, args=[name]) for name in ("first", "second"))
    with engine.connect():
        for thread in (first, second):
            thread.start()
            assert eventually(lambda thread=thread: stands_in_line(thread))  # type: ignore[misc]
        stood = sys._current_frames()[first.ident or 0]
    with engine.connect():

        def stands_again() -> bool:
            return stands_in_line(first) and sys._current_frames()[first.ident or 0] is not stood

        assert eventually(lambda: bool(served) or stands_again())
    first.join(DEADLINE_SECONDS)
    second.join(DEADLINE_SECONDS)
    return served


def test_who_was_woken_for_nothing_has_lost_its_place(database_url: str) -> None:
    engine = create_engine(database_url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    assert any(order_after_overtaking(engine) == ["second", "first"] for _ in range(50))
    engine.dispose()


class CountingPool:
    """Takes the place of a pool: it counts who is served, and how many at once."""

    def __init__(self) -> None:
        self.served = Counter[int]()
        self.out = self.most_out = 0
        self.lock = Lock()

    @contextmanager
    def connection(self) -> Iterator[None]:
        with self.lock:
            self.out += 1
            self.most_out = max(self.most_out, self.out)
        yield
        with self.lock:
            self.out -= 1
            self.served[get_ident()] += 1


def test_every_request_is_counted_with_the_thread_that_was_served() -> None:
    pool, paused = CountingPool(), Counter[int]()

    def between() -> None:
        assert pool.served[get_ident()] == paused[get_ident()] + 1  # Given back by then.
        paused[get_ident()] += 1

    served = race(pool.connection, threads=3, requests=31, between=between)
    assert served == sorted(pool.served.values())
    assert sum(served) == 31
    assert len(served) == 3
    assert paused == pool.served


def test_the_threads_begin_together_and_hold_what_they_get(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, all_hold = CountingPool(), Barrier(4)
    held: list[float] = []

    def sleep(seconds: float) -> None:
        all_hold.wait(DEADLINE_SECONDS)
        held.append(seconds)

    came: list[int] = []

    class Start(Barrier):
        def wait(self, timeout: float | None = None) -> int:
            came.append(self.parties)
            return super().wait(timeout)

    monkeypatch.setattr(fairness_race, "sleep", sleep)
    monkeypatch.setattr(fairness_race, "Barrier", Start)
    assert race(pool.connection, threads=4, requests=4) == [1, 1, 1, 1]
    assert came == [4] * 4
    assert pool.most_out == 4
    assert held == [0.005] * 4


def test_eight_threads_and_four_hundred_requests_unless_told_otherwise() -> None:
    served = race(CountingPool().connection)
    assert (len(served), sum(served)) == (8, 400)


def test_what_they_do_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    summed: list[object] = []
    monkeypatch.setattr(fairness_race, "sleep", waited.append)
    monkeypatch.setattr(fairness_race, "sum", summed.append, raising=False)
    compute()
    assert (summed, waited) == ([range(5_000)], [])
    wait()
    assert waited == [0.001]


def test_what_it_prints(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raced: list[tuple[str, dict[str, object]]] = []
    found = iter([[9, 90], [8, 90], [40, 41], [200, 200], [50, 50]])

    def pretend(checkout: Any, **options: object) -> list[int]:
        pool = checkout.__self__
        if isinstance(pool, Engine):
            assert isinstance(pool.pool, QueuePool)
            assert pool.pool.size() == 2
            monkeypatch.setattr(pool.pool, "_timeout", 0)
            with pool.connect(), pool.connect(), pytest.raises(Exception, match="limit of size 2 overflow 0"):
                pool.connect()
        else:
            assert pool.min_size == pool.max_size == 2
            with pool.connection() as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        raced.append((type(pool).__name__, options))
        return next(found)

    monkeypatch.setattr(fairness_race, "race", pretend)
    monkeypatch.setenv("DATABASE_URL", database_url)
    fairness_race.demo()
    on_postgres = database_url.startswith("postgresql")
    assert raced == [
        ("Engine", {}),
        ("Engine", {"between": compute}),
        ("Engine", {"between": wait}),
        ("Engine", {"threads": 2}),
        *([("ConnectionPool", {})] if on_postgres else []),
    ]
    assert capsys.readouterr().out == (
        "some starve: False  QueuePool\n"
        "some starve: True   QueuePool, computing in between\n"
        "some starve: False  QueuePool, waiting in between\n"
        "some starve: False  QueuePool, a connection for each thread\n"
    ) + ("some starve: False  psycopg's pool\n" if on_postgres else "")
