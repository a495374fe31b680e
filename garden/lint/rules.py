"""What is wrong in the text of one note, whatever stands in the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from garden.lint import figures, headings, lists, style, untagged_code
from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.report import Report

RULES: tuple[Callable[[Note], Iterable[Problem]], ...] = (
    headings.problems,
    lists.problems,
    figures.problems,
    style.problems,
    untagged_code.problems,
)


def check(notes: Iterable[Note], report: Report) -> None:
    """Report what is wrong in each note that somebody wrote."""
    for note in notes:
        if not note.generated:
            for rule in RULES:
                report.extend(rule(note))
