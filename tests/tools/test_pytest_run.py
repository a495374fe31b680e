"""A run of pytest, counted: whatever happens in it, and however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.pytest_run import ROOT, Run, counted, run_pytest

MADE_UP = """
import pytest

def test_passes(): pass

def test_fails(): assert False

@pytest.mark.skip
def test_is_skipped(): pass

@pytest.fixture
def breaks_after():
    yield
    raise OSError("teardown")

def test_fails_twice(breaks_after): assert False

def test_fails_after(breaks_after): pass

class TestGroup:
    @pytest.mark.parametrize("n", [1, 2])
    def test_one_of_two(self, n): assert n == 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of made-up tests."""
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = ["-p", "no:hypothesispytest"]\n')
    (tmp_path / "tests").mkdir()
    return tmp_path


def test_every_test_is_counted_once_and_what_failed_is_named(folder: Path) -> None:
    (folder / "tests" / "test_it.py").write_text(MADE_UP)
    run = run_pytest(sys.executable, ["-p", "no:randomly", "tests"], folder=folder)
    assert (run.passed, run.failed, run.skipped) == (2, 4, 1)
    assert run.failures == (
        "tests/test_it.py::test_fails",
        "tests/test_it.py::test_fails_twice",
        "tests/test_it.py::test_fails_after",
        "tests/test_it.py::TestGroup::test_one_of_two[2]",
    )
    assert run.seconds > 0
    again = run_pytest(sys.executable, ["-p", "no:randomly", run.failures[3]], folder=folder)
    assert (again.passed, again.failed, again.failures) == (0, 1, run.failures[3:])


def test_the_details_begin_where_the_failures_do(folder: Path) -> None:
    (folder / "tests" / "test_it.py").write_text(MADE_UP)
    run = run_pytest(sys.executable, ["-p", "no:randomly", "tests/test_it.py::test_fails"], folder=folder)
    assert "[100%]" in run.output
    assert "[100%]" not in run.details
    assert run.details.splitlines()[0].strip("= ") == "FAILURES"
    assert Run(0, 1, 0, 1.0, output="no such option").details == "no such option"


def test_a_file_that_cannot_be_imported_has_failed(folder: Path) -> None:
    (folder / "tests" / "test_it.py").write_text("import no_such_module\n")
    run = run_pytest(sys.executable, ["-p", "no:randomly", "tests"], folder=folder)
    assert (run.passed, run.failed, run.skipped) == (0, 1, 0)
    assert "No module named 'no_such_module'" in run.details


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--no-such-option"], 4), (["tests/nowhere.py"], 4), (["tests"], 5)]
)
def test_a_run_without_results_has_failed(arguments: list[str], status: int, folder: Path) -> None:
    run = run_pytest(sys.executable, ["-p", "no:randomly", *arguments], folder=folder)
    assert (run.passed, run.failed, run.skipped) == (0, 1, 0)
    assert run.failures == (f"pytest itself, with status {status}",)
    assert run.details == run.output != ""


def test_a_test_that_failed_is_not_skipped_too() -> None:
    report = """<testsuites><testsuite>
    <testcase classname="tests.test_it" name="test_it" file="tests/test_it.py"><skipped/></testcase>
    <testcase classname="tests.test_it" name="test_it" file="tests/test_it.py"><error/></testcase>
    </testsuite></testsuites>"""
    assert counted(report, 1, 2.0, "words") == Run(0, 1, 0, 2.0, ("tests/test_it.py::test_it",), "words")


STOPPED = """
import sys
from pathlib import Path
from tests.pytest_run import run_pytest
run_pytest(sys.executable, ["-p", "no:randomly", "tests"], folder=Path(sys.argv[1]))
"""

# Says that it has begun, and writes down that it was torn down.
WAITING = """
import signal, time
from pathlib import Path
import pytest

# Where this was started in the background, Ctrl-C may be ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

@pytest.fixture
def server():
    yield
    Path("torn down").touch()

def test_waits(server):
    with open("begun", "w") as begun:
        begun.write("yes")
    time.sleep(600)
"""


def test_ctrl_c_waits_until_pytest_has_torn_down(folder: Path) -> None:
    (folder / "tests" / "test_it.py").write_text(WAITING)
    os.mkfifo(folder / "begun")
    words = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    with subprocess.Popen(
        [sys.executable, "-c", words + STOPPED, folder],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as run:
        assert (folder / "begun").read_text() == "yes"
        os.killpg(run.pid, signal.SIGINT)
        assert run.stderr
        assert "KeyboardInterrupt" in run.stderr.read()
    assert (folder / "torn down").exists()
