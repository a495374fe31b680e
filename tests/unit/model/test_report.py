"""The report: what several steps find, each once, in the order in which it is printed."""

from __future__ import annotations

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule


def test_problems_stand_by_file_and_line_and_those_of_one_line_by_how_serious_they_are() -> None:
    advice = Problem("a.md", 2, Rule.IMAGE_UNUSED, "x")
    review = Problem("a.md", 2, Rule.NOTE_UNLINKED, "x")
    error = Problem("a.md", 2, Rule.LINK_MISSING, "x")
    above, other = Problem("a.md", 1, Rule.NOTE_UNLINKED, "x"), Problem("b.md", 1, Rule.LINK_MISSING, "x")
    report = Report()
    report.extend([other, advice])
    report.add(review)
    report.extend(iter([error, above]))
    assert report.problems == [above, error, review, advice, other]


def test_what_is_found_twice_is_one_problem() -> None:
    report = Report()
    for line in (1, 2, 1):
        report.add(Problem("a.md", line, Rule.LINK_MISSING, "x"))
    assert [problem.line for problem in report.problems] == [1, 2]
