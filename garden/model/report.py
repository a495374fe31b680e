"""What is wrong, collected: one report is handed to every step of a build, and to every check."""

from __future__ import annotations

from collections.abc import Iterable

from garden.model.problem import Problem


class Report:
    """The problems that were found, in the order of their files and lines."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Take a problem."""
        self._found.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take several problems."""
        self._found.extend(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, by file and line."""
        return tuple(sorted(self._found, key=lambda problem: (problem.file, problem.line)))
