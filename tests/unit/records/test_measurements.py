"""Measuring: rounds are kept, a stopped run goes on, and what would not repeat itself is not recorded."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import cast

import psycopg
import pytest
from sqlalchemy import Engine, QueuePool, create_engine, event, make_url, text

from garden.model.report import Report
from garden.records.records import Figure, Records
from measurements import checkout, connect, fork_outcomes, hold_time
from measurements.__main__ import NAMES, main
from measurements.program import Program, Round
from measurements.rounds import TooNoisy, measure
from tests.conftest import missing
from tests.servers import gunicorn
from tests.servers.waiting import eventually
from tests.snippets.catalog import SETTINGS

ROOT = Path(__file__).parents[3]
VALUES: list[float] = []


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Give rounds from the list; an interruption stands for Ctrl-C."""
    versions["Made-up"] = "1.2"

    def one_round() -> Round:
        if not VALUES:
            raise KeyboardInterrupt
        return {"bare": {"ratio": 1.0}, "dear": {"ratio": VALUES.pop(0)}}

    yield one_round


PROGRAM = Program(
    name="made_up",
    title="Made up",
    header="way",
    rows={"bare": "bare", "dear": "dear"},
    columns={"ratio": "times as long"},
    spread=0.2,
    rounds=5,
    prepared=prepared,
)


@pytest.fixture(autouse=True)
def _values() -> None:
    VALUES[:] = [3.0, 3.1, 2.9, 9.0, 3.0]


def test_a_record_has_the_median_and_the_ends_and_the_engine_reads_it(tmp_path: Path) -> None:
    (tmp_path / "measurements").mkdir()
    file = measure(PROGRAM, tmp_path / "measurements", tmp_path / "kept")
    assert json.loads(file.read_text())["samples"]["dear"]["ratio"] == [3.0, 3.1, 2.9, 9.0, 3.0]
    report = Report()
    records = Records(tmp_path, SETTINGS, (), report)
    assert report.problems == []
    record, figure = records.figure("made_up.dear.ratio")
    assert (record.middle, figure.middle, figure.low, figure.high) == ("median", 3.0, 2.9, 9.0)
    assert record.command == "make measure ONLY=made_up"
    assert record.measured.endswith(", Made-up 1.2")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_stopped_run_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = VALUES[2:]
    del VALUES[2:]
    with pytest.raises(KeyboardInterrupt):
        measure(PROGRAM, tmp_path, tmp_path / "kept")
    VALUES[:] = rest
    file = measure(PROGRAM, tmp_path, tmp_path / "kept")
    assert json.loads(file.read_text())["samples"]["dear"]["ratio"] == [3.0, 3.1, 2.9, 9.0, 3.0]
    said = capsys.readouterr().out.splitlines()
    assert said[1:3] == ["made_up: round 2 of 5", "made_up: goes on after round 2"]


def test_another_program_does_not_go_on_with_its_rounds(tmp_path: Path) -> None:
    del VALUES[2:]
    with pytest.raises(KeyboardInterrupt):
        measure(PROGRAM, tmp_path, tmp_path / "kept")
    VALUES[:] = [5.0] * 5
    file = measure(replace(PROGRAM, title="Another"), tmp_path, tmp_path / "kept")
    assert json.loads(file.read_text())["samples"]["dear"]["ratio"] == [5.0] * 5


def test_what_does_not_repeat_itself_is_not_recorded(tmp_path: Path) -> None:
    VALUES[:] = [1.0, 2.0, 3.0, 4.0, 5.0]
    what = "the middle half of the rounds of dear.ratio lies 67% of the median apart, and 20% is allowed"
    with pytest.raises(TooNoisy, match=what):
        measure(PROGRAM, tmp_path, tmp_path / "kept")
    assert not (tmp_path / "made_up.json").exists()


SHARES = replace(PROGRAM, shares=True, spread=10.0)


def test_of_shares_the_record_has_the_mean_however_far_apart_the_rounds_are(tmp_path: Path) -> None:
    VALUES[:] = [0.0, 50.0, 25.0, 25.0, 45.0]
    (tmp_path / "measurements").mkdir()
    measure(SHARES, tmp_path / "measurements", tmp_path / "kept")
    record, figure = Records(tmp_path, SETTINGS, (), Report()).figure("made_up.dear.ratio")
    assert (record.middle, figure.middle, figure.low, figure.high) == ("mean", 29.0, 0.0, 50.0)


def test_a_mean_that_is_not_certain_enough_is_not_recorded(tmp_path: Path) -> None:
    VALUES[:] = [0.0, 100.0, 0.0, 0.0, 0.0]
    what = r"the mean of the rounds of dear\.ratio is uncertain by 20\.0 points, and 10\.0 are allowed"
    with pytest.raises(TooNoisy, match=what):
        measure(SHARES, tmp_path, tmp_path / "kept")
    assert not (tmp_path / "made_up.json").exists()


def test_what_a_machine_cannot_measure_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = replace(PROGRAM, rows={**PROGRAM.rows, "rare": "rare"}, optional=("rare",))
    (tmp_path / "measurements").mkdir()
    file = measure(program, tmp_path / "measurements", tmp_path / "kept")
    assert set(json.loads(file.read_text())["rows"]) == {"bare", "dear"}
    report = Report()
    Records(tmp_path, SETTINGS, (), report)
    assert report.problems == []
    said = "made_up: rare is not in the record, since this machine lacks what it needs"
    assert said in capsys.readouterr().out.splitlines()


def test_a_row_that_is_not_optional_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="rare"):
        measure(replace(PROGRAM, rows={"rare": "rare"}), tmp_path, tmp_path / "kept")


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conekt"]) == 2
    assert capsys.readouterr().out == f"no program is called conekt; they are {', '.join(NAMES)}\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_program_has_its_record_and_every_record_its_program(name: str) -> None:
    program: Program = importlib.import_module(f"measurements.{name}").PROGRAM
    assert program.name == name
    record = Records(ROOT, SETTINGS, (), Report()).record(name)
    assert (record.columns, record.title) == (program.columns, program.title)
    assert program.rows.items() >= record.rows.items()
    assert program.rows.keys() - record.rows.keys() <= set(program.optional)
    assert {file.stem for file in (ROOT / "measurements").glob("*.json")} == set(NAMES)


# What the programs do


def test_a_turn_lasts_as_long_whatever_a_request_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(connect, "perf_counter", lambda: now[0])

    def request(statement: object) -> None:
        now[0] += 0.25

    assert connect.seconds(request, text("SELECT 1"), threads=1, lasts=1.0) == 0.25
    assert now == [100.0 + 0.25 + 1.0]  # One request is not timed.
    assert connect.seconds(request, text("SELECT 1"), threads=1, lasts=0) == 0.25


def test_rivals_take_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with connect.entered(f"sqlite:///{tmp_path}/a.db", {}, "wait") as way:
        turns = chain([4.0, 12.0, 3.0, 9.0, 8.0, 15.0], repeat(9.0))
        monkeypatch.setattr(connect, "seconds", lambda request, statement, threads: next(turns))
        monkeypatch.setattr(connect, "TURNS", 3)
        found = connect.compared(way, text("SELECT 1"), ("pool", "per_request"), threads=1)
    assert found == {"pool": 1.0, "per_request": 3.0}


def test_the_three_rivals_connect_as_they_should(tmp_path: Path) -> None:
    opened: list[object] = []
    with connect.entered(f"sqlite:///{tmp_path}/a.db", {}, "wait") as way:
        for engine in (way.pooled, way.unpooled, way.kept.engine):
            event.listen(engine, "connect", lambda raw, _: opened.append(raw))
        times = {}
        for name, request in way.requests().items():
            opened.clear()
            times[name] = connect.seconds(request, way.wait, connect.THREADS, lasts=0)
            # One for each thread, and the one that is not timed.
            assert len(opened) == (connect.THREADS + 1 if name == "per_request" else 0)
        assert times["global"] >= 0.01  # One after another.
        assert way.kept.in_transaction() is False


@pytest.mark.parametrize(("request_", "out"), [(hold_time.held, 1), (hold_time.given_back, 0)])
def test_the_call_is_made_with_the_connection_in_hand_or_without(
    request_: Callable[[Engine, float], None], out: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/a.db", pool_size=1, max_overflow=0)
    calls: list[tuple[float, int]] = []
    pool = cast(QueuePool, engine.pool)
    monkeypatch.setattr(hold_time, "STATEMENT", text("SELECT 1"))
    monkeypatch.setattr(hold_time, "sleep", lambda lasts: calls.append((lasts, pool.checkedout())))
    monkeypatch.setattr(hold_time, "THREADS", 1)
    found = hold_time.crowd(engine, request_, 0.2)
    engine.dispose()
    assert calls == [(0.2, out)] * hold_time.REQUESTS
    assert found.throughput > 0
    assert found.p99 > 0


def test_every_pool_lends_the_same_connection_again(postgres_database: str) -> None:
    url = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with checkout.ways(url) as loans, psycopg.connect(url, autocommit=True) as other:
        assert loans.keys() == checkout.ROWS.keys()
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        for loan in loans.values():
            checkout.seconds(loan, 3)
        # One each, but the first two ways of a QueuePool share one; the one that counts; the connects have left.
        assert eventually(lambda: other.execute(count).fetchone() == (len(loans) - 2 + 1,))


def test_what_nobody_answered_is_no_answer() -> None:
    found = fork_outcomes.shares(Counter(right=20, wrong=10, error=2))
    assert found == {"right": 50.0, "wrong": 25.0, "error": 5.0, "none": 20.0}


@pytest.mark.parametrize(
    ("question", "outcome"),
    [("SELECT :number", "right"), ("SELECT :number + 1", "wrong"), ("SELECT nothing", "error")],
)
def test_what_an_answer_is_worth(question: str, outcome: str, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/a.db")
    assert fork_outcomes.ask(engine, question, 7) == outcome
    engine.dispose()


FORKED = """
import json, sys
from measurements import fork_outcomes
fork_outcomes.SILENCE = 5.0
question = "SELECT :number FROM pg_sleep(0.01)"
cured, options = json.loads(sys.argv[2])
print(json.dumps(fork_outcomes.forked(sys.argv[1], question, options, cured=cured)))
"""


def forked(url: str, *, cured: bool) -> dict[str, int]:
    """Fork in a process of its own: pytest has threads, and a fork copies only one of them."""
    command = [sys.executable, "-c", FORKED, url, json.dumps([cured, {"isolation_level": "AUTOCOMMIT"}])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=60, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_a_child_that_is_cured_has_every_answer(postgres_database: str) -> None:
    assert forked(postgres_database, cured=True) == {"right": fork_outcomes.ASKED}


def test_a_child_that_is_not_has_not(postgres_database: str) -> None:
    assert any(forked(postgres_database, cured=False) != {"right": fork_outcomes.ASKED} for _ in range(3))


def test_an_application_that_is_not_preloaded_gives_every_answer(postgres_database: str) -> None:
    if not gunicorn.is_installed():
        missing(gunicorn.MISSING)
    assert fork_outcomes.served(postgres_database) == {"right": fork_outcomes.ASKED}


# What notes say of the records in words; if one fails after `make measure`, mend the note


def figures(name: str) -> dict[str, dict[str, Figure]]:
    """Return the figures of a record, by row and column."""
    record = Records(ROOT, SETTINGS, (), Report()).record(name)
    return {row: {column: record.figures[row, column] for column in record.columns} for row in record.rows}


def test_in_words_a_connect_is_hidden_where_it_takes_little_and_not_where_it_takes_much() -> None:
    found = figures("connect")
    assert all(found[row]["request"].middle > 1.5 for row in found)
    for row in ("sqlite", "mariadb_plain"):
        assert found[row]["long_per_request"].middle < 1.6
    for row in ("mariadb_default", "postgres_trust", "postgres_scram", "postgres_tls"):
        assert found[row]["long_per_request"].middle > 2
    steps = [found[f"postgres_{way}"]["short_per_request"].middle for way in ("trust", "scram", "tls")]
    assert steps == sorted(steps)


def test_in_words_one_global_connection_costs_little_until_statements_take_time() -> None:
    for columns in figures("connect").values():
        assert columns["short_global"].middle < 2.5
        assert columns["long_global"].middle == pytest.approx(connect.THREADS, rel=0.25)


def test_in_words_the_dearest_loan_is_far_from_the_cheapest_connect() -> None:
    found = {row: columns["time"] for row, columns in figures("checkout").items()}
    dearest = max(figure.high for row, figure in found.items() if row != "connect")
    assert found["connect"].low > 5 * dearest
    assert min(found, key=lambda row: found[row].middle) == "queue"
    checked = [found[row].middle for row in ("engine_ping", "psycopg_pool_check")]
    assert min(checked) > 3 * max(found[row].middle for row in ("engine", "psycopg_pool"))


def test_in_words_giving_back_first_gains_hardly_less_than_a_pool_for_everybody() -> None:
    longest = figures("hold_time")[str(hold_time.CALLS[-1])]
    assert longest["given_back"].middle > 0.9 * longest["larger"].middle
    assert longest["p99"].middle > 3


def test_in_words_the_hot_row_gains_a_little_from_a_second_connection_and_nothing_beyond() -> None:
    one, two, *more = [columns["hot_row"].middle for columns in figures("size_sweep").values()]
    assert one < two < 1.7
    assert max(more) <= two


def test_in_words_the_cures_had_every_answer_in_every_round_and_psycopg_had_most_wrong() -> None:
    found = figures("fork_outcomes")
    for row in ("psycopg_cured", "psycopg_tls_cured", "pymysql_cured", "preload_hook", "no_preload"):
        assert found[row]["right"].low == 100
    assert found["psycopg"]["right"].middle < found["psycopg"]["wrong"].middle
    assert min(found[row]["right"].middle for row in ("psycopg_tls", "pymysql")) > 75
    assert found["pymysql"]["wrong"].middle > 0
    # A child that gets an error opens a connection of its own: it gets no second one.
    assert found["psycopg_tls"]["error"].high <= 100 * fork_outcomes.CHILDREN / fork_outcomes.ASKED
