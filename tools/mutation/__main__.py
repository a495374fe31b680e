"""Mutate the snippets, run their tests, and write build/mutation.md: `python -m tools.mutation [topic/name …]`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from garden.snippets.catalog import Snippet
from tests.snippets.catalog import ROOT, all_snippets
from tests.snippets.test_demo import in_one_process, on_a_server, with_a_choice, without_sqlite
from tests.snippets.test_runs_as_pasted import FIXTURES, makers_of_tables
from tools.mutation.mutants import Mutant, mutants
from tools.mutation.trial import TrialError, Trials, trials

# Where files are in memory, on Linux: the tests write many databases.
MEMORY = Path("/dev/shm")
TIMES = count(2**30)
COPIED = ["snippets", "tests", "tools", "garden", "pyproject.toml", "mkdocs.yml"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the mutants of one snippet, and the least share of them that must be noticed, in percent."""

    snippet: str
    mutants: int
    survivors: list[Mutant]
    threshold: int

    @property
    def killed(self) -> int:
        """How many mutants a test has noticed."""
        return self.mutants - len(self.survivors)

    @property
    def falls_short(self) -> bool:
        """Whether too few were noticed."""
        return 100 * self.killed < self.threshold * self.mutants

    def __str__(self) -> str:
        short = f": fewer than {self.threshold} %" if self.falls_short else ""
        return f"{self.snippet}: {self.killed} of {self.mutants} mutants killed{short}"


def main(keys: Sequence[str]) -> int:
    """Copy the tree, where mutants can do no harm, and go on there; return the exit code."""
    with TemporaryDirectory(prefix="mutation-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(folder) / name)
        # CI: a server that is missing fails a test instead of skipping it.
        environment = {**os.environ, "CI": "true", "PYTHONPATH": folder, "TMPDIR": folder}
        command = [sys.executable, "-m", "tools.mutation", "--in-the-copy", str(ROOT / "build" / "mutation.md"), *keys]
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def main_in_the_copy(written: Path, keys: Sequence[str]) -> int:
    """Mutate the snippets of this tree, which is a copy; write the report, and return the exit code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["garden"]["mutation"]
    chosen = [snippet for snippet in all_snippets() if snippet.key in keys or not keys]
    unknown = set(keys) - {snippet.key for snippet in chosen}
    if unknown:
        print(f"no snippet is called {', '.join(sorted(unknown))}; write topic/name, as its path below snippets/")
        return 2
    results: list[Result] = []
    with trials() as runner:
        for snippet in chosen:
            threshold = settings["exceptions"].get(snippet.key, settings)["threshold"]
            try:
                results.append(Result(snippet.key, *examined(snippet, runner), threshold))
            except TrialError as fault:
                print(f"{snippet.key}: {fault}")
                return 1
            print(results[-1], flush=True)
    written.parent.mkdir(exist_ok=True)
    written.write_text(report(results), encoding="utf-8")
    return int(any(result.falls_short for result in results))


def examined(snippet: Snippet, runner: Trials) -> tuple[int, list[Mutant]]:
    """Run the tests of a snippet on each of its mutants; return how many those are, and which no test noticed."""
    tests = tests_of(snippet)
    words = snippet.test.read_text(encoding="utf-8").replace("database_url", "postgres")
    words += " ".join(FIXTURES[server] for server in snippet.servers if server != "sqlite")
    runner.serve(words)
    seconds = runner.clean_seconds(tests)
    source = snippet.source
    every = mutants(source)
    survivors = []
    for mutant in every:
        runner.serve(words)
        snippet.path.write_text(mutant.source, encoding="utf-8")
        # A time of its own: Python takes bytecode for a source's if their times, in seconds, and sizes agree.
        os.utime(snippet.path, (next(TIMES),) * 2)
        if runner.pass_all(tests, seconds):
            survivors.append(mutant)
    snippet.path.write_text(source, encoding="utf-8")
    return len(every), survivors


def tests_of(snippet: Snippet) -> list[str]:
    """Return what pytest runs for a snippet: its own tests, and those of its demo on each server it names.

    On the first of them the demo runs in the tests' process, if it can: that is quicker than as it is pasted.
    """
    demo = "tests/snippets/test_demo.py::test_it"
    first, *others = snippet.servers
    tests = [snippet.test.relative_to(ROOT).as_posix()]
    if snippet in with_a_choice():
        tests.append(f"{demo}_asks_for_the_database_that_it_is_told[{snippet.key}]")
    if snippet in without_sqlite():
        tests.append(f"{demo}_says_which_server_it_needs[{snippet.key}]")
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


def report(results: Sequence[Result]) -> str:
    """Return the report, in Markdown: a table, then each change that no test noticed."""
    lines = ["# Mutation", "", "| snippet | mutants | killed | share | threshold |", "| --- | --: | --: | --: | --: |"]
    for one in results:
        share = f"{one.killed / one.mutants:.0%}" if one.mutants else ""
        row = (one.snippet, one.mutants, one.killed, f"**{share}**" if one.falls_short else share, f"{one.threshold}%")
        lines.append("| " + " | ".join(map(str, row)) + " |")
    lines += ["", "## No test noticed", "", "```diff"]
    for one in results:
        for mutant in one.survivors:
            lines += [f"snippets/{one.snippet}.py:{mutant.number}", f"- {mutant.line}", f"+ {mutant.becomes}"]
    return "\n".join([*lines, "```", ""])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in-the-copy"]:
        sys.exit(main_in_the_copy(Path(sys.argv[2]), sys.argv[3:]))
    sys.exit(main(sys.argv[1:]))
