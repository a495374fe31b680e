"""A bare machine gets what `.ci/run` asks for, and `make` sets its environment up when that is needed."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.snippets.catalog import ROOT

RUN = (ROOT / ".ci/run").read_text(encoding="utf-8")


def program(folder: Path, name: str, script: str) -> None:
    """Write a program for a machine that has no other."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


# What tests ask for


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The packages that `.ci/machine` installs on a machine that has nothing at all."""
    folder = tmp_path_factory.mktemp("bare")
    log = folder / "log"
    program(folder, "apt-get", f'echo "$@" >> {log}')
    bash = shutil.which("bash")
    assert bash
    subprocess.run([bash, ROOT / ".ci/machine"], env={"PATH": str(folder)}, capture_output=True, timeout=60, check=True)
    updated, installed = log.read_text().splitlines()
    assert updated == "update -qq"
    words = installed.split()
    assert words[0] == "install"
    return {word for word in words[1:] if not word.startswith("-")}


def asked() -> Iterator[tuple[str, str]]:
    """Yield each line that says what is missing for a test, as far as it is written out, with its place."""
    for folder in ("tests", "garden", "tools"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Assign(targets=[ast.Name("MISSING")], value=value):
                        pass
                    case ast.Call(ast.Name("missing"), args=[value]):
                        pass
                    case _:
                        continue
                text = "".join(str(part.value) for part in ast.walk(value) if isinstance(part, ast.Constant))
                if text and file != ROOT / "tests/snippets/engine/test_memory_pools.py":  # SQLite's words
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", text


ASKED = dict(asked())


def test_what_is_missing_is_found_where_it_is_said() -> None:
    files = {place.partition(":")[0] for place in ASKED}
    assert {"tests/servers/postgres.py", "tests/browser/firefox.py", "tests/tools/programs.py"} <= files
    assert len(ASKED) >= 12


def test_every_debian_package_that_a_test_asks_for_is_brought(brought: set[str]) -> None:
    wanted = {
        f"{place}: {package}": package
        for place, text in ASKED.items()
        for packages in re.findall(r"apt-get install ([\w.+-]+(?: [\w.+-]+)*)", text)
        for package in packages.split()
    }
    assert {"firefox-esr", "mariadb-server", "libmariadb-dev"} <= set(wanted.values())
    assert {place for place, package in wanted.items() if package not in brought} == set()


def test_everything_else_that_a_test_asks_for_is_done_before_the_tests() -> None:
    before = RUN[: min(RUN.index("make coverage"), RUN.index("make test"))]
    ways = ("apt-get install", "pip install -r requirements.txt", "-r tools/requirements-ci.txt", "make runtime")
    assert ".ci/machine\n" in before
    assert "make check\n" in before  # sets up .venv from requirements.txt
    assert "-r tools/requirements-ci.txt" in before
    assert "make runtime" in before
    others = {text for text in ASKED.values() if not any(way in text for way in ways)}
    assert {text for text in others if "does not answer" not in text} == set()


def test_what_is_brought_is_installed_only_where_it_is_missing(tmp_path: Path) -> None:
    there = {"git", "make", "firefox-esr", "mariadbd", "gcc"}
    for name in there:
        program(tmp_path, name, "")
    program(tmp_path, "ls", "")
    program(tmp_path, "python3", "")
    program(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/log')
    bash = shutil.which("bash")
    assert bash
    subprocess.run([bash, ROOT / ".ci/machine"], env={"PATH": str(tmp_path)}, timeout=60, check=True)
    installed = {word for word in (tmp_path / "log").read_text().splitlines()[1].split() if not word.startswith("-")}
    assert installed == {
        *("install", "chromium-headless-shell", "pgbouncer", "openssl", "pkg-config", "libmariadb-dev"),
    }


# The environment


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A project whose environment was set up after its requirements were written."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/ready").touch()
    os.utime(tmp_path / "requirements.txt", (0, 0))
    return tmp_path


def told(project: Path, *arguments: str) -> str:
    """Return the commands that `make` would run."""
    return make(project, "--dry-run", *arguments).stdout


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make` as a person would, also where these tests were started by one."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    return subprocess.run(
        ["make", *arguments], cwd=project, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_environment_that_is_there_is_used(made: Path) -> None:
    assert told(made, "check").startswith(".venv/bin/garden check\n")


def test_an_environment_is_set_up_again_when_requirements_change(made: Path) -> None:
    os.utime(made / "requirements.txt")
    os.utime(made / ".venv/ready", (0, 0))
    assert "-m venv --clear .venv" in told(made, "check")


@pytest.mark.parametrize("state", ["dangling", "broken", "absent"])
def test_an_environment_whose_python_does_not_run_is_set_up_again(made: Path, state: str) -> None:
    python = made / ".venv/bin/python"
    python.unlink()
    if state == "dangling":
        python.symlink_to(made / "gone/bin/python3.11")
    if state == "broken":
        program(python.parent, "python", "exit 127")
    commands = told(made, "check")
    assert "-m venv --clear .venv" in commands
    assert "\n.venv/bin/garden check\n" in commands


# The locks

UV = """for last; do :; done
case "$*" in *--upgrade*) echo 'b==2' ;; *) cat ${last%.in}.txt ;; esac > build/lock/${last%.in}.txt
echo "uv $*" >> log"""
LOCKS = ["requirements.txt", "tools/requirements-ci.txt", "garden/runtime/requirements.txt"]


@pytest.fixture
def locked(made: Path) -> Path:
    """A project with locks, and programs that write down how they are called."""
    (made / "garden/runtime").mkdir(parents=True)
    (made / "tools").mkdir()
    for name in LOCKS:
        (made / name).write_text("b==1\n")
        os.utime(made / name, (0, 0))
    (made / ".venv/bin/python").unlink()
    program(made / ".venv/bin", "uv", UV)
    program(made / ".venv/bin", "python", 'case "$1" in -IS) echo runs ;; *) echo "python $*" >> log ;; esac')
    return made


def test_a_lock_that_stays_the_same_is_not_touched(locked: Path) -> None:
    assert make(locked, "lock").returncode == 0
    assert [(locked / name).stat().st_mtime for name in LOCKS] == [0, 0, 0]
    log = (locked / "log").read_text()
    assert "--upgrade" not in log
    assert log.count("uv pip compile") == 3
    assert log.endswith("python -m garden.runtime --lock\n")
    assert told(locked, "check").startswith(".venv/bin/garden check\n")


def test_an_upgrade_takes_newer_releases_for_every_lock(locked: Path) -> None:
    assert make(locked, "lock", "UPGRADE=1").returncode == 0
    assert [(locked / name).read_text() for name in LOCKS] == ["b==2\n"] * 3
    assert (locked / "log").read_text().endswith("python -m garden.runtime --lock --upgrade\n")
    assert "-m venv --clear .venv" in told(locked, "check")


def test_a_lock_that_cannot_be_resolved_stays_as_it_is(locked: Path) -> None:
    program(locked / ".venv/bin", "uv", "echo 'b==3' > build/lock/requirements.txt; exit 1")
    assert make(locked, "lock").returncode
    assert (locked / "requirements.txt").read_text() == "b==1\n"
