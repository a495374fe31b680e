"""proofs.json: written by a run of the tests, for each snippet whose tests have all run and passed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.snippets.catalog import ROOT

SNIPPET = '''\
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Made up.

Use it here, not there.

Servers: SQLite.
"""


# --8<-- [start:one]
def one() -> int:
    """Return one."""
    return 1
# --8<-- [end:one]


def demo() -> None:
    """Print it."""
    print(one())


if __name__ == "__main__":
    demo()
'''
TEST = """\
import sqlite3

import pytest

from snippets.topic import {name}


@pytest.mark.parametrize("case", ["a", "b"])
def test_it_is_one(case: str) -> None:
    assert {name}.one() == 1


def test_it_says_so() -> None:
    pass
"""


# Stand-ins for the tests that every snippet has: the same names, little work.
CONTRACT = """\
import pytest

from tests.snippets.catalog import all_snippets


@pytest.mark.parametrize("snippet", all_snippets(), ids=lambda snippet: snippet.key)
def test_the_contract_is_kept(snippet) -> None:
    assert snippet.test.is_file()
"""
PASTED = """\
import pytest

from tests.snippets.catalog import all_snippets

CASES = [(snippet, server) for snippet in all_snippets() for server in snippet.servers]


@pytest.mark.parametrize(("snippet", "server"), CASES, ids=[f"{snippet.key}-{server}" for snippet, server in CASES])
def test_runs_as_pasted(snippet, server) -> None:
    assert snippet.kept_output(server).read_text() == "1\\n"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this repository's test fixtures with two made-up snippets, `one` and `two`."""
    files = ["pyproject.toml", "mkdocs.yml", "tests/__init__.py", "tests/conftest.py"]
    files += [f"tests/servers/{name}.py" for name in ("__init__", "fix_postgres", "fix_mariadb")]
    files += [f"tests/snippets/{name}.py" for name in ("__init__", "catalog", "conftest", "network")]
    for folder in ("snippets/topic", "tests/servers", "tests/snippets/topic"):
        (tmp_path / folder).mkdir(parents=True)
    for file in files:
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "tests/snippets/test_contract.py").write_text(CONTRACT)
    (tmp_path / "tests/snippets/test_runs_as_pasted.py").write_text(PASTED)
    for name in ("one", "two"):
        (tmp_path / f"snippets/topic/{name}.py").write_text(SNIPPET)
        (tmp_path / f"snippets/topic/{name}.out").write_text("1\n")
        (tmp_path / f"tests/snippets/topic/test_{name}.py").write_text(TEST.format(name=name))
    return tmp_path


def run(project: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Run the tests of a project; return the exit status and the proofs that are there afterwards."""
    words = ["-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-n0"]
    command = [sys.executable, "-m", "pytest", *words, *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    file = project / "proofs.json"
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(file.read_text()) if file.exists() else {}


def change(project: Path, file: str, old: str, new: str) -> None:
    """Change a file of a project."""
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_of_all_tests_proves_every_snippet(project: Path, workers: str) -> None:
    status, proofs = run(project, "--proofs", "-n", workers)
    assert status == 0
    assert list(proofs) == ["topic/one.py", "topic/two.py"]
    proof = proofs["topic/one.py"]
    file = "tests/snippets/topic/test_one.py"
    assert [(test["name"], test["file"]) for test in proof["tests"]] == [
        ("test_it_is_one[a]", file),
        ("test_it_is_one[b]", file),
        ("test_it_says_so", file),
        ("test_the_contract_is_kept[topic/one]", "tests/snippets/test_contract.py"),
        ("test_runs_as_pasted[topic/one-sqlite]", "tests/snippets/test_runs_as_pasted.py"),
    ]
    assert (project / file).read_text().splitlines()[proof["tests"][2]["line"] - 1] == "def test_it_says_so() -> None:"
    assert proof["sha256"] == sha256(SNIPPET.encode()).hexdigest()
    assert (proof["skipped"], proof["servers"], proof["commit"]) == ([], [], "unknown")
    assert proof["versions"] == {"python": ".".join(map(str, sys.version_info[:3]))}


def test_without_the_option_nothing_is_written(project: Path) -> None:
    assert run(project) == (0, {})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("plugins: [garden: {proof: required}]\n", "mkdocs.yml:1: `proof` is no setting; did you mean `proofs`?"),
        (None, "No such file or directory"),
    ],
)
def test_a_site_whose_settings_cannot_be_read_gets_none(project: Path, text: str | None, what: str) -> None:
    (project / "mkdocs.yml").unlink()
    if text:
        (project / "mkdocs.yml").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n0", "--noconftest", "--proofs"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.startswith("ERROR: --proofs: ")
    assert what in done.stderr


def test_a_failed_test_takes_the_proof_away_and_leaves_the_others(project: Path) -> None:
    run(project, "--proofs")
    change(project, "tests/snippets/topic/test_one.py", "    pass", "    assert False")
    status, proofs = run(project, "--proofs")
    assert (status, list(proofs)) == (1, ["topic/two.py"])


def test_an_output_that_drifted_takes_the_proof_away(project: Path) -> None:
    (project / "snippets/topic/one.out").write_text("2\n")
    assert list(run(project, "--proofs")[1]) == ["topic/two.py"]


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "not says_so"),
        ("-n", "2", "-k", "not says_so"),
        ("tests/snippets/topic/test_one.py::test_it_says_so",),
        ("tests/snippets/topic",),
        ("--deselect", "tests/snippets/test_contract.py"),
    ],
)
def test_a_part_of_the_tests_proves_nothing(project: Path, options: tuple[str, ...]) -> None:
    assert run(project, "--proofs", *options) == (0, {})


def test_a_part_of_the_tests_leaves_older_proofs_alone(project: Path) -> None:
    _, before = run(project, "--proofs")
    assert run(project, "--proofs", "tests/snippets/topic")[1] == before


def test_an_older_proof_goes_with_the_text_that_it_speaks_of(project: Path) -> None:
    run(project, "--proofs")
    change(project, "snippets/topic/one.py", "Made up", "Made over")
    assert list(run(project, "--proofs", "tests/snippets/topic")[1]) == ["topic/two.py"]


def test_a_run_that_stops_at_a_failure_writes_nothing(project: Path) -> None:
    change(project, "tests/snippets/topic/test_one.py", "    pass", "    assert False")
    assert run(project, "--proofs", "-x") == (1, {})


def test_a_snippet_that_changes_during_the_run_is_not_proved(project: Path) -> None:
    file = project / "snippets/topic/one.py"
    change(project, "tests/snippets/topic/test_one.py", "    pass", f"    open({str(file)!r}, 'a').write('# more')")
    assert list(run(project, "--proofs")[1]) == ["topic/two.py"]


def test_a_skipped_test_is_named(project: Path) -> None:
    change(project, "tests/snippets/topic/test_one.py", "    pass", "    pytest.skip('no server')")
    proof = run(project, "--proofs")[1]["topic/one.py"]
    assert proof["skipped"] == ["test_it_says_so"]
    assert "test_it_says_so" not in [test["name"] for test in proof["tests"]]


def test_a_snippet_whose_own_tests_are_all_skipped_is_not_proved(project: Path) -> None:
    change(
        project,
        "tests/snippets/topic/test_one.py",
        "import pytest\n",
        "import pytest\n\npytestmark = pytest.mark.skip\n",
    )
    assert list(run(project, "--proofs")[1]) == ["topic/two.py"]


def test_the_servers_and_packages_that_were_used_are_named(project: Path) -> None:
    change(project, "snippets/topic/one.py", "dependencies = []", 'dependencies = ["sqlalchemy>=2.0"]')
    change(project, "snippets/topic/one.py", '"""\n\n\n', '"""\n\nimport sqlalchemy  # noqa: F401\n\n\n')
    body = "    from tests.conftest import SERVERS_USED as used\n"
    body += "    request.config.stash[used]['tmp_path'] = 'Made 1.2 (up)'"
    change(project, "tests/snippets/topic/test_one.py", "    pass", body)
    change(project, "tests/snippets/topic/test_one.py", "so()", "so(request: pytest.FixtureRequest, tmp_path: object)")
    status, proofs = run(project, "--proofs")
    assert status == 0
    assert proofs["topic/one.py"]["servers"][0] == "Made 1.2"
    assert proofs["topic/one.py"]["servers"][1].startswith("SQLite 3.")
    assert set(proofs["topic/one.py"]["versions"]) == {"python", "sqlalchemy"}


def test_the_commit_is_named_and_whether_files_were_changed_since(project: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout.strip()

    (project / ".gitignore").write_text("__pycache__/\n.hypothesis/\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "all")
    head = git("rev-parse", "--short=12", "HEAD")
    assert run(project, "--proofs")[1]["topic/one.py"]["commit"] == head
    change(project, "snippets/topic/one.py", "Made up", "Made over")
    assert run(project, "--proofs")[1]["topic/one.py"]["commit"] == f"{head}+"
