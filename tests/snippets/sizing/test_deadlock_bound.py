"""The bound against deadlock: arithmetic, and real threads on SQLAlchemy's pool at the bound and one below it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from sqlalchemy import Engine, QueuePool, create_engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from snippets.sizing.deadlock_bound import deadlock_bound
from tests.servers.waiting import DEADLINE_SECONDS

CASES = [(1, 2), (2, 2), (4, 2), (8, 2), (3, 3), (5, 4)]


@pytest.mark.parametrize(
    ("threads", "held", "bound"),
    [(1, 1, 1), (16, 1, 1), (1, 5, 5), (16, 2, 17), (16, 3, 33), (4, 4, 13), (10**9, 2, 10**9 + 1)],
)
def test_the_bound(threads: int, held: int, bound: int) -> None:
    assert deadlock_bound(threads, held) == bound


def served(engine: Engine, threads: int, held: int) -> list[bool]:
    """Let each thread take all but the last of its connections, and then, when all have, its last one."""
    all_but_one = Barrier(threads, timeout=DEADLINE_SECONDS)

    def request(_: int) -> bool:
        with ExitStack() as connections:
            for _ in range(held - 1):
                connections.enter_context(engine.connect())
            all_but_one.wait()
            try:
                connections.enter_context(engine.connect())
            except PoolTimeout:
                return False
            return True

    with ThreadPoolExecutor(threads) as executor:
        return list(executor.map(request, range(threads)))


def pool(size: int, overflow: int, timeout: float) -> Engine:
    """Return an engine on a database in memory."""
    return create_engine(
        "sqlite://?check_same_thread=false",
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=timeout,
    )


@pytest.mark.parametrize(("threads", "held"), CASES)
def test_at_the_bound_nobody_is_refused(threads: int, held: int) -> None:
    engine = pool(deadlock_bound(threads, held), 0, DEADLINE_SECONDS)
    assert all(served(engine, threads, held))
    engine.dispose()


@pytest.mark.parametrize(("threads", "held"), CASES)
def test_one_below_it_somebody_is(threads: int, held: int) -> None:
    engine = pool(deadlock_bound(threads, held) - 1, 0, 0.05)
    # All connections are out, and nobody gives one back before it has been refused itself.
    assert not all(served(engine, threads, held))
    engine.dispose()


@pytest.mark.parametrize(("overflow", "refused"), [(2, False), (1, True)], ids=["the bound", "one below"])
def test_overflow_counts(overflow: int, refused: bool) -> None:
    engine = pool(deadlock_bound(4, 2) - 2, overflow, 0.05 if refused else DEADLINE_SECONDS)
    assert (not all(served(engine, threads=4, held=2))) is refused
    engine.dispose()


@pytest.mark.parametrize("bad", [0, -1, 1.5, float("nan"), "4", None])
@pytest.mark.parametrize("name", ["threads", "held"])
def test_it_says_what_it_does_not_take(name: str, bad: object) -> None:
    given: dict[str, object] = {"threads": 4, "held": 2} | {name: bad}
    with pytest.raises(ValueError, match=rf"^{name} must be a whole number, 1 or more, not {bad!r}$"):
        deadlock_bound(**given)  # type: ignore[arg-type]
