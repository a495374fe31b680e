"""The matrix: which versions there are, what runs on each, and how it ends. The snippets' tests are not run here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from garden.snippets.catalog import Snippet
from tests.snippets import catalog
from tests.snippets.catalog import ROOT
from tests.snippets.test_runs_as_pasted import makers_of_tables
from tools import matrix


def headed(folder: Path, name: str, python: str, *dependencies: str) -> Snippet:
    """Return a snippet with this header."""
    path = folder / "snippets" / "topic" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'# /// script\n# requires-python = "{python}"\n# dependencies = {json.dumps(dependencies)}\n# ///\n'
    )
    return catalog.snippet(path)


def test_the_headers_name_the_oldest_and_the_index_has_the_newest(tmp_path: Path) -> None:
    snippets = [
        headed(tmp_path, "one", ">=3.12", "flask>=1.0", "SQLAlchemy[asyncio]>=2.1"),
        headed(tmp_path, "other", ">=3.11.4,<4", "sqlalchemy>=2.0.7"),
    ]
    both = ["sqlalchemy==2.0.*", "sqlalchemy"]
    assert matrix.promised(snippets, "3.13", corners=False) == {"3.11": both, "3.12": both, "3.13": both}
    assert matrix.promised(snippets, "3.13", corners=True) == {"3.11": both[:1], "3.13": both[1:]}


def test_versions_are_not_compared_as_texts() -> None:
    assert matrix.oldest([SpecifierSet(">=3.10"), SpecifierSet(">=3.9,!=3.8")]) == Version("3.9")


@pytest.mark.parametrize(
    ("python", "dependency", "why"),
    [
        (">=3.10", "sqlalchemy>=2.0", None),
        (">=3.10", "flask>=99", None),
        (">=3.10.13", "SQLAlchemy==2.0.*", None),
        (">=3.11", "sqlalchemy>=2.0", "requires-python >=3.11"),
        (">=3.10,<3.10.9", "sqlalchemy>=2.0", "requires-python >=3.10,<3.10.9"),
        (">=3.10", "sqlalchemy>=2.1", "sqlalchemy>=2.1"),
        (">=3.10", "SQLAlchemy[asyncio]<2.0.50", "SQLAlchemy[asyncio]<2.0.50"),
    ],
)
def test_a_header_decides_where_its_snippet_runs(python: str, dependency: str, why: str | None, tmp_path: Path) -> None:
    assert matrix.what_keeps_out(headed(tmp_path, "one", python, dependency), "3.10.13", "2.0.58") == why


def test_what_is_kept_out_is_neither_tested_nor_pasted() -> None:
    out, stays, *_ = (snippet for snippet, server in makers_of_tables() if server == "postgresql")
    everything, *without = matrix.pytest_arguments([out])
    assert everything == "tests/snippets"
    names = ["antipatterns", "engine", "test_contract.py", "test_runs_as_pasted.py"]
    some = [f"tests/snippets/{name}" for name in names]
    words = [sys.executable, "-m", "pytest", "-n0", "--collect-only", "-q", "-p", "no:cacheprovider", *some, *without]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for snippet, is_there in ((out, False), (stays, True)):
        assert (f"{snippet.test.relative_to(ROOT).as_posix()}::" in found) is is_there
        assert (f"::test_runs_as_pasted[{snippet.key}-" in found) is is_there
        assert (f"::test_a_table_that_is_there_stays[{snippet.key}-" in found) is is_there
    # The contract of its file can be checked anywhere.
    assert f"test_the_contract_is_kept[{out.key}]" in found


def test_the_tests_are_counted_and_their_status_kept(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(
        "import pytest\ndef test_one(): pass\ndef test_two(): assert False\ndef test_three(): pytest.skip()\n"
    )
    words = ["-n0", "-o", "addopts=", f"--rootdir={tmp_path}", str(file)]
    run = matrix.run_pytest(Path(sys.executable), words, os.environ, tmp_path / "report.xml")
    assert run == (1, "1 passed, 1 failed, 1 skipped, exit status 1")
    run = matrix.run_pytest(Path(sys.executable), ["--no-such-option"], os.environ, tmp_path / "report.xml")
    assert run == (4, "no test was run, exit status 4")


def test_a_python_is_found_outside_of_our_environment_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.base_prefix) / "bin"))
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    found = matrix.find_python(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert found
    assert not Path(found).is_relative_to(sys.prefix)
    assert matrix.find_python("3.99") is None


def test_pyenv_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pyenv = tmp_path / "pyenv"
    pyenv.write_text(f'#!/bin/sh\n[ "$*" = "prefix 3.10" ] && echo {tmp_path}/3.10.13\n')
    pyenv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setattr(matrix, "uv", lambda *_, path="": path)
    assert matrix.find_python("3.10") == f"{tmp_path}/3.10.13/bin{os.pathsep}"
    assert matrix.find_python("3.11") == ""


class Machine:
    """A machine with some Pythons, on which Python 3.10 gets no newer SQLAlchemy than 2.0.58."""

    def __init__(self, pythons: Sequence[str]) -> None:
        self.pythons = pythons
        self.failing: set[str] = set()
        self.ran: list[str] = []

    def find_python(self, version: str) -> str | None:
        return f"{version}.7" if version in self.pythons else None

    def uv(self, *words: str, given: str = "") -> str:
        if words[1] == "find":
            return words[-1]
        return "sqlalchemy==2.0.58" if "=" in given or "3.10.7" in words else "sqlalchemy==2.1.9"

    def run_pytest(
        self, python: Path, arguments: Sequence[str], environment: Mapping[str, str], report: Path
    ) -> tuple[int, str]:
        cell = python.parents[1].name
        assert cell.endswith(environment["SQLALCHEMY_SERIES"])
        self.ran.append(cell)
        return (1, "2 failed") if cell in self.failing else (0, "12 passed")

    def results(self) -> list[dict[str, object]]:
        return list(json.loads((matrix.FOLDER / "results.json").read_text()))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """A machine with two Pythons, for two snippets of which one needs SQLAlchemy 2.1."""
    machine = Machine(["3.10", "3.13"])
    headed(tmp_path, "new", ">=3.10", "sqlalchemy>=2.1")
    headed(tmp_path, "old", ">=3.10", "flask>=3.0", "sqlalchemy>=2.0")
    monkeypatch.setattr(catalog, "FOLDER", tmp_path / "snippets")
    monkeypatch.setattr(matrix, "FOLDER", tmp_path / "build" / "matrix")
    for name in ("find_python", "uv", "run_pytest"):
        monkeypatch.setattr(matrix, name, getattr(machine, name))
    # Where a made-up snippet has its test.
    monkeypatch.setattr(matrix, "pytest_arguments", lambda kept_out: [snippet.key for snippet in kept_out])
    monkeypatch.setattr("tests.servers.mysqlclient.is_installed", lambda: True)
    monkeypatch.setattr("importlib.metadata.version", {"mysqlclient": "2.3.1"}.__getitem__)
    return machine


TOLD = """\
Python 3.10.7, SQLAlchemy 2.0.58
  without snippets/topic/new.py: its header says sqlalchemy>=2.1
Python 3.13.7, SQLAlchemy 2.1.9

Python 3.10.7   SQLAlchemy 2.0.58   passed: 12 passed
Python 3.13.7   SQLAlchemy 2.1.9    passed: 12 passed
"""


def test_the_corners_as_they_are_told_and_kept(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert matrix.main(["--corners", "--required"]) == 0
    assert capsys.readouterr().out == TOLD
    assert machine.results() == [
        {
            "python": "3.10.7",
            "sqlalchemy": "2.0.58",
            "outcome": "passed",
            "details": "12 passed",
            "without": ["topic/new"],
        },
        {"python": "3.13.7", "sqlalchemy": "2.1.9", "outcome": "passed", "details": "12 passed", "without": []},
    ]


@pytest.mark.usefixtures("machine")
def test_an_environment_has_what_headers_and_tests_need(tmp_path: Path) -> None:
    matrix.main(["--corners"])
    folder = tmp_path / "build" / "matrix"
    # The one that is kept out asks for nothing.
    assert (folder / "python3.10.7-sqlalchemy2.0.in").read_text().split() == [
        *("sqlalchemy==2.0.58", *matrix.TOOLS),
        *("flask>=3.0", "mysqlclient==2.3.1", "sqlalchemy>=2.0"),
    ]
    # What uv then prefers.
    assert (folder / "python3.10.7-sqlalchemy2.0.txt").read_text() == (ROOT / "requirements.txt").read_text()


def test_each_release_is_tested_once_on_a_python(machine: Machine) -> None:
    assert matrix.main([]) == 0
    assert machine.ran == [
        f"python{cell}" for cell in ("3.10.7-sqlalchemy2.0", "3.13.7-sqlalchemy2.0", "3.13.7-sqlalchemy2.1")
    ]
    assert [result["python"] for result in machine.results() if result["outcome"] == "not run"] == [
        "3.11",
        "3.11",
        "3.12",
        "3.12",
    ]


def test_a_cell_that_fails_fails_the_run_when_all_have_run(machine: Machine) -> None:
    machine.failing = {"python3.10.7-sqlalchemy2.0"}
    assert matrix.main(["--corners"]) == 1
    assert [result["outcome"] for result in machine.results()] == ["failed", "passed"]


def test_a_python_that_is_missing_fails_only_where_it_is_required(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.pythons = ["3.10"]
    assert matrix.main(["--corners"]) == 0
    why = "Python 3.13 is not on this machine, and uv could not install it"
    assert capsys.readouterr().out.splitlines()[-1] == f"Python 3.13     SQLAlchemy newest   not run: {why}"
    assert matrix.main(["--corners", "--required"]) == 1


def test_where_no_cell_can_be_run_this_python_is_tested(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = iter([None, None, f"{here}.7"])
    monkeypatch.setattr(matrix, "find_python", lambda _: next(found))
    assert matrix.main(["--corners"]) == 0
    assert machine.ran == [f"python{here}.7-sqlalchemy2.0", f"python{here}.7-sqlalchemy2.1"]


@pytest.mark.parametrize(("error", "status"), [(matrix.UvFailed("no network"), 1), (KeyboardInterrupt(), 130)])
def test_an_end_before_the_end(
    machine: Machine,
    error: BaseException,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(matrix, "uv", fails)
    assert matrix.main(["--corners"]) == status
    assert capsys.readouterr().out == "uv could not make the environment:\nno network\n" * (status == 1)
