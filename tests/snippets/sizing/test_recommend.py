"""The advice on a size: a table, and the bound against deadlock on a real pool."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from threading import Barrier

import pytest
from sqlalchemy import QueuePool, create_engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.sizing import recommend as snippet
from snippets.sizing.recommend import Advice, NoSizeFits, Service, recommend
from tests.servers.waiting import DEADLINE_SECONDS
from tests.snippets.catalog import ROOT


@pytest.mark.parametrize(
    ("service", "pool_size"),
    [
        (Service(1, 16), 4),  # Half the time waiting: twice the cores.
        (Service(1, 16, cores=8), 16),  # No more than the threads can use.
        (Service(1, 16, cores=7), 14),
        (Service(1, 16, waiting_percent=0), 2),
        (Service(1, 16, waiting_percent=60), 5),
        (Service(1, 16, waiting_percent=61), 6),  # Rounded up.
        (Service(1, 90, waiting_percent=90), 20),  # Exactly, though 1 - 0.9 is less than 0.1.
        (Service(1, 32, waiting_percent=100), 32),
        (Service(1, 32, waiting_percent=99), 32),
        (Service(4, 16), 1),
        (Service(3, 16), 2),
        (Service(100, 1, max_connections=110), 1),
        (Service(4, 32, waiting_percent=100), 22),  # The server's limit.
        (Service(4, 32, waiting_percent=100, reserve=3), 24),
        (Service(4, 32, waiting_percent=100, max_connections=50), 10),
        (Service(1, 16, held=2), 17),  # Safe from deadlock.
        (Service(1, 1, held=5), 5),
        (Service(1, 4, held=3, waiting_percent=100), 12),
        (Service(1, 89, held=2), 90),  # Safe, and all that is granted.
    ],
)
def test_the_size(service: Service, pool_size: int) -> None:
    advice = recommend(service)
    assert (advice.pool_size, advice.max_overflow) == (pool_size, 0)


@pytest.mark.parametrize("record", [Service(processes=1, threads=1), Advice(1, ())])
def test_a_question_and_its_answer_do_not_change(record: object) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(record, "threads" if isinstance(record, Service) else "pool_size", 2)


def test_the_reasons() -> None:
    assert recommend(Service(processes=3, threads=8, held=2, cores=4, waiting_percent=75)) == Advice(
        pool_size=9,
        reasons=(
            "at least 9: 8 threads x (2 - 1) + 1, or they deadlock",
            "6 keep 4 cores busy: 75 % waiting, 3 processes",
            "at most 16: 8 threads x 2, more are never used",
            "at most 30: (100 - 10) / 3 processes",
        ),
        max_overflow=0,
    )


@pytest.mark.parametrize(
    ("service", "text"),
    [
        (
            Service(4, 16, held=3),
            "33 to be safe, 22 granted: change to held=2 or threads=10 or processes=2 or max_connections=142",
        ),
        (Service(1, 90, held=2), "91 to be safe, 90 granted: change to held=1 or threads=89 or max_connections=101"),
        # One request at a time holds one: what is missing is a connection for each process.
        (Service(91, 1), "1 to be safe, 0 granted: change to processes=90 or max_connections=101"),
        (Service(91, 4, held=2), "5 to be safe, 0 granted: change to processes=18 or max_connections=465"),
        # With a single connection, no number of threads may hold two.
        (Service(90, 4, held=2), "5 to be safe, 1 granted: change to held=1 or processes=18 or max_connections=460"),
        (Service(1, 1, max_connections=10), "1 to be safe, 0 granted: change to max_connections=11"),
    ],
)
def test_no_size_fits(service: Service, text: str) -> None:
    with pytest.raises(NoSizeFits) as problem:
        recommend(service)
    assert str(problem.value) == text


@pytest.mark.parametrize(
    "changed",
    [
        Service(4, 16, held=2),
        Service(4, 10, held=3),
        Service(2, 16, held=3),
        Service(4, 16, held=3, max_connections=142),
    ],
)
def test_each_change_that_it_names_is_enough(changed: Service) -> None:
    recommend(changed)


@pytest.mark.parametrize(("missing", "deadlock"), [(0, False), (1, True)], ids=["the bound", "one less"])
def test_the_bound_is_what_keeps_threads_from_waiting_for_each_other(missing: int, deadlock: bool) -> None:
    threads = 4
    size = recommend(Service(1, threads, held=2, waiting_percent=0)).pool_size - missing
    timeout = 0.2 if missing else DEADLINE_SECONDS
    engine = create_engine(
        "sqlite://?check_same_thread=false",
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=timeout,
    )
    all_hold_one = Barrier(threads, timeout=DEADLINE_SECONDS)

    def request(_: int) -> bool:
        with engine.connect():
            all_hold_one.wait()
            try:
                with engine.connect():
                    return True
            except PoolTimeout:
                return False

    with ThreadPoolExecutor(threads) as executor:
        served = list(executor.map(request, range(threads)))
    # The first that gives up lets the others through, if it does so before they have given up too.
    assert all(served) is not deadlock
    engine.dispose()


def test_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    snippet.demo()
    assert capsys.readouterr().out == (ROOT / "snippets/sizing/recommend.out").read_text(encoding="utf-8")
