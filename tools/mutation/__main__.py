"""Mutate the snippets and run their tests: `python -m tools.mutation [topic/name …]`.

The work is done in a copy of the tree. What has been found is kept in build/mutation, so that a run that was
stopped goes on where it was; a change to a snippet or to its tests begins that snippet anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from garden.snippets.catalog import Snippet
from tests.snippets.catalog import ROOT, all_snippets
from tests.snippets.test_demo import in_one_process, on_a_server, with_a_choice
from tests.snippets.test_runs_as_pasted import FIXTURES, makers_of_tables
from tools.mutation.mutants import Mutant, mutants
from tools.mutation.report import Result, Survivor, listed, problems, table
from tools.mutation.trial import HUNG, PASSED, TrialError, Trials, trials

# Where files are in memory, on Linux: the tests write many databases.
MEMORY = Path("/dev/shm")
TIMES = count(2**30)

COPIED = ["snippets", "tests", "tools", "garden", "pyproject.toml"]
# How a mutant's tests ended, and how many seconds they took.
Outcome = tuple[str, float]

SURVIVORS = Path(__file__).with_name("survivors.toml")


class NotClean(Exception):
    """The tests of a snippet fail without any mutation; the text is what they print."""


def main(keys: Sequence[str]) -> int:
    """Copy the tree and go on there; return the exit code."""
    with TemporaryDirectory(prefix="mutation-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(folder) / name)
        # CI: a server that is missing fails a test instead of skipping it.
        environment = {**os.environ, "CI": "true", "PYTHONPATH": folder, "TMPDIR": folder}
        command = [sys.executable, "-m", "tools.mutation", "--in-the-copy", str(ROOT / "build" / "mutation"), *keys]
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def main_in_the_copy(kept: Path, keys: Sequence[str]) -> int:
    """Mutate the snippets of this tree, which is a copy; return the exit code."""
    kept.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    with trials() as runner:
        for snippet in all_snippets():
            if snippet.key in keys or not keys:
                name = snippet.key.replace("/", ".")
                try:
                    results.append(examined(snippet, runner, kept / f"{name}.jsonl"))
                except (NotClean, TrialError) as fault:
                    print(fault)
                    return 1
    reasons = listed(SURVIVORS)
    found = problems(results, reasons)
    print("", *table(results, reasons), *("", *found) * bool(found), sep="\n")
    return 1 if found else 0


def examined(snippet: Snippet, runner: Trials, kept: Path) -> Result:
    """Run the tests of a snippet on each of its mutants, but those of which `kept` has the outcome."""
    every = mutants(snippet.source)
    tests = tests_of(snippet)
    outcomes = read(kept, fingerprint(snippet))
    if len(outcomes) < len(every):
        words = snippet.test.read_text(encoding="utf-8").replace("database_url", "postgres")
        words += " ".join(FIXTURES[server] for server in snippet.servers if server != "sqlite")
        runner.serve(words)
        ended, took = runner.run(tests, {})
        if ended != PASSED:
            raise NotClean(f"{snippet.key}: its tests fail without a mutation\n{runner.said()}")
        for number, mutant in enumerate(every[len(outcomes) :], start=len(outcomes) + 1):
            runner.serve(words)
            outcome, seconds = outcome_of(mutant, snippet, runner, took)
            if outcome == HUNG:
                runner.stop()
            outcomes.append((outcome, seconds))
            with kept.open("a", encoding="utf-8") as file:
                print(json.dumps([outcome, round(seconds, 2), mutant.number, mutant.line, mutant.becomes]), file=file)
            if sys.stdout.isatty():
                print(f"\r{snippet.key}: {number} of {len(every)}", end="", flush=True)
    alive = [
        Survivor(mutant.number, mutant.line, mutant.becomes)
        for mutant, (outcome, _) in zip(every, outcomes, strict=True)
        if outcome == PASSED
    ]
    result = Result(snippet.key, len(every), alive, sum(seconds for _, seconds in outcomes))
    print(f"\r{snippet.key}: {result.killed} of {result.mutants} killed in {result.seconds:.0f} s", flush=True)
    return result


def tests_of(snippet: Snippet) -> list[str]:
    """Return what pytest runs for a snippet: its own tests, and those of its demo on each server it names.

    On the first of them the demo runs in the tests' process, if it can: that is quicker than as it is pasted.
    """
    demo = "tests/snippets/test_demo.py::test_it"
    first, *others = snippet.servers
    tests = [snippet.test.relative_to(ROOT).as_posix()]
    if snippet in with_a_choice():
        tests.append(f"{demo}_asks_for_the_database_that_it_is_told[{snippet.key}]")
    if snippet in in_one_process():
        tests.append(f"{demo}_prints_what_is_kept_and_closes_what_it_opens[{snippet.key}]")
    elif (snippet, first) in on_a_server():
        tests.append(f"{demo}_leaves_the_server_as_it_was[{snippet.key}-{first}]")
    else:
        others.insert(0, first)
    pasted = "tests/snippets/test_runs_as_pasted.py::test"
    tests += [f"{pasted}_runs_as_pasted[{snippet.key}-{server}]" for server in others]
    refused = [server for maker, server in makers_of_tables() if maker == snippet]
    return tests + [f"{pasted}_a_table_that_is_there_stays[{snippet.key}-{server}]" for server in refused]


def outcome_of(mutant: Mutant, snippet: Snippet, runner: Trials, took: dict[str, float]) -> Outcome:
    """Put a mutant in the snippet's place and run its tests; the snippet comes back after."""
    started = monotonic()
    snippet.path.write_text(mutant.source, encoding="utf-8")
    # A time of its own: Python takes bytecode for a source's if their times, in seconds, and sizes agree.
    os.utime(snippet.path, (next(TIMES),) * 2)
    try:
        ended, _ = runner.run(tests_of(snippet), took)
    finally:
        snippet.path.write_text(snippet.source, encoding="utf-8")
    return ended, monotonic() - started


def fingerprint(snippet: Snippet) -> str:
    """Return what changes when the snippet, its tests, its output or the mutants themselves do."""
    here = Path(__file__)
    files = [snippet.path, snippet.test, *(snippet.kept_output(server) for server in snippet.servers)]
    files += [here.with_name("mutants.py"), here.with_name("trial.py"), ROOT / "tests" / "conftest.py"]
    files += sorted((ROOT / "tests" / "snippets").glob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def read(kept: Path, fingerprint: str) -> list[Outcome]:
    """Return the outcomes of an earlier run, in the mutants' order; none, if anything has changed since."""
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    if lines[:1] != [fingerprint]:
        kept.write_text(f"{fingerprint}\n", encoding="utf-8")
        return []
    return [(str(outcome), float(seconds)) for outcome, seconds, *_ in map(json.loads, lines[1:])]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in-the-copy"]:
        sys.exit(main_in_the_copy(Path(sys.argv[2]), sys.argv[3:]))
    sys.exit(main(sys.argv[1:]))
