"""Lazy singletons: without a lock two threads make two engines, with a lock one waits for the other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, create_engine

from snippets.processes import singleton_race
from snippets.processes.singleton_race import Make, once, race, unlocked
from tests.servers.waiting import DEADLINE_SECONDS, eventually

LAZY: list[Callable[[Make], Make]] = [unlocked, cache, once]


@pytest.mark.parametrize("lazy", [unlocked, cache])
def test_without_a_lock_two_threads_make_two_engines(lazy: Callable[[Make], Make]) -> None:
    one, other = race(lazy)
    assert one is not other
    assert one.pool is not other.pool


def test_with_a_lock_they_make_one() -> None:
    assert len(race(once, patience=0.05)) == 1


@pytest.mark.parametrize("lazy", LAZY)
def test_in_one_thread_all_make_one_engine_and_not_before_the_first_call(lazy: Callable[[Make], Make]) -> None:
    made: list[Engine] = []

    def make() -> Engine:
        made.append(create_engine("sqlite://"))
        return made[-1]

    get = lazy(make)
    assert made == []
    assert [get(), get(), get()] == made * 3
    assert len(made) == 1


@pytest.mark.parametrize("lazy", LAZY)
def test_two_lazy_engines_are_two(lazy: Callable[[Make], Make]) -> None:
    orders, reports = (lazy(lambda: create_engine("sqlite://")) for _ in range(2))
    assert orders() is orders()
    assert orders() is not reports()


def test_a_second_thread_waits_at_the_lock_and_gets_the_first_ones_engine() -> None:
    inside, leave, calls = Event(), Event(), []

    def make() -> Engine:
        calls.append(1)
        inside.set()
        assert leave.wait(DEADLINE_SECONDS)
        return create_engine("sqlite://")

    get = once(make)
    answers: list[Engine] = []
    first, second = (Thread(target=lambda: answers.append(get())) for _ in range(2))
    first.start()
    assert inside.wait(DEADLINE_SECONDS)
    second.start()

    def stands_at_the_lock() -> bool:
        frame = sys._current_frames().get(second.ident or 0)
        return frame is not None and frame.f_code is get.__code__

    assert eventually(stands_at_the_lock)
    assert answers == []
    leave.set()
    first.join()
    second.join()
    assert len(calls) == 1
    assert answers[0] is answers[1]


def test_many_threads_make_one() -> None:
    made: list[Engine] = []

    def make() -> Engine:
        made.append(create_engine("sqlite://"))
        return made[-1]

    get = once(make)
    with ThreadPoolExecutor(16) as threads:
        engines = list(threads.map(lambda _: get(), range(64)))
    assert {id(engine) for engine in engines} == {id(made[0])}
    assert len(made) == 1


def test_a_make_that_fails_is_tried_again() -> None:
    outcomes: list[Engine | Exception] = [OSError("no settings yet"), create_engine("sqlite://")]

    def make() -> Engine:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    get = once(make)
    with pytest.raises(OSError, match="no settings yet"):
        get()
    assert get() is get()
    assert outcomes == []


def test_what_the_race_makes_is_what_the_lazy_one_returns() -> None:
    returned: list[Engine] = []

    def observed(make: Make) -> Make:
        get = once(make)

        def asked() -> Engine:
            returned.append(get())
            return returned[-1]

        return asked

    made = race(observed, patience=0.05)
    assert returned == made * 2


def test_an_error_in_a_thread_is_not_swallowed() -> None:
    def broken(make: Make) -> Make:
        def fail() -> Engine:
            raise ZeroDivisionError

        return fail

    with pytest.raises(ZeroDivisionError):
        race(broken)


def test_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    singleton_race.demo()
    assert capsys.readouterr().out.splitlines() == [
        "engines made without a lock: 2",
        "engines made with functools.cache: 2",
        "engines made with functools.cache and a lock: 1",
    ]
