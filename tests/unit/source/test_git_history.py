"""Dates of notes come from git: with one call, across renames, and not at all where the history is incomplete."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from garden.model.report import Report
from garden.source import git_history

SHALLOW = "pages show no dates of changes: this clone is shallow; build in a full clone to show them [history-missing]"
NONE = (
    "pages show no dates of changes: this folder has no history in git; "
    "build in a full clone to show them [history-missing]"
)
NO_GIT = "pages show no dates of changes: git is not installed; build in a full clone to show them [history-missing]"


class Repository:
    """A repository in which each commit has a day of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q")

    def git(self, *arguments: str, day: int = 1) -> str:
        when = f"2026-01-{day:02d}T12:00:00+01:00"
        known = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "HOME": str(self.root), "PATH": "/usr/bin:/bin"}
        named = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
        done = subprocess.run(
            ["git", *named, *arguments], cwd=self.root, env=known, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, day: int, **files: str) -> str:
        for path, text in files.items():
            file = self.root / "docs" / f"{path}.md"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"day {day}", day=day)
        return self.git("rev-parse", "--short", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def read(root: Path, *folders: str) -> dict[str, git_history.Change]:
    """Return the history of folders, about which nothing is wrong."""
    report = Report()
    found = git_history.read(root, folders, report)
    assert report.problems == []
    return dict(found.changes)


def said(root: Path) -> list[str]:
    """Return what is told of a folder that has no history."""
    report = Report()
    assert git_history.read(root, ["docs"], report) == git_history.History({})
    return [str(problem) for problem in report.problems]


def days(root: Path) -> dict[str, tuple[int, int]]:
    return {path: (found.created.day, found.changed.day) for path, found in read(root, "docs").items()}


def test_a_file_has_the_day_it_came_to_be_and_the_last_commit(repository: Repository) -> None:
    repository.commit(1, a="first\n", b="alone\n")
    last = repository.commit(3, a="second\n")
    found = read(repository.root, "docs")
    assert days(repository.root) == {"docs/a.md": (1, 3), "docs/b.md": (1, 1)}
    change = found["docs/a.md"]
    assert (change.commit, change.changed.isoformat()) == (last, "2026-01-03T12:00:00+01:00")


def test_a_renamed_file_keeps_its_first_day(repository: Repository) -> None:
    repository.commit(1, old="a text that stays the same\n")
    repository.git("mv", "docs/old.md", "docs/new.md")
    repository.commit(2)
    repository.commit(4, new="a text that stays the same\nand one more\n")
    assert days(repository.root)["docs/new.md"] == (1, 4)


def test_a_new_file_under_an_old_name_has_a_history_of_its_own(repository: Repository) -> None:
    repository.commit(1, old="a text that stays the same\n")
    repository.git("mv", "docs/old.md", "docs/new.md")
    repository.commit(2)
    repository.commit(5, old="something else\n")
    assert days(repository.root) == {"docs/new.md": (1, 2), "docs/old.md": (5, 5)}


def test_names_are_read_as_they_are(repository: Repository) -> None:
    repository.commit(1, **{"größe mit leer\nzeile": "x\n"})
    assert days(repository.root) == {"docs/größe mit leer\nzeile.md": (1, 1)}


def test_only_the_folders_that_are_asked_for_are_read(repository: Repository) -> None:
    (repository.root / "other").write_text("x")
    repository.commit(1, a="x\n")
    assert list(read(repository.root, "docs")) == ["docs/a.md"]
    assert set(read(repository.root, "docs", "other")) == {"docs/a.md", "other"}


def test_a_site_in_a_folder_of_a_larger_repository(repository: Repository) -> None:
    (repository.root / "docs/site").mkdir(parents=True)
    repository.commit(1, a="x\n")
    assert list(read(repository.root / "docs", ".")) == ["a.md"]


def test_a_shallow_clone_has_no_dates_and_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.commit(1, a="x\n")
    repository.commit(2, a="y\n")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(clone))
    assert said(clone) == [f"mkdocs.yml:1: {SHALLOW}"]


def test_a_folder_without_history_has_no_dates_and_says_so(tmp_path: Path) -> None:
    assert said(tmp_path) == [f"mkdocs.yml:1: {NONE}"]


def test_without_git_there_are_no_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert said(tmp_path) == [f"mkdocs.yml:1: {NO_GIT}"]
