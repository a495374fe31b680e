"""Which commit a site is built from: every page's foot names it, and `build.json` has it for programs."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from garden.snippets.proofs import Proof

FILE = "build.json"
_COMMIT = ("log", "-1", "--no-show-signature", "--format=%H %cI")
_CHANGES = ("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none")
_SECONDS = 60
# As many digits as proofs show.
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit and its time; ``modified`` if the files differ from it."""

    commit: str
    committed: datetime.datetime
    modified: bool

    @property
    def short(self) -> str:
        """The first digits of the commit, enough to find it."""
        return self.commit[:_SHORT]


def read(root: Path) -> Revision | None:
    """Return the commit that is checked out in ``root``; None unless ``root`` is the top of a repository with one."""
    try:
        # A copy that was unpacked inside another repository has nothing to do with that one's commits.
        if _git(root, "rev-parse", "--show-prefix"):
            return None
        commit, _, committed = _git(root, *_COMMIT).partition(" ")
        return Revision(commit, datetime.datetime.fromisoformat(committed), bool(_git(root, *_CHANGES)))
    except (OSError, subprocess.SubprocessError):
        return None


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "--no-optional-locks", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=_SECONDS, check=True)
    return os.fsdecode(done.stdout).strip()


def address(repository: str, revision: Revision) -> str:
    """Return where the code host shows the commit; empty if the address of ``repository`` is not known."""
    return f"{repository.rstrip('/')}/commit/{revision.commit}" if repository else ""


def record(revision: Revision | None, proofs: Iterable[Proof], versions: Mapping[str, str]) -> str:
    """Return the text of `build.json`.

    Its times are those of the commit and of the tests, never of the build: two builds of one commit are the same bytes.
    """
    days = sorted(proof.day for proof in proofs)
    found = {
        "commit": revision and revision.commit,
        "committed": revision and revision.committed.astimezone(datetime.UTC).isoformat(),
        "modified": revision and revision.modified,
        "proofs": {"first_day": days[0], "last_day": days[-1], "snippets": len(days)} if days else None,
        "versions": dict(versions),
    }
    return json.dumps(found, indent=1) + "\n"
