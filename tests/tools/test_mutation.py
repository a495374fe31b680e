"""Mutation: how many changes of a snippet its tests notice, and which they miss."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.snippets.catalog import ROOT, all_snippets
from tests.snippets.test_demo import without_sqlite
from tools.mutation import __main__ as mutation
from tools.mutation.__main__ import Result
from tools.mutation.mutants import Mutant, mutants

SNIPPET = '''\
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Made up.

Servers: SQLite.
"""


def more(number: int) -> int:
    """Return one more."""
    return number + 1


def demo() -> None:
    """Print it."""
    print(more(1))


if __name__ == "__main__":
    demo()
'''


def changes(body: str) -> list[str]:
    """Return what the line of a function becomes, in all mutants."""
    return [mutant.becomes for mutant in mutants(f"def f(a, b):\n    {body}\n")]


@pytest.mark.parametrize(
    ("body", "becomes"),
    [
        ("return a + 1", ["return", "return a - 1", "return a + 2"]),
        ("a.close()", ["pass"]),
        ("return a < b", ["return", "return a <= b"]),
        ("a.b = 1", ["pass", "a.b = 2"]),
        ("call(a, b=b)", ["pass", "call(a)"]),
        ("assert a", ["pass"]),
    ],
)
def test_what_is_changed(body: str, becomes: list[str]) -> None:
    assert sorted(changes(body)) == sorted(becomes)


def test_a_with_is_left_out_and_a_condition_negated() -> None:
    source = "def f(a):\n    with a:\n        if a:\n            b()\n"
    assert {"if True:", "if not (a):", "pass"} <= {mutant.becomes for mutant in mutants(source)}


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""\n',
        "import os\nfrom sys import argv\n",
        "number: int\n",
        "def f(a: 'int') -> 'int': ...\n",
        'if __name__ == "__main__":\n    demo()\n',
        'print("a text that the kept output has")\n',
    ],
)
def test_what_no_reader_could_tell_is_left_alone(source: str) -> None:
    assert [mutant.becomes for mutant in mutants(source) if mutant.becomes != "pass"] == []


def test_a_mutant_says_where_it_is_and_is_a_whole_source() -> None:
    [first, *_] = mutants("a = 1\nb = 2\n")
    assert (first.number, first.line, first.becomes, first.source) == (1, "a = 1", "a = 2", "a = 2\nb = 2\n")


MUTANT = Mutant(3, "a = 1", "a = 2", "")


@pytest.mark.parametrize(("threshold", "short"), [(80, False), (90, False), (91, True)])
def test_fewer_than_the_threshold_fall_short(threshold: int, short: bool) -> None:
    result = Result("topic/one", 20, [MUTANT, MUTANT], threshold)
    assert result.falls_short is short
    assert str(result) == "topic/one: 18 of 20 mutants killed" + ": fewer than 91 %" * short


def test_the_report_has_a_row_for_each_snippet_and_what_no_test_noticed() -> None:
    results = [Result("topic/one", 20, [MUTANT, MUTANT], 91), Result("topic/two", 5, [], 80)]
    told = mutation.report(results).splitlines()
    assert told[4:6] == ["| topic/one | 20 | 18 | **90%** | 91% |", "| topic/two | 5 | 5 | 100% | 80% |"]
    assert told[-4:] == ["snippets/topic/one.py:3", "- a = 1", "+ a = 2", "```"]


def test_each_exception_is_of_a_snippet_and_has_a_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["garden"]["mutation"]
    assert settings["exceptions"].keys() <= {snippet.key for snippet in all_snippets()}
    for exception in settings["exceptions"].values():
        assert exception["threshold"] < settings["threshold"]
        assert exception["reason"]


def test_the_demo_is_asked_on_every_server_that_the_snippet_names() -> None:
    several = [snippet for snippet in all_snippets() if len(snippet.servers) > 1]
    assert several
    for snippet in several:
        tests = mutation.tests_of(snippet)
        assert tests[0] == snippet.test.relative_to(ROOT).as_posix()
        for server in snippet.servers[1:]:
            assert f"tests/snippets/test_runs_as_pasted.py::test_runs_as_pasted[{snippet.key}-{server}]" in tests


def test_a_demo_that_needs_a_server_is_asked_to_say_so() -> None:
    test = "tests/snippets/test_demo.py::test_it_says_which_server_it_needs"
    asked = [snippet for snippet in all_snippets() if f"{test}[{snippet.key}]" in mutation.tests_of(snippet)]
    assert asked == without_sqlite() != []


def test_a_demo_that_drops_tables_is_asked_to_refuse() -> None:
    drops = next(snippet for snippet in all_snippets() if snippet.key == "engine/core_app")
    refused = [test for test in mutation.tests_of(drops) if "table_that_is_there" in test]
    assert [test.partition("[")[2] for test in refused] == ["engine/core_app-sqlite]", "engine/core_app-postgresql]"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the mutations need, with one made-up snippet."""
    topics = [folder.name for folder in (ROOT / "snippets").iterdir() if folder.is_dir()]
    ignored = shutil.ignore_patterns("__pycache__", "browser", "unit", "bench", "theme", *topics)
    for name in ("tests", "tools", "garden"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "mkdocs.yml"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("snippets/topic", "tests/snippets/topic"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "snippets/topic/one.py").write_text(SNIPPET)
    (tmp_path / "snippets/topic/one.out").write_text("2\n")
    return tmp_path


def run(project: Path, test: str, *keys: str) -> tuple[int, str]:
    """Mutate the snippet of a project, with this test; return the exit status and what was printed."""
    (project / "tests/snippets/topic/test_one.py").write_text(f"from snippets.topic.one import more\n\n\n{test}\n")
    command = [sys.executable, "-m", "tools.mutation", *keys]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_test_with_teeth_kills_every_mutant(project: Path) -> None:
    assert run(project, "def test_it() -> None:\n    assert more(1) == 2") == (0, "topic/one: 5 of 5 mutants killed\n")
    assert (project / "snippets/topic/one.py").read_text() == SNIPPET


def test_a_test_without_leaves_survivors_and_the_report_says_which(project: Path) -> None:
    (project / "snippets/topic/one.py").write_text(SNIPPET.replace("print(more(1))", "print(2)"))
    status, said = run(project, "def test_it() -> None:\n    assert more")
    assert (status, said) == (1, "topic/one: 2 of 5 mutants killed: fewer than 80 %\n")
    report = (project / "build/mutation.md").read_text()
    assert "snippets/topic/one.py:13\n- return number + 1\n+ return number - 1\n" in report


def test_what_is_pasted_is_the_mutant(project: Path) -> None:
    # A snippet that starts processes runs as pasted only.
    (project / "snippets/topic/one.py").write_text(SNIPPET.replace("Made up.", "Made up, and named after a fork."))
    assert run(project, "def test_it() -> None:\n    assert more") == (0, "topic/one: 5 of 5 mutants killed\n")


@pytest.mark.parametrize("body", ["while True: pass", "os._exit(0)"])
def test_a_mutant_that_hangs_or_ends_the_process_is_killed(project: Path, body: str) -> None:
    test = f"import os\n\n\ndef test_it() -> None:\n    if more(1) != 2:\n        {body}"
    assert run(project, test) == (0, "topic/one: 5 of 5 mutants killed\n")


def test_tests_that_fail_without_a_mutation_are_told(project: Path) -> None:
    status, said = run(project, "def test_it() -> None:\n    assert more(1) == 3")
    assert status == 1
    assert said.startswith("topic/one: its tests fail without a mutation\n")
    assert "Traceback" not in said


def test_a_snippet_that_does_not_exist_is_told(project: Path) -> None:
    status, said = run(project, "", "topic/none")
    assert (status, said) == (2, "no snippet is called topic/none; write topic/name, as its path below snippets/\n")
