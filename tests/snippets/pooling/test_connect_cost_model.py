"""The calculator: exact figures, what they mean at the limit, and that a real pool stays below the model."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from snippets.pooling import connect_cost_model
from snippets.pooling.connect_cost_model import (
    cores_connecting,
    most_requests_per_second,
    pool_connects_per_second,
    share_of_machine,
)
from tests.snippets.conftest import Connections


@pytest.mark.parametrize(
    ("connects_per_second", "cpu_seconds", "expected"),
    [(200, 0.005, 1.0), (200, 0.025, 5.0), (1, 0.5, 0.5), (0, 0.5, 0), (0.25, 0.5, 0.125)],
)
def test_cores_connecting(connects_per_second: float, cpu_seconds: float, expected: float) -> None:
    assert cores_connecting(connects_per_second, cpu_seconds) == expected


@pytest.mark.parametrize(("busy", "cores", "expected"), [(1.0, 4, 0.25), (5.0, 4, 1.25), (0.5, 1, 0.5), (0, 2, 0)])
def test_share_of_machine(busy: float, cores: int, expected: float) -> None:
    assert share_of_machine(busy, cores) == expected


@pytest.mark.parametrize(("cores", "cpu_seconds", "expected"), [(4, 0.5, 8), (1, 0.25, 4), (3, 2, 1.5)])
def test_most_requests_per_second(cores: int, cpu_seconds: float, expected: float) -> None:
    assert most_requests_per_second(cores, cpu_seconds) == expected


@pytest.mark.parametrize(
    ("connections", "recycle_seconds", "expected"), [(20, 2000, 0.01), (5, 0.5, 10), (1, 1, 1), (20, -1, 0), (0, 60, 0)]
)
def test_pool_connects_per_second(connections: int, recycle_seconds: float, expected: float) -> None:
    assert pool_connects_per_second(connections, recycle_seconds) == expected


def test_at_the_most_requests_connecting_is_all_that_the_machine_does() -> None:
    most = most_requests_per_second(4, 0.125)
    assert share_of_machine(cores_connecting(most, 0.125), 4) == 1.0


def test_a_recycle_time_of_nothing_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        pool_connects_per_second(20, 0)


@pytest.mark.parametrize("recycle", [10, 60, -1])
def test_a_real_pool_connects_no_more_often_than_the_model_says(
    recycle: int, tmp_path: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = 600
    now = 1_000_000.0
    monkeypatch.setattr("sqlalchemy.pool.base.time.time", lambda: now)
    engine = create_engine(f"sqlite:///{tmp_path}/test.db", pool_size=2, max_overflow=0, pool_recycle=recycle)
    for _ in range(seconds):
        now += 1
        with engine.connect(), engine.connect():
            pass
    engine.dispose()
    after_the_first = connections.opened - 2
    expected = pool_connects_per_second(2, recycle) * seconds
    assert 0.8 * expected <= after_the_first <= expected


def test_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    connect_cost_model.demo()
    assert capsys.readouterr().out == Path(connect_cost_model.__file__).with_suffix(".out").read_text()
