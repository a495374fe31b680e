"""Outputs that are older than their snippets, where git says that a snippet has changed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from garden.lint import stale_outputs
from garden.model.rules import Severity
from garden.model.settings import Folders
from tests.unit.repository import Repository

WHAT = "snippets/a/b.py:1: has changed since its output was kept; run `make outputs ONLY=a/b` [snippet-output-stale]"


def git(root: Path, *words: str) -> None:
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *name, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(repository: Repository) -> Path:
    """A repository with a snippet that is committed, and whose times say that its output is the older one."""
    root = repository({"snippets/a/b.py": "x = 1\n", "snippets/a/b.out": "1\n"})
    os.utime(root / "snippets/a/b.out", (1, 1))
    git(root, "init")
    git(root, "add", ".")
    git(root, "commit", "-m", "all")
    return root


def said(root: Path) -> list[str]:
    assert all(problem.severity is Severity.REVIEW for problem in stale_outputs.problems(root, Folders()))
    return [str(problem) for problem in stale_outputs.problems(root, Folders())]


def test_what_is_committed_is_nobody_s_work_of_today(root: Path) -> None:
    assert said(root) == []


def test_a_snippet_that_has_changed_is_told_until_its_output_is_kept(root: Path) -> None:
    (root / "snippets/a/b.py").write_text("x = 2\n")
    assert said(root) == [WHAT]
    later = (root / "snippets/a/b.py").stat().st_mtime + 1
    os.utime(root / "snippets/a/b.out", (later, later))
    assert said(root) == []


def test_a_new_snippet_is_told_too_and_one_that_is_gone_is_not(root: Path) -> None:
    (root / "snippets/a/c.py").write_text("x = 2\n")
    assert said(root) == []
    (root / "snippets/a/c.out").write_text("2\n")
    os.utime(root / "snippets/a/c.out", (1, 1))
    (root / "snippets/a/b.py").unlink()
    assert said(root) == [WHAT.replace("a/b", "a/c")]


def test_without_git_nothing_is_known(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository({"snippets/a/b.py": "x = 1\n"})
    assert said(root) == []
    monkeypatch.setenv("PATH", "")
    assert said(root) == []
