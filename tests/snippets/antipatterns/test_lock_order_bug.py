"""Waiting with the pool's lock in hand: one statement at a time, and nested use stops everybody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event, Thread

import pytest

from snippets.antipatterns.lock_order_bug import Connection, LockedPool, MendedPool, most_at_once
from tests.servers.waiting import DEADLINE_SECONDS

SHORT = 0.2
Pool = LockedPool | MendedPool


def ended(work: Callable[[], object], patience: float) -> bool:
    """Tell whether a thread of its own ends with this work in time; if not, it is left behind."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(patience)
    return not thread.is_alive()


def lend(pool: Pool, connections: int = 1) -> None:
    """Hold so many connections at once, and give them back."""
    with ExitStack() as held:
        for _ in range(connections):
            held.enter_context(pool.connection())


def four_free() -> list[Connection]:
    connections = [Connection() for _ in range(4)]
    for connection in connections:
        connection.busy.release()
    return connections


@pytest.mark.parametrize("opened", [0, 4])
def test_one_statement_at_a_time_however_many_connections_there_are(opened: int) -> None:
    pool = LockedPool()
    pool.opened = four_free()[:opened]
    assert most_at_once(pool, threads=4, patience=SHORT) == 1
    assert len(pool.opened) == max(opened, 1)


def test_mended_the_same_four_run_at_once() -> None:
    pool = MendedPool(size=4)
    assert most_at_once(pool, threads=4, patience=DEADLINE_SECONDS) == 4
    assert len(pool.opened) == 4


def test_mended_it_is_a_bound_all_the_same() -> None:
    pool = MendedPool(size=2)
    assert most_at_once(pool, threads=4, patience=SHORT) == 2
    assert len(pool.opened) == 2


@pytest.mark.parametrize("pool", [LockedPool(), MendedPool(size=4)], ids=["locked", "mended"])
def test_one_after_another_they_use_one_connection(pool: Pool) -> None:
    for _ in range(3):
        lend(pool)
    assert len(pool.opened) == 1
    assert not pool.opened[0].busy.locked()


@pytest.mark.parametrize("pool", [LockedPool(), MendedPool(size=1)], ids=["locked", "mended"])
def test_a_connection_comes_back_when_the_block_fails(pool: Pool) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), pool.connection():
            raise ZeroDivisionError
    assert len(pool.opened) == 1


def test_a_thread_that_asks_for_two_waits_for_itself_and_stops_everybody() -> None:
    pool = LockedPool()
    assert not ended(lambda: lend(pool, 2), SHORT)
    pool.opened[:0] = four_free()  # Even with four that are free, and looked at first,
    assert not ended(lambda: lend(pool), SHORT)  # nobody gets past the lock.


def test_mended_a_thread_that_asks_for_two_gets_them() -> None:
    pool = MendedPool(size=2)
    assert ended(lambda: lend(pool, 2), DEADLINE_SECONDS)
    assert len(pool.opened) == 2


def test_mended_asking_for_more_than_there_are_is_an_error_and_not_a_hang() -> None:
    pool = MendedPool(size=1, timeout=SHORT)
    with pytest.raises(TimeoutError) as refused:
        lend(pool, 2)
    assert str(refused.value) == "no connection came back within 0.2 s"
    lend(pool)


def test_mended_it_waits_half_a_minute_unless_told_otherwise() -> None:
    assert MendedPool(size=1).timeout == 30.0


def test_mended_a_return_wakes_who_waits() -> None:
    pool = MendedPool(size=1, timeout=DEADLINE_SECONDS)
    asked, served = Event(), Event()

    def request() -> None:
        asked.set()
        lend(pool)
        served.set()

    with ThreadPoolExecutor(1) as threads:
        with pool.connection():
            waiting = threads.submit(request)
            assert asked.wait(DEADLINE_SECONDS)
            assert not served.wait(SHORT)
        assert served.wait(DEADLINE_SECONDS / 3)  # Long before its own timeout.
        waiting.result()
