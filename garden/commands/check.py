"""Check all that is asked of a note or a snippet; print each finding as ``file:line: what is wrong; what to write``.

    garden check

Nothing is started but programs of the environment: no server, no browser, no network.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from garden.commands import printing, project
from garden.lint import (
    external_tools,
    file_names,
    length,
    navigation,
    placeholders,
    review_dates,
    snippet_files,
    stale_outputs,
    tags,
    unused_images,
)
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.site import CONFIG
from garden.source.settings import Unreadable


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
        checks = (
            navigation.problems(config, built.notes),
            file_names.problems(built.notes),
            review_dates.problems(built.notes, datetime.datetime.now(datetime.UTC).date()),
            length.problems(built.notes, built.pages, configuration.settings.length),
            tags.problems(built.notes),
            snippet_files.problems(root, built.library.snippets, configuration.settings),
            stale_outputs.problems(root, configuration.settings.folders),
            placeholders.problems(root, configuration.settings.folders),
            unused_images.problems(root, built, report),
        )
        for found in checks:
            report.extend(found)
        for tool, process in running:
            external_tools.answer(tool, process, root, report)
    return report.problems


def run(root: Path) -> int:
    """Print what is wrong; return how the process ends."""
    began = time.monotonic()
    try:
        found = problems(root)
    except external_tools.ToolFailed as failed:
        print(failed, file=sys.stderr)
        return 2
    for problem in found:
        print(printing.text(problem))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(*map(printing.annotation, found), sep="\n")
    print(printing.summary(found, time.monotonic() - began))
    return int(any(problem.severity is Severity.ERROR for problem in found))
