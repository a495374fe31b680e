"""What is told of the answers of ruff: what others tell better, it does not tell again."""

from __future__ import annotations

from garden.commands import check
from tests.unit.repository import Repository

NOTES = {"docs/index.md": "# Home\n"}


def test_of_syntax_that_is_wrong_the_first_place_is_told(repository: Repository) -> None:
    root = repository(NOTES | {"tools/a.py": '"""A module."""\n\nx = (\ny = ]\nz = }\n'})
    found = [str(problem) for problem in check.problems(root) if problem.file == "tools/a.py"]
    assert [line.partition(":")[2].partition(":")[0] for line in found if "invalid-syntax" in line] == ["4"]


def test_that_a_snippet_has_no_docstring_its_contract_tells(repository: Repository) -> None:
    root = repository(NOTES | {"snippets/a/b.py": "x = 1\n"})
    found = [str(problem) for problem in check.problems(root) if problem.file == "snippets/a/b.py"]
    assert any("has no title" in line for line in found)
    assert not any("D100" in line for line in found)
