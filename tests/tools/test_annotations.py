"""Failures of a run in CI appear on the lines where they happened."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools.pytest_run import ROOT, Run, run_pytest

TESTS = """\
import pytest


def helper():
    raise ValueError("100%: a\\nb")


def test_fails():
    helper()


@pytest.mark.parametrize("case", ["a,b"])
def test_compares(case):
    assert case == "c"


def test_passes():
    pass
"""


def run(folder: Path, text: str, *options: str, actions: str = "true") -> Run:
    """Run these tests as CI does."""
    (folder / "conftest.py").write_text("from tests.conftest import pytest_configure, pytest_addoption\n")
    (folder / "test_it.py").write_text(text)
    environment = os.environ | {"GITHUB_ACTIONS": actions, "PYTHONPATH": str(ROOT)}
    return run_pytest(sys.executable, ["-p", "no:randomly", *options, "test_it.py"], environment, folder)


def annotated(outcome: Run) -> list[str]:
    """Return the commands in what a run printed."""
    return [line for line in outcome.output.splitlines() if line.startswith("::")]


@pytest.mark.parametrize("options", [[], ["-n1"]], ids=["alone", "in a worker"])
def test_each_failure_has_a_line(tmp_path: Path, options: list[str]) -> None:
    assert annotated(run(tmp_path, TESTS, *options)) == [
        "::error file=test_it.py,line=5,title=test_it.py%3A%3Atest_fails::ValueError: 100%25: a%0Ab",
        "::error file=test_it.py,line=14,title=test_it.py%3A%3Atest_compares[a%2Cb]::AssertionError: "
        "assert 'a,b' == 'c'%0A  %0A  - c%0A  + a,b",
    ]


def test_a_file_that_cannot_be_read_has_one(tmp_path: Path) -> None:
    (line,) = annotated(run(tmp_path, "def broken(:\n"))
    assert line.startswith("::error file=test_it.py,line=1,title=test_it.py::")
    assert "SyntaxError" in line


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    outcome = run(tmp_path, TESTS, actions="")
    assert (outcome.failed, annotated(outcome)) == (2, [])
