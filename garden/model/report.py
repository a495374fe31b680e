"""What is wrong, collected: one report is handed to every step of a build, and to every check."""

from __future__ import annotations

from collections.abc import Iterable

from garden.model.problem import Problem
from garden.model.rules import Severity

_ORDER = {severity: order for order, severity in enumerate(Severity)}


class Report:
    """The problems that were found, each once, whoever finds it again."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, problem: Problem) -> None:
        """Take a problem."""
        self._found[problem] = None

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take several problems."""
        for problem in problems:
            self.add(problem)

    @property
    def problems(self) -> list[Problem]:
        """All of them, by file and line; those of one line by how serious they are."""
        return sorted(self._found, key=lambda problem: (problem.file, problem.line, _ORDER[problem.severity]))
