"""When each file was written and last changed, and in which commit: from git, with one call for all files."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.model.site import CONFIG

_COMMIT = "\x01"
_COMMAND = (
    *("git", "log", "--no-show-signature", "--find-renames", "--name-status", "--relative", "-z"),
    # The names that git shows beside a commit tell whether those before it are missing.
    *(f"--format={_COMMIT}%h %cI %D", "--decorate=short"),
)
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Change:
    """The commit that last changed a file, when that was, and when the file came to be, under whatever name."""

    commit: str
    changed: datetime.datetime
    created: datetime.datetime


@dataclass(frozen=True, slots=True)
class History:
    """The changes of files by their path from the top."""

    changes: Mapping[str, Change]


def read(root: Path, folders: Iterable[str], report: Report) -> History:
    """Return the history of each file in these folders of ``root``. Nothing in it is made up: it may be empty."""
    try:
        command = [*_COMMAND, "--", *folders]
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=_SECONDS, check=True)
    except FileNotFoundError:
        return _none("git is not installed", report)
    except (OSError, subprocess.SubprocessError):
        return _none("this folder has no history in git", report)
    changes: dict[str, Change] = {}
    # What a file was called at the commit that is read, newest first, and what it is called now.
    names: dict[str, str] = {}
    for commit, day, status, old, path in _entries(os.fsdecode(done.stdout)):
        if not commit:
            return _none("this clone is shallow", report)
        name = names.get(path, path)
        later = changes.get(name)
        changes[name] = Change(later.commit, later.changed, day) if later else Change(commit, day, day)
        if status == "R":
            names[old] = name
    return History(changes)


def _none(why: str, report: Report) -> History:
    what = f"pages show no dates of changes: {why}; build in a full clone to show them"
    report.add(Problem(CONFIG, 1, Rule.HISTORY_MISSING, what))
    return History({})


def _entries(log: str) -> Iterator[tuple[str, datetime.datetime, str, str, str]]:
    """Yield commit, time, status, old and new path for each file of each commit; no commit where the log is cut off."""
    tokens = iter(log.split("\0"))
    commit, day = "", datetime.datetime.min
    for token in tokens:
        if token.startswith(_COMMIT):
            commit, written, names = token[1:].split(" ", 2)
            day = datetime.datetime.fromisoformat(written)
            if "grafted" in names.split(", "):
                yield "", day, "", "", ""
        elif status := token.strip():
            old = next(tokens)
            yield commit, day, status[0], old, next(tokens) if status[0] == "R" else old
