"""Mutation: a change of a snippet that no test notices is told, unless it is on the list of survivors with a reason."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.snippets.catalog import ROOT, all_snippets
from tools.mutation import __main__ as mutation
from tools.mutation.mutants import mutants
from tools.mutation.report import Result, Survivor, listed, problems, table

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
    assert first.key == ("a = 1", "a = 2")


RESULT = Result("topic/one", 20, [Survivor(3, "a = 1", "a = 2"), Survivor(4, "b()", "pass")], 12.3)
LIST = """\
[[survivor]]
snippet = "topic/one"
line = "a = 1"
becomes = "a = 2"
reason = "It is a made-up number."
"""


@pytest.fixture
def reasons(tmp_path: Path) -> Path:
    """A list of survivors with one entry."""
    file = tmp_path / "survivors.toml"
    file.write_text(LIST)
    return file


def test_the_table_counts(reasons: Path) -> None:
    assert [line.split() for line in table([RESULT], listed(reasons))] == [
        ["snippet", "mutants", "killed", "survived", "listed", "seconds"],
        ["topic/one", "20", "18", "2", "1", "12"],
        ["all", "20", "18", "2", "1", "12"],
    ]


def test_a_survivor_without_a_reason_is_told(reasons: Path) -> None:
    told = "snippets/topic/one.py:4: no test notices\n    - b()\n    + pass"
    assert problems([RESULT], listed(reasons)) == [told]


def test_a_reason_without_a_survivor_is_told(reasons: Path) -> None:
    killed = Result("topic/one", 20, [], 1.0)
    what = "survivors.toml: topic/one: does not survive, or does not exist; remove it from the list"
    assert problems([killed], listed(reasons)) == [f"{what}\n    - a = 1\n    + a = 2"]


def test_one_that_survives_by_chance_may_be_killed(reasons: Path) -> None:
    reasons.write_text(f"{LIST}chance = true\n")
    assert problems([Result("topic/one", 20, [], 1.0)], listed(reasons)) == []


def test_too_few_killed_is_told_even_if_all_are_listed(reasons: Path) -> None:
    few = Result("topic/one", 5, [Survivor(3, "a = 1", "a = 2")], 1.0)
    assert problems([few], listed(reasons)) == ["4 of 5 mutants were killed: fewer than 90%"]


def test_the_demo_is_asked_on_every_server_that_the_snippet_names() -> None:
    several = [snippet for snippet in all_snippets() if len(snippet.servers) > 1]
    assert several
    for snippet in several:
        tests = mutation.tests_of(snippet)
        assert tests[0] == snippet.test.relative_to(ROOT).as_posix()
        for server in snippet.servers[1:]:
            assert f"tests/snippets/test_runs_as_pasted.py::test_runs_as_pasted[{snippet.key}-{server}]" in tests


def test_a_demo_that_drops_tables_is_asked_to_refuse() -> None:
    drops = next(snippet for snippet in all_snippets() if snippet.key == "engine/core_app")
    refused = [test for test in mutation.tests_of(drops) if "table_that_is_there" in test]
    assert [test.partition("[")[2] for test in refused] == ["engine/core_app-sqlite]", "engine/core_app-postgresql]"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the mutations need, with one made-up snippet."""
    topics = [folder.name for folder in (ROOT / "snippets").iterdir() if folder.is_dir()]
    ignore = shutil.ignore_patterns("__pycache__", "garden", "site", "bench", *topics)
    for folder in ("tests", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tools/mutation/survivors.toml").write_text("")
    for folder in ("garden", "snippets/topic", "tests/snippets/topic"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "snippets/topic/one.py").write_text(SNIPPET)
    (tmp_path / "snippets/topic/one.out").write_text("2\n")
    return tmp_path


def run(project: Path, test: str) -> tuple[int, str]:
    """Mutate the snippet of a project, with this test; return the exit status and what was printed."""
    (project / "tests/snippets/topic/test_one.py").write_text(f"from snippets.topic.one import more\n\n\n{test}\n")
    command = [sys.executable, "-m", "tools.mutation"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_test_with_teeth_kills_every_mutant(project: Path) -> None:
    status, said = run(project, "def test_it() -> None:\n    assert more(1) == 2")
    assert status == 0, said
    assert "topic/one: 5 of 5 killed" in said
    assert (project / "snippets/topic/one.py").read_text() == SNIPPET


def test_a_test_without_leaves_survivors_and_says_which(project: Path) -> None:
    (project / "snippets/topic/one.py").write_text(SNIPPET.replace("print(more(1))", "print(2)"))
    status, said = run(project, "def test_it() -> None:\n    assert more")
    assert status == 1
    assert "snippets/topic/one.py:13: no test notices\n    - return number + 1\n    + return number - 1\n" in said
    assert "mutants were killed: fewer than 90%" in said


def test_tests_that_fail_without_a_mutation_are_told(project: Path) -> None:
    status, said = run(project, "def test_it() -> None:\n    assert more(1) == 3")
    assert status == 1
    assert "topic/one: its tests fail without a mutation" in said
    assert "Traceback" not in said
