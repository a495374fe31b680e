"""What a site says of the commit that it was built from: nothing rather than something wrong."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from garden.publish import revision
from garden.publish.revision import Revision
from garden.snippets.proofs import Proof
from tests.unit.source.test_git_history import Repository

HOST = "https://github.com/owner/name"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
BUILT = Revision(COMMIT, datetime.datetime.fromisoformat("2026-01-03T12:00:00+01:00"), modified=False)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_it_is_the_commit_that_is_checked_out(repository: Repository) -> None:
    repository.commit(1, a="x\n")
    repository.commit(3, a="y\n")
    found = revision.read(repository.root)
    assert found is not None
    assert found.commit == repository.git("rev-parse", "HEAD")
    assert found.short == repository.git("rev-parse", "--short=12", "HEAD")
    assert found.committed.isoformat() == "2026-01-03T12:00:00+01:00"
    assert found.modified is False
    repository.git("checkout", "-q", "--detach", "HEAD^")
    assert revision.read(repository.root) != found


@pytest.mark.parametrize("path", ["docs/a.md", "docs/new.md", "new/new.md"])
def test_files_that_differ_from_it_are_told(repository: Repository, path: str) -> None:
    (repository.root / ".gitignore").write_text("site/\n")
    repository.commit(1, a="x\n")
    (repository.root / "site").mkdir()
    (repository.root / "site/index.html").write_text("made")
    found = revision.read(repository.root)
    assert found is not None
    assert found.modified is False
    # What somebody does not want to see in their terminal is published all the same.
    repository.git("config", "status.showUntrackedFiles", "no")
    (repository.root / path).parent.mkdir(exist_ok=True)
    (repository.root / path).write_text("z\n")
    assert revision.read(repository.root) == Revision(found.commit, found.committed, modified=True)


def test_a_worktree_and_a_shallow_clone_have_their_own(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit(1, a="x\n")
    repository.commit(2, a="y\n")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(tmp_path / "clone"))
    repository.git("worktree", "add", "--detach", str(tmp_path / "before"), first)
    days = [found and found.committed.day for found in map(revision.read, (tmp_path / "clone", tmp_path / "before"))]
    assert days == [2, 1]


def test_where_there_is_no_commit_of_its_own_it_says_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert revision.read(repository.root) is None  # no commit yet
    repository.commit(1, a="x\n")
    assert revision.read(repository.root / "docs") is None  # unpacked inside the repository of something else
    assert revision.read(repository.root / "nowhere") is None
    monkeypatch.setenv("PATH", str(repository.root))
    assert revision.read(repository.root) is None  # no git


def test_a_folder_without_history_says_nothing(tmp_path: Path) -> None:
    assert revision.read(tmp_path) is None


@pytest.mark.parametrize(
    ("repository", "address"),
    [(HOST, f"{HOST}/commit/{COMMIT}"), (f"{HOST}/", f"{HOST}/commit/{COMMIT}"), ("", "")],
)
def test_the_code_host_shows_it(repository: str, address: str) -> None:
    assert revision.address(repository, BUILT) == address


def proof(day: str) -> Proof:
    return Proof("", (), (), (), {}, day, "")


def test_the_record_has_commit_proofs_and_versions() -> None:
    proofs = [proof("2026-01-05"), proof("2026-01-04"), proof("2026-01-05")]
    assert json.loads(revision.record(BUILT, proofs, {"python": "3.11.2"})) == {
        "commit": COMMIT,
        "committed": "2026-01-03T11:00:00+00:00",
        "modified": False,
        "proofs": {"first_day": "2026-01-04", "last_day": "2026-01-05", "snippets": 3},
        "versions": {"python": "3.11.2"},
    }


def test_the_record_of_a_build_without_history_and_proofs() -> None:
    assert json.loads(revision.record(None, [], {})) == {
        **dict.fromkeys(("commit", "committed", "modified", "proofs")),
        "versions": {},
    }
