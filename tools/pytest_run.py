"""One run of pytest in a process of its own, as numbers. The matrix and the soak are made of such runs."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 30.0

# The exit statuses that leave a complete report: all passed, or some failed.
FINISHED = {0, 1}
WHERE_FAILURES_BEGIN = re.compile(r"(?m)^=+ (?:ERRORS|FAILURES) =+$")


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: how many tests, how long, which failed (by the names that pytest takes), what it printed."""

    passed: int
    failed: int
    skipped: int
    seconds: float
    failures: tuple[str, ...] = ()
    output: str = ""

    @property
    def details(self) -> str:
        """What it printed about failures; everything, if it never came so far as to list them."""
        found = WHERE_FAILURES_BEGIN.search(self.output)
        return self.output[found.start() :] if found else self.output


def run_pytest(
    python: Path | str, arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> Run:
    """Run pytest in a folder with a Python, and return what it came to. On Ctrl-C, wait until it has cleaned up."""
    with TemporaryDirectory() as temporary:
        report, output = Path(temporary, "report.xml"), Path(temporary, "output.txt")
        command = [python, "-m", "pytest", "--quiet", "--no-header", "-p", "no:cacheprovider"]
        command += ["--override-ini=junit_family=xunit1", f"--junit-xml={report}", *arguments]
        began = time.monotonic()
        with (
            output.open("wb") as file,
            subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            ) as process,
        ):
            try:
                process.wait()
            except KeyboardInterrupt:
                # Ctrl-C reaches pytest too: it tears down what its fixtures have started.
                try:
                    process.wait(STOP_SECONDS)
                finally:
                    process.kill()
                raise
        seconds = time.monotonic() - began
        text = output.read_text(encoding="utf-8", errors="replace")
        finished = process.returncode in FINISHED and report.exists()
        return counted(report.read_text(encoding="utf-8") if finished else None, process.returncode, seconds, text)


def counted(report: str | None, status: int, seconds: float, output: str) -> Run:
    """Count what is in a JUnit report. A run that did not get as far as a whole report has failed."""
    if report is None:
        return Run(0, 1, 0, seconds, (f"pytest itself, with status {status}",), output)
    kinds: dict[str, set[str]] = {}
    # A test that fails and whose teardown fails too is in the report twice.
    for case in ElementTree.fromstring(report).iter("testcase"):
        kinds.setdefault(_name(case), set()).update(child.tag for child in case)
    failures = tuple(name for name, kind in kinds.items() if kind & {"failure", "error"})
    skipped = sum("skipped" in kind for name, kind in kinds.items() if name not in failures)
    return Run(len(kinds) - len(failures) - skipped, len(failures), skipped, seconds, failures, output)


def _name(case: ElementTree.Element) -> str:
    """Return the name that pytest takes: `tests/test_one.py::TestGroup::test_it[1]`."""
    # A file that cannot be imported is a case without a file, named like a module.
    file = case.get("file")
    if file is None:
        return f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
    groups = case.get("classname", "").removeprefix(file.removesuffix(".py").replace("/", "."))
    return "::".join([file, *filter(None, groups.split(".")), case.get("name", "")])
