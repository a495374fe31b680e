"""The matrix: which cells there are, what runs in each, and what is said of them. No cell is run here."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from garden.snippets.catalogue import Snippet
from tests.snippets import catalogue
from tests.snippets.catalogue import all_snippets
from tools import matrix
from tools.matrix import CannotMake, Cell, NoSuchCell, Versions
from tools.pytest_run import ROOT, Run

GOOD = Run(12, 0, 1, 3.6)
BAD = Run(10, 2, 0, 4.0, ("tests/snippets/a/test_b.py::test_it[one two]", "tests/snippets/a/test_b.py::test_c"), "no")


def test_a_cell_for_each_python_and_series() -> None:
    every = matrix.cells(["3.10", "3.11"], ["2.0", "2.1"], corners=False)
    assert every == [Cell("3.10", "2.0"), Cell("3.10", "2.1"), Cell("3.11", "2.0"), Cell("3.11", "2.1")]


def test_the_corners_are_the_oldest_and_the_newest() -> None:
    corners = matrix.cells(["3.10", "3.11", "3.12"], ["2.0", "2.1"], corners=True)
    assert corners == [Cell("3.10", "2.0"), Cell("3.12", "2.1")]


def test_cells_have_names_and_folders_of_their_own() -> None:
    every = matrix.cells(matrix.PYTHONS, matrix.SERIES, corners=False)
    assert str(every[0]) == "Python 3.10, SQLAlchemy 2.0"
    assert len({cell.folder for cell in every}) == len({cell.file("requirements.txt") for cell in every}) == len(every)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for made-up snippets."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path / "snippets")
    return tmp_path / "snippets"


def headed(folder: Path, python: str, *dependencies: str) -> Snippet:
    """Return a snippet with this header."""
    path = folder / "topic" / "made_up.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{dependency}"' for dependency in dependencies)
    path.write_text(f'# /// script\n# requires-python = "{python}"\n# dependencies = [{listed}]\n# ///\n')
    return Snippet(path)


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
def test_a_header_decides_where_its_snippet_runs(python: str, dependency: str, why: str | None, folder: Path) -> None:
    assert matrix.what_keeps_out(headed(folder, python, dependency), Versions("3.10.13", "2.0.58")) == why


def test_what_is_kept_out_is_neither_tested_nor_pasted() -> None:
    out, stays = all_snippets()[:2]
    everything, *without = matrix.pytest_arguments([out])
    assert everything == "tests/snippets"
    some = ["tests/snippets/antipatterns", "tests/snippets/test_contract.py", "tests/snippets/test_runs_as_pasted.py"]
    words = [sys.executable, "-m", "pytest", "-n0", "--collect-only", "-q", "-p", "no:cacheprovider", *some, *without]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for snippet, is_there in ((out, False), (stays, True)):
        assert (f"{snippet.test.relative_to(ROOT).as_posix()}::" in found) is is_there
        assert (f"::test_runs_as_pasted[{snippet.key}-" in found) is is_there
    # The contract of its file can be checked anywhere.
    assert f"test_the_contract_is_kept[{out.key}]" in found


def test_an_environment_holds_what_the_tests_import() -> None:
    files = [ROOT / "tests" / "conftest.py", *(ROOT / "tests" / "servers").glob("*.py")]
    files += (ROOT / "tests" / "snippets").rglob("*.py")
    imported: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module)
    headers = [requirement for one in all_snippets() for requirement in one.header["dependencies"]]
    held = {Requirement(one).name.lower().replace("-", "_") for one in [*headers, *matrix.TOOLS]}
    # tomli comes with pytest, where Python has no tomllib.
    ours = {"tests", "snippets", "runner", "tomli"}
    others = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert others - held - ours == set(), "name them in tools/matrix.py: TOOLS"


def test_the_table_has_a_line_for_each_cell() -> None:
    rows = [(Versions("3.10.13", "2.0.58"), GOOD), (Versions("3.9", "2.1"), BAD)]
    assert matrix.table(rows).splitlines() == [
        "cell                               passed  failed  skipped  seconds",
        "Python 3.10.13, SQLAlchemy 2.0.58      12       0        1        4",
        "Python 3.9, SQLAlchemy 2.1             10       2        0        4",
    ]


@pytest.mark.parametrize(
    ("runs", "absent", "in_ci", "status"),
    [
        ([GOOD, GOOD], [], True, 0),
        ([GOOD, BAD], [], False, 1),
        ([GOOD], ["3.12"], False, 0),
        ([GOOD], ["3.12"], True, 1),
        ([], [], False, 1),
    ],
)
def test_the_exit_status(runs: list[Run], absent: list[str], in_ci: bool, status: int) -> None:
    rows = [(Versions("3.10.13", "2.0.58"), run) for run in runs]
    assert matrix.status(rows, absent, in_ci=in_ci) == status


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Python 3.12, where SQLAlchemy 2.1 needs 3.11, and all tests pass."""

    def newest(cell: Cell, python: Path) -> Versions:
        if cell == Cell("3.10", "2.1"):
            raise NoSuchCell("SQLAlchemy 2.1 needs Python >=3.11")
        return Versions(f"{cell.python}.7", f"{cell.series}.5")

    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(matrix, "FOLDER", tmp_path / "build" / "matrix")
    monkeypatch.setattr(matrix, "find_python", lambda version: None if version == "3.12" else Path(f"python{version}"))
    monkeypatch.setattr(matrix, "newest", newest)
    monkeypatch.setattr(matrix, "make_environment", lambda cell, *_: ROOT / "build" / "matrix" / cell.series)
    monkeypatch.setattr(matrix, "run_pytest", lambda *_: GOOD)


WHOLE = """\
Python 3.12 is missing, so its cells are not run: `.venv/bin/uv python install 3.12`
Python 3.10.7, SQLAlchemy 2.0.5
Python 3.10, SQLAlchemy 2.1: no such cell, SQLAlchemy 2.1 needs Python >=3.11
Python 3.11.7, SQLAlchemy 2.0.5
Python 3.11.7, SQLAlchemy 2.1.5
Python 3.13.7, SQLAlchemy 2.0.5
Python 3.13.7, SQLAlchemy 2.1.5

cell                             passed  failed  skipped  seconds
Python 3.10.7, SQLAlchemy 2.0.5      12       0        1        4
Python 3.11.7, SQLAlchemy 2.0.5      12       0        1        4
Python 3.11.7, SQLAlchemy 2.1.5      12       0        1        4
Python 3.13.7, SQLAlchemy 2.0.5      12       0        1        4
Python 3.13.7, SQLAlchemy 2.1.5      12       0        1        4
"""


@pytest.mark.usefixtures("machine")
def test_the_whole_matrix_as_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert matrix.main([]) == 0
    assert capsys.readouterr().out == WHOLE


@pytest.mark.usefixtures("machine")
def test_in_ci_a_missing_python_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert matrix.main([]) == 1
    assert matrix.main(["--corners"]) == 0


@pytest.mark.usefixtures("machine")
def test_a_cell_that_fails_shows_how_and_how_to_repeat_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[object] = []

    def run(python: Path, arguments: list[str], environment: dict[str, str]) -> Run:
        given.append((python, arguments, environment["SQLALCHEMY_SERIES"]))
        return BAD if len(given) == 1 else GOOD

    monkeypatch.setattr(matrix, "run_pytest", run)
    assert matrix.main(["--corners"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(
        "Python 3.10.7, SQLAlchemy 2.0.5\nno\none of them again: SQLALCHEMY_SERIES=2.0 build/matrix/2.0 -m pytest "
        "'tests/snippets/a/test_b.py::test_it[one two]'\nPython 3.13.7, SQLAlchemy 2.1.5\n"
    )
    assert given == [
        (ROOT / "build/matrix/2.0", ["--tb=short", "tests/snippets", matrix.WITHOUT_BROWSER], "2.0"),
        (ROOT / "build/matrix/2.1", ["--tb=short", "tests/snippets", matrix.WITHOUT_BROWSER], "2.1"),
    ]


@pytest.mark.usefixtures("machine")
def test_a_snippet_that_is_kept_out_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = all_snippets()[:2]
    monkeypatch.setattr(matrix, "what_keeps_out", lambda snippet, _: "sqlalchemy>=3" if snippet == one else None)
    made: list[Snippet] = []
    monkeypatch.setattr(matrix, "make_environment", lambda cell, python, versions, snippets: made.extend(snippets))
    matrix.run_cell(Cell("3.10", "2.0"), Path("python"), Versions("3.10.7", "2.0.5"))
    assert capsys.readouterr().out == f"  without snippets/{one.key}.py: its header says sqlalchemy>=3\n"
    assert other in made
    assert one not in made


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("error", "told", "status"),
    [
        (CannotMake("error: no network"), "uv could not make the environment:\nerror: no network\n", 1),
        (KeyboardInterrupt(), "stopped\n", 130),
    ],
)
def test_an_end_before_the_end(
    error: BaseException, told: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> Path:
        raise error

    monkeypatch.setattr(matrix, "make_environment", fails)
    assert matrix.main(["--corners"]) == status
    assert capsys.readouterr().out == f"Python 3.10.7, SQLAlchemy 2.0.5\n{told}"


REFUSED = """\
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.10.13) does not satisfy Python>=3.11 and sqlalchemy>=2.1.0 depends on \
Python>=3.11, we can conclude that sqlalchemy>=2.1.0 cannot be used."""


def test_a_series_that_needs_another_python_is_no_cell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    says = REFUSED

    def refuses(*_: object) -> None:
        raise CannotMake(says)

    monkeypatch.setattr(matrix, "FOLDER", tmp_path)
    monkeypatch.setattr(matrix, "uv", refuses)
    with pytest.raises(NoSuchCell, match=r"^SQLAlchemy 2\.1 needs Python >=3\.11$"):
        matrix.newest(Cell("3.10", "2.1"), Path(sys.executable))
    says = "error: Failed to fetch sqlalchemy"
    with pytest.raises(CannotMake, match="Failed to fetch"):
        matrix.newest(Cell("3.10", "2.1"), Path(sys.executable))


def test_an_environment_is_made_of_the_headers_and_the_pinned_versions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    told: list[list[str]] = []
    cell = Cell("3.10", "2.0")
    monkeypatch.setattr(matrix, "FOLDER", tmp_path)
    monkeypatch.setattr(matrix, "uv", lambda *words: told.append([str(word) for word in words]))
    monkeypatch.setattr("tests.servers.mysqlclient.is_installed", lambda: True)
    monkeypatch.setattr("importlib.metadata.version", lambda name: {"mysqlclient": "2.3.1"}[name])
    one = headed(folder, ">=3.10", "sqlalchemy>=2.0", "flask>=3.0")
    inside = matrix.make_environment(cell, Path("python3.10"), Versions("3.10.13", "2.0.58"), [one])
    assert inside == cell.folder / "bin" / "python"
    assert cell.file("requirements.in").read_text().split() == [
        *("sqlalchemy==2.0.58", *matrix.TOOLS),
        *("flask>=3.0", "mysqlclient==2.3.1", "sqlalchemy>=2.0"),
    ]
    # What uv then prefers.
    assert cell.file("requirements.txt").read_text() == (ROOT / "requirements.txt").read_text()
    assert [words[:2] for words in told] == [["pip", "compile"], ["venv", "--quiet"], ["pip", "sync"]]
    assert "--only-binary=:all:" in told[0]
    assert told[0][-2:] == [str(cell.file("requirements.txt")), str(cell.file("requirements.in"))]
    assert told[1][-2:] == ["python3.10", str(cell.folder)]
    assert told[2][-2:] == [str(inside), str(cell.file("requirements.txt"))]


def test_uv_that_fails_says_why() -> None:
    with pytest.raises(CannotMake, match="unrecognized subcommand 'no-such-command'"):
        matrix.uv("no-such-command")


def test_a_python_that_is_missing_is_not_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert matrix.find_python("3.99") is None
    ours = ".".join(map(str, sys.version_info[:2]))
    # Outside of our environment, too: an environment is made from a Python, not from another environment.
    monkeypatch.setenv("PATH", f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{tmp_path}")
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    found = matrix.find_python(ours)
    assert found
    assert not found.is_relative_to(sys.prefix)


def test_pyenv_has_its_newest_release_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("3.10.9", "3.10.13", "3.10-dev", "3.10.13t", "3.11.1", "3.1.0"):
        (tmp_path / "root" / "versions" / name / "bin").mkdir(parents=True)
    pyenv = tmp_path / "pyenv"
    pyenv.write_text(f"#!/bin/sh\n[ $1 = root ] && echo {tmp_path / 'root'}\n")
    pyenv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    versions = tmp_path / "root" / "versions"
    assert matrix.pyenv_folders("3.10") == [versions / "3.10.13" / "bin", versions / "3.10.9" / "bin"]
    pyenv.unlink()
    assert matrix.pyenv_folders("3.10") == []
