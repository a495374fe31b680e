"""A tag that only one note has, and that is nearly one of several notes, is probably misspelled."""

from __future__ import annotations

from garden.commands import project
from garden.lint import tags
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.site import CONFIG
from tests.unit.repository import Repository

POOLING = "---\ntags: [pooling, sizing]\n---\n\n# {}\n"


def told(repository: Repository, others: dict[str, str]) -> list[str]:
    files = {"docs/index.md": POOLING.format("Home"), "docs/a.md": POOLING.format("A")} | others
    root = repository(files)
    notes = project.build(root, project.configuration(root / CONFIG), Report()).notes
    found = list(tags.problems(notes))
    assert all(problem.severity is Severity.ADVICE for problem in found)
    return [str(problem) for problem in found]


def test_it_is_told_on_its_line(repository: Repository) -> None:
    text = "---\naliases: [poolng]\ntags:\n  - sizing\n  - poolng\n---\n\n# B\n"
    assert told(repository, {"docs/b.md": text}) == [
        "docs/b.md:5: no other note has the tag `poolng`; did you mean `pooling`? [tag-misspelled]"
    ]


def test_a_tag_that_is_new_or_of_several_is_not(repository: Repository) -> None:
    new, several = "---\ntags: [mariadb]\n---\n\n# {}\n", "---\ntags: [pool]\n---\n\n# {}\n"
    notes = {"docs/b.md": new.format("B"), "docs/c.md": several.format("C"), "docs/d.md": several.format("D")}
    assert told(repository, notes) == []
