"""QueuePool tells nobody of the room that a failed connect leaves; a pool that hands over does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Thread, current_thread

import pytest
from sqlalchemy import create_engine

from snippets.engine import failed_connect_waiter
from snippets.engine.failed_connect_waiter import Outage, served, stands_in_line
from snippets.pooling.build_a_pool import Pool
from tests.servers.waiting import DEADLINE_SECONDS, eventually
from tests.snippets.conftest import Connections

HALF = 0.5


def test_who_waits_sits_out_the_whole_timeout_and_then_connects(database_url: str, connections: Connections) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=HALF)
    [(name, waited)] = served(engine, latecomer=False)
    assert name == "second"
    assert waited > 0.9 * HALF
    assert connections.opened == 1
    engine.dispose()


def test_a_latecomer_is_served_first_and_only_its_return_wakes_who_waits(database_url: str) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=4 * DEADLINE_SECONDS)
    waits = dict(served(engine, latecomer=True))
    assert list(waits) == ["latecomer", "second"]
    assert max(waits.values()) < 3 * DEADLINE_SECONDS
    engine.dispose()


def test_the_connect_fails_only_when_the_second_stands_in_line(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []

    def observed(thread: Thread) -> bool:
        told.append(stands_in_line(thread))
        return told[-1]

    monkeypatch.setattr(failed_connect_waiter, "stands_in_line", observed)
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    served(engine, latecomer=False)
    assert told[-1]
    assert not any(told[:-1])
    engine.dispose()


def test_who_stands_in_line() -> None:
    condition, thread = Condition(), Thread(target=lambda: None)
    assert not stands_in_line(thread)
    assert not stands_in_line(current_thread())

    def wait() -> None:
        with condition:
            condition.wait(DEADLINE_SECONDS)

    thread = Thread(target=wait)
    thread.start()
    assert eventually(lambda: stands_in_line(thread))
    with condition:
        condition.notify()
    thread.join()
    assert not stands_in_line(thread)


def test_with_room_for_two_nobody_waits(database_url: str) -> None:
    engine = create_engine(database_url, pool_size=2, max_overflow=0)
    outage = Outage(engine)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(engine.connect)
        assert outage.connecting.wait(DEADLINE_SECONDS)
        engine.connect().close()
        outage.failing.set()
        with pytest.raises(ConnectionRefusedError):
            first.result()
    engine.dispose()


def test_a_pool_that_hands_over_serves_who_waits(database_url: str) -> None:
    engine = create_engine(database_url)
    outage = Outage(engine)
    pool = Pool(engine.raw_connection, size=1, timeout=4 * DEADLINE_SECONDS)
    served: list[str] = []

    def request(name: str) -> None:
        with pool.connection():
            served.append(name)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(request, "first")
        assert outage.connecting.wait(DEADLINE_SECONDS)
        second = threads.submit(request, "second")
        assert eventually(lambda: "1 waiting" in str(pool))
        outage.failing.set()
        with pytest.raises(ConnectionRefusedError):
            first.result()
        request("latecomer")
        second.result()
    assert served == ["second", "latecomer"]
    pool.close()
    engine.dispose()
