"""Nobody has read a note on a day that is yet to come; somewhere, it may be tomorrow already."""

from __future__ import annotations

import datetime

import pytest

from garden.commands import project
from garden.lint import review_dates
from garden.model.report import Report
from garden.model.site import CONFIG
from tests.unit.repository import Repository

TODAY = datetime.date(2026, 1, 31)
WHAT = "which is yet to come; write the day on which you last read the whole note [front-matter-date]"


@pytest.mark.parametrize(
    ("reviewed", "found"),
    [
        ("2020-01-01", []),
        ("2026-01-31", []),
        ("2026-02-01", []),
        ("2026-02-02", [f"docs/index.md:3: `reviewed` is 2026-02-02, {WHAT}"]),
    ],
)
def test_the_day_after_tomorrow_is_too_late(repository: Repository, reviewed: str, found: list[str]) -> None:
    root = repository({"docs/index.md": f"---\ntags: [a]\nreviewed: {reviewed}\n---\n\n# Home\n"})
    notes = project.build(root, project.configuration(root / CONFIG), Report()).notes
    assert [str(problem) for problem in review_dates.problems(notes, TODAY)] == found
