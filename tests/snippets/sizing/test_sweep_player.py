"""The simulated sweep: it obeys Little's law, has its knee where it must be, and is drawn as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from snippets.sizing import sweep_player
from snippets.sizing.sweep_player import Point, Statement, bars, point, simulate

SIZES = (1, 2, 4, 8, 16, 32)


def throughput(served: list[Statement]) -> float:
    return len(served) / served[-1].ended


def at_once(intervals: Iterable[tuple[float, float]]) -> int:
    """Return how many intervals overlap at most; one that ends as another begins does not."""
    changes = sorted(change for begun, ended in intervals for change in ((begun, 1), (ended, -1)))
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


@pytest.mark.parametrize("size", [1, 8, 32])
@pytest.mark.parametrize(("wait", "compute"), [(1.0, 0.0), (0.8, 0.2), (0.0, 1.0)])
def test_littles_law(size: int, wait: float, compute: float) -> None:
    served = simulate(size, wait, compute)
    assert len(served) == 20_000
    # The clients are all in the system, and the pool is always full: both numbers are known.
    assert throughput(served) * mean(one.ended - one.asked for one in served) == pytest.approx(32, rel=0.02)
    assert throughput(served) * mean(one.ended - one.begun for one in served) == pytest.approx(size, rel=0.02)


@pytest.mark.parametrize("size", [1, 4, 32])
def test_no_more_statements_at_once_than_connections(size: int) -> None:
    served = simulate(size, 0.8, 0.2, served=2_000)
    assert at_once((one.begun, one.ended) for one in served) == size


def test_first_come_first_served() -> None:
    served = simulate(4, 0.8, 0.2, served=2_000)
    by_begin = sorted(served, key=lambda one: one.begun)
    assert [one.asked for one in by_begin] == sorted(one.asked for one in served)


def test_a_client_asks_again_as_soon_as_it_is_served() -> None:
    served = simulate(2, 0.8, 0.2, clients=3, served=2_000)
    ends = {one.ended for one in served}
    assert sum(one.asked == 0.0 for one in served) == 3
    assert all(one.asked in ends for one in served if one.asked)
    assert at_once((one.asked, one.ended) for one in served) == 3


def test_alone_a_statement_takes_its_waiting_and_its_computing() -> None:
    assert throughput(simulate(1, 2.0, 0.0)) == pytest.approx(1 / 2, rel=0.03)
    assert throughput(simulate(1, 0.0, 2.0)) == pytest.approx(1 / 2, rel=0.03)
    assert throughput(simulate(1, 1.0, 3.0)) == pytest.approx(1 / 4, rel=0.03)


def test_waiting_alone_gains_from_every_connection() -> None:
    found = [throughput(simulate(size, 1.0, 0.0)) for size in SIZES]
    assert found == pytest.approx(list(SIZES), rel=0.03)


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_the_knee_is_where_the_cores_are_busy(cores: int) -> None:
    """A fifth of the time computing: five connections keep a core busy, and no more than that."""
    found = {size: throughput(simulate(size, 0.8, 0.2, cores)) for size in SIZES}
    limit = cores / 0.2
    assert all(found[size] < limit * 1.02 for size in SIZES)
    assert all(less < more for less, more in pairwise(found[size] for size in SIZES if size <= limit))
    assert found[32] > 0.97 * limit
    assert found[1] == pytest.approx(1, rel=0.03)


def test_beyond_the_knee_only_the_time_in_the_database_grows() -> None:
    points = [point(size, simulate(size, 0.8, 0.2)) for size in (16, 32)]
    assert points[1].throughput == pytest.approx(points[0].throughput, rel=0.02)
    assert points[1].p99 > 1.2 * points[0].p99


def test_one_row_for_all_gains_nothing_and_each_statement_takes_longer() -> None:
    points = [point(size, simulate(size, 0.0, 1.0, cores=1)) for size in SIZES]
    assert [one.throughput for one in points] == pytest.approx([1.0] * 6, rel=0.03)
    assert all(less.p99 < more.p99 for less, more in pairwise(points))
    assert points[-1].p99 > 5 * points[0].p99


def test_the_same_on_every_run() -> None:
    assert simulate(4, 0.8, 0.2, served=500) == simulate(4, 0.8, 0.2, served=500)


def test_a_point_sums_up() -> None:
    # A hundred statements, of 0.01 to 1.00 in the database; the wait for a connection does not count.
    served = [Statement(asked=0.0, begun=1.0, ended=1.0 + number / 100) for number in range(1, 101)]
    assert (point(7, served).size, point(7, served).throughput) == (7, 50.0)
    assert point(7, served).p99 == pytest.approx(0.99)
    assert point(7, served[:10]).p99 == pytest.approx(0.10)


POINTS = [Point(1, 50.0, 2.0), Point(4, 200.0, 2.0), Point(16, 150.0, 8.0)]
DRAWN = """\
size  throughput                       p99 in the database
   1  ######                    1.0    ######                    1.0
   4  ########################  4.0    ######                    1.0
  16  ##################        3.0    ########################  4.0
"""


def test_the_bars() -> None:
    assert "".join(f"{line}\n" for line in bars(POINTS)) == DRAWN


def test_it_draws_the_sweeps_of_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sweep.json"
    file.write_text(json.dumps({name: [vars(one) for one in POINTS] for name in ("waiting", "mixed")}))
    monkeypatch.setattr("sys.argv", ["sweep_player.py", str(file)])
    sweep_player.demo()
    assert capsys.readouterr().out == f"waiting\n{DRAWN}mixed\n{DRAWN}"
