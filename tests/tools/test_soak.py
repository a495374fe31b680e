"""The soak: its order, its tally, its busy core, and a real one of a made-up folder."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.waiting import DEADLINE_SECONDS, eventually
from tools import soak
from tools.pytest_run import ROOT, Run

GOOD = Run(12, 0, 1, 3.6)
ONE = "tests/test_a.py::test_one"
TWO = "tests/test_a.py::test_two"


def test_a_run_is_told_with_its_seed_and_what_failed() -> None:
    assert soak.line(3, GOOD, 77) == "run 3: 12 passed, 0 failed, 1 skipped, 4 s, seed 77"
    assert soak.line(4, Run(9, 2, 0, 4.4, (ONE, TWO)), 78) == (
        f"run 4: 9 passed, 2 failed, 0 skipped, 4 s, seed 78\n    {ONE}\n    {TWO}"
    )


def test_the_tally_says_how_often_and_how_to_repeat_it() -> None:
    runs = [(5, GOOD), (6, Run(1, 2, 0, 1.0, (ONE, TWO))), (7, Run(2, 1, 0, 1.0, (TWO,)))]
    assert soak.tally(runs, ["tests/a", "tests/b"]) == (
        "3 runs, 2 with failures\n"
        f"{ONE}: failed in 1 of 3\n"
        "    again: .venv/bin/python -m pytest -p randomly --randomly-seed=6 tests/a tests/b\n"
        f"{TWO}: failed in 2 of 3\n"
        "    again: .venv/bin/python -m pytest -p randomly --randomly-seed=6 tests/a tests/b"
    )
    assert soak.tally(runs[:1], ["tests"]) == "1 runs, 0 with failures"


def seconds_worked(pid: int) -> float:
    """Return how long a process has used a processor. Linux only."""
    after_its_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_its_name[11]) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc to look for processes")
def test_a_core_is_kept_busy_until_the_block_ends() -> None:
    with soak.busy_core() as pid:
        # More than it takes to start.
        assert eventually(lambda: seconds_worked(pid) > 0.5)
    assert not Path(f"/proc/{pid}").exists()


# A shell that starts a run in the background has it ignore Ctrl-C, and what it starts inherits that.
KILLED = """
import signal, time
from tools.soak import busy_core
signal.signal(signal.SIGINT, signal.default_int_handler)
with busy_core():
    print("busy", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_busy_process_ends_with_its_parent(number: signal.Signals) -> None:
    command = [sys.executable, "-c", KILLED]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout
        assert run.stdout.readline() == b"busy\n"
        run.send_signal(number)
        # It inherits this pipe, which ends when nobody holds it any more.
        assert run.communicate(timeout=DEADLINE_SECONDS)[0] == b""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project that switches random order off, as ours does, with tests that write down their order."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = ["-p", "no:randomly", "-p", "no:hypothesispytest", "-n0"]\n'
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_order.py").write_text("""
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range(20))
def test_one(number):
    with Path("order").open("a") as order:
        print(number, end=" ", file=order)

def test_fails_when_it_is_told():
    assert not Path("told").exists()
""")
    return tmp_path


def order(folder: Path) -> list[int]:
    """Return the order that the tests ran in since this was last asked."""
    file = folder / "order"
    numbers = [int(word) for word in file.read_text().split()]
    file.unlink()
    return numbers


def test_random_order_is_repeated_by_its_seed_and_off_without_one(folder: Path) -> None:
    def run(*words: str) -> list[int]:
        subprocess.run([sys.executable, "-m", "pytest", "-q", *words], cwd=folder, check=True, capture_output=True)
        return order(folder)

    plain, one, again, other = run(), *(run(*soak.random_order(seed)) for seed in (1, 1, 2))
    assert plain == list(range(20))
    assert one == again
    assert sorted(one) == sorted(other) == plain
    assert plain != one != other != plain


def test_our_own_tests_are_not_in_random_order() -> None:
    words = ["-n0", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/test_soak.py"]
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, check=True, capture_output=True, text=True
    )
    names = dict.fromkeys(re.findall(r"::(test_\w+)", listed.stdout))
    here = ast.parse(Path(__file__).read_text(encoding="utf-8")).body
    written = [one.name for one in here if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    assert list(names) == written


def test_a_soak_of_two_runs_of_which_one_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = iter([11, 12])

    def next_seed(bits: int) -> int:
        seed = next(seeds)
        if seed == 12:
            (folder / "told").touch()
        return seed

    monkeypatch.setattr("secrets.randbits", next_seed)
    assert soak.main(["--runs", "2"], folder) == 1
    printed = re.sub(r"\d+ s,", "- s,", capsys.readouterr().out)
    begun, _, rest = printed.partition("\n")
    assert begun == "run 1: 21 passed, 0 failed, 0 skipped, - s, seed 11"
    assert 'assert not Path("told").exists()' in rest
    assert rest.endswith(
        """\
run 2: 20 passed, 1 failed, 0 skipped, - s, seed 12
    tests/test_order.py::test_fails_when_it_is_told

2 runs, 1 with failures
tests/test_order.py::test_fails_when_it_is_told: failed in 1 of 2
    again: .venv/bin/python -m pytest -p randomly --randomly-seed=12 tests
"""
    )
    both = order(folder)
    assert sorted(both[:20]) == sorted(both[20:]) == list(range(20))
    assert both[:20] != both[20:]


def test_a_soak_without_failures_and_one_that_is_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = iter([GOOD] * soak.RUNS)
    monkeypatch.setattr(soak, "run_pytest", lambda *_, **__: next(runs))
    assert soak.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 runs, 0 with failures"

    def stopped(*_: object, **__: object) -> Run:
        raise KeyboardInterrupt

    monkeypatch.setattr(soak, "run_pytest", stopped)
    assert soak.main([]) == 130
    assert capsys.readouterr().out == "stopped in run 1\n\n0 runs, 0 with failures\n"
