"""Check all that is asked of a note or a snippet; print each finding as ``file:line: what is wrong; what to write``.

    garden check

Nothing is started but programs of the environment: no server, no browser, no network.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from garden.commands import project
from garden.lint import (
    external_tools,
    file_names,
    left_over,
    length,
    navigation,
    placeholders,
    review_dates,
    stale_outputs,
    tags,
    unused_images,
)
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.site import CONFIG
from garden.source.settings import Unreadable

# What GitHub reads in a workflow's output has signs of its own.
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_NOT_YET = {Severity.REVIEW: " (may wait until a pull request)", Severity.ADVICE: " (advice)"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def problems(root: Path) -> list[Problem]:
    """Return what is wrong in the repository at ``root``, by file and line; the parts run beside each other."""
    root = root.resolve()
    config = root / CONFIG
    try:
        configuration = project.configuration(config)
    except Unreadable as unreadable:
        return list(unreadable.problems)
    with ExitStack() as stack:
        running = [
            (tool, stack.enter_context(external_tools.start(tool, tool.check, root))) for tool in external_tools.TOOLS
        ]
        report = Report()
        built = project.build(root, configuration, report)
        found = [
            *report.problems,
            *navigation.problems(config, built.notes),
            *file_names.problems(built.notes),
            *review_dates.problems(built.notes, datetime.datetime.now(datetime.UTC).date()),
            *length.problems(built.notes, built.pages, configuration.settings.length),
            *tags.problems(built.notes),
            *left_over.problems(root, built.library.snippets, configuration.settings),
            *stale_outputs.problems(root),
            *placeholders.problems(root),
            *unused_images.problems(root, built, report),
        ]
        for tool, process in running:
            found += external_tools.answer(tool, process, root)
    return sorted(
        dict.fromkeys(found), key=lambda problem: (problem.file, problem.line, problem.severity is not Severity.ERROR)
    )


def _waits(problem: Problem) -> bool:
    return problem.severity is not Severity.ERROR


def annotation(problem: Problem) -> str:
    """Return a problem as GitHub shows it beside the line."""
    kind = "notice" if _waits(problem) else "error"
    file = "".join(_PROPERTY.get(sign, sign) for sign in problem.file)
    text = "".join(_DATA.get(sign, sign) for sign in problem.message)
    return f"::{kind} file={file},line={problem.line}::{text}"


def summary(found: list[Problem], seconds: float) -> str:
    """Return the last line: how many problems, and how long it took."""
    counted = Counter(problem.severity for problem in found)
    errors, later, advice = counted[Severity.ERROR], counted[Severity.REVIEW], counted[Severity.ADVICE]
    words = f"{errors or 'no'} problem{'s' * (errors != 1)}"
    if later:
        words += f", and {later} that may wait until a pull request"
    if advice:
        words += f", and {advice} that {'is' if advice == 1 else 'are'} only advice"
    return f"{words} ({seconds:.1f} s)"


def line(problem: Problem) -> str:
    """Return a problem as it is printed. A pull request runs tests that allow nothing which a build tells."""
    return f"{problem}{_NOT_YET.get(problem.severity, '')}"


def run(root: Path) -> int:
    """Print what is wrong; return how the process ends."""
    began = time.monotonic()
    try:
        found = problems(root)
    except external_tools.ToolFailed as failed:
        print(failed, file=sys.stderr)
        return 2
    for problem in found:
        print(line(problem))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(*map(annotation, found), sep="\n")
    print(summary(found, time.monotonic() - began))
    return int(not all(map(_waits, found)))
