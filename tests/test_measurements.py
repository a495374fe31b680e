"""Measuring: rounds are kept, a stopped run goes on, and what would not repeat itself is not recorded."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from garden.records import Records

from measurements.__main__ import NAMES, main
from measurements.program import Program, Round
from measurements.rounds import TooNoisy, measure

ROOT = Path(__file__).parents[1]
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
    records = Records(tmp_path)
    assert records.problems == []
    record, figure = records.figure("made_up.dear.ratio")
    assert (figure.median, figure.low, figure.high) == (3.0, 2.9, 9.0)
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


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conect"]) == 2
    assert (
        capsys.readouterr().out == "no program is called conect; they are connect, three_ways, size_sweep, fairness\n"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_program_has_its_record_and_every_record_its_program(name: str) -> None:
    program: Program = importlib.import_module(f"measurements.{name}").PROGRAM
    assert program.name == name
    record = Records(ROOT).record(name)
    assert (record.rows, record.columns, record.title) == (program.rows, program.columns, program.title)
    assert {file.stem for file in (ROOT / "measurements").glob("*.json")} == set(NAMES)
