"""Prose needs the tests of pages; anything else needs every test."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.snippets.catalog import ROOT
from tools.review import __main__ as review
from tools.review import affected_tests


@pytest.mark.parametrize(
    "path",
    [
        "docs/pool-size.md",
        "docs/maps/flask.md",
        "docs/assets/plot.png",
        "README.md",
        "garden/runtime/README.md",
        "LICENSE",
    ],
)
def test_prose(path: str) -> None:
    assert affected_tests.reason([path]) == ""


@pytest.mark.parametrize(
    "path",
    [
        "docs/assets/calculators.js",
        "docs/how-it-works.md",
        "snippets/pooling/three_ways.py",
        "snippets/pooling/three_ways.out",
        "measurements/connect.json",
        "mkdocs.yml",
        "requirements.txt",
        ".github/workflows/publish.yml",
        ".github/ISSUE_TEMPLATE/wrong-claim.yml",
        "docs/a.md.py",
        "docs/.obsidian/app.json",
    ],
)
def test_everything_else(path: str) -> None:
    assert affected_tests.reason(["docs/pool-size.md", path]) == path


def test_no_change_needs_nothing() -> None:
    assert affected_tests.reason([]) == ""


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b", *words], cwd=folder, check=True)


def test_what_has_changed_is_what_git_says(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "old name.md").write_text("a\n" * 20)
    (tmp_path / "stays.py").touch()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    (tmp_path / "old name.md").rename(tmp_path / "new.py")
    (tmp_path / "ü.md").touch()
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "-m", "two")
    # A note that became a program is not prose, although the file that went is.
    assert affected_tests.changed(tmp_path, "HEAD^1") == ["new.py", "old name.md", "ü.md"]
    assert affected_tests.reason(affected_tests.changed(tmp_path, "HEAD^1")) == "new.py"


@pytest.mark.parametrize(
    ("paths", "said", "output"),
    [
        (["docs/a.md"], "nothing but prose has changed: the tests of pages are enough\n", "tests=pages\n"),
        (["garden/b.py"], "'garden/b.py' needs every test\n", "tests=all\n"),
    ],
)
def test_the_command_tells_a_reader_and_the_next_job(
    paths: list[str],
    said: str,
    output: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(affected_tests, "changed", lambda root, base: paths if (root, base) == (ROOT, "HEAD^1") else [])
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    assert review.main(["scope", "HEAD^1"]) == 0
    assert capsys.readouterr().out == said
    assert (tmp_path / "output").read_text() == output
