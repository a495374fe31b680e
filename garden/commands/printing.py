"""How problems are printed: as text, and as annotations of the code host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from garden.model.problem import Problem
from garden.model.rules import Severity

_NOT_YET = {Severity.REVIEW: " (may wait until a pull request)", Severity.ADVICE: " (advice)"}
_KINDS = {Severity.ERROR: "error", Severity.REVIEW: "warning", Severity.ADVICE: "notice"}
# What GitHub reads in a workflow's output has signs of its own.
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def text(problem: Problem) -> str:
    """Return a problem as a line of text. A pull request runs tests that allow nothing which a build reports."""
    return f"{problem}{_NOT_YET.get(problem.severity, '')}"


def annotation(problem: Problem) -> str:
    """Return a problem as GitHub shows it beside the line."""
    file = "".join(_PROPERTY.get(sign, sign) for sign in problem.file)
    message = "".join(_DATA.get(sign, sign) for sign in problem.message)
    return f"::{_KINDS[problem.severity]} file={file},line={problem.line}::{message}"


def summary(found: Sequence[Problem], seconds: float) -> str:
    """Return the last line: how many problems, and how long it took."""
    counted = Counter(problem.severity for problem in found)
    errors, later, advice = counted[Severity.ERROR], counted[Severity.REVIEW], counted[Severity.ADVICE]
    words = f"{errors or 'no'} problem{'s' * (errors != 1)}"
    if later:
        words += f", and {later} that may wait until a pull request"
    if advice:
        words += f", and {advice} that {'is' if advice == 1 else 'are'} only advice"
    return f"{words} ({seconds:.1f} s)"
