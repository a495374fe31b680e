"""The snippets of one build: every file in their folder, with its proof and the notes that show it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.reference import Fault
from garden.model.report import Report
from garden.model.rules import Rule, Severity
from garden.model.settings import Settings
from garden.snippets import proofs, snippet
from garden.snippets.proofs import Proof
from garden.snippets.snippet import PAGES, Snippet
from garden.source import loader

CATALOG = f"{PAGES}index.md"
INDEX = "snippets.json"
# In kilobytes. The longest snippet that anybody reads has ten.
_MOST = 100


class Library:
    """Reads the snippets in the repository at ``root``, their tests and ``root/proofs.json``.

    ``snippets`` are by path, in its order. ``required`` tells whether a snippet without proof is a problem.
    """

    def __init__(self, root: Path, settings: Settings, report: Report) -> None:
        self.root = root
        self.folders = settings.folders
        self.folder = root / self.folders.snippets
        self.required = settings.proofs == "required"
        self.snippets: dict[str, Snippet] = {
            path: snippet.read(root, path, settings, report) for path in self._paths(report)
        }
        self._printed = {output.path: found for found in self.snippets.values() for output in found.outputs}
        self._proofs = {
            path: proof
            for path, proof in proofs.load(root / "proofs.json", report).items()
            if path in self.snippets and proof.digest == self.snippets[path].digest
        }

    def _paths(self, report: Report) -> Iterator[str]:
        """Yield the path of each snippet in order; what lies in their folder and must not be shown is a problem."""
        root = self.folder.resolve()
        for file in sorted(self.folder.rglob("*")):
            path = file.relative_to(self.folder).as_posix()
            try:
                _refuse(file, root)
            except Fault as fault:
                report.add(Problem(f"{self.folders.snippets}/{path}", 1, fault.rule, str(fault)))
            else:
                if file.suffix == ".py" and file.is_file() and file.name != "__init__.py":
                    yield path

    @property
    def pages(self) -> list[str]:
        """The paths of the pages to make, as those of notes."""
        return [CATALOG, *(found.page for found in self.snippets.values())] if self.snippets else []

    def proof(self, path: str) -> Proof | None:
        """Return the proof of a snippet; None if the tests have not passed for these very bytes."""
        return self._proofs.get(path)

    @property
    def proofs(self) -> Collection[Proof]:
        """The proofs of the snippets as they are."""
        return self._proofs.values()

    @property
    def servers(self) -> set[str]:
        """The servers that the tests ran on, each with its version: ``PostgreSQL 15.18``."""
        return {server for proof in self._proofs.values() for server in proof.servers}

    def owner(self, path: str) -> Snippet | None:
        """Return the snippet that a file in their folder is, or belongs to as its output; None if there is none."""
        return self.snippets.get(path) or self._printed.get(path)

    def alternatives(self, path: str) -> list[Snippet]:
        """Return the snippets that the one at ``path`` names, and those that name it, by title."""
        mentioned = self.snippets[path].mentions
        others = [other for other in self.snippets.values() if other.path in mentioned or path in other.mentions]
        return sorted(others, key=lambda other: other.title.casefold())

    def check(self, shown_in_notes: Collection[str], report: Report) -> None:
        """Report what snippets lack to be published; ``shown_in_notes`` are those that notes show, or mean to.

        One that no note shows fails a strict build only where proofs are required: somebody may be about to write
        the note.
        """
        for path, found in self.snippets.items():
            if path not in shown_in_notes:
                region = next((f":{name}" for name in found.parts), "")
                what = f'no note shows this snippet; include it in one: --8<-- "{path}{region}"'
                instead = Severity.ERROR if self.required else None
                report.add(Problem(found.shown, 1, Rule.SNIPPET_UNSHOWN, what, instead))
            proof = self.proof(path)
            if self.required and proof is None:
                what = "is not verified: its tests have not passed for this text; run `make test` and build again"
                report.add(Problem(found.shown, 1, Rule.SNIPPET_UNVERIFIED, what))
            elif self.required and proof and proof.skipped:
                what = f"is not wholly verified: {proof.skipped[0]} did not run; install what it needs, run `make test`"
                report.add(Problem(found.shown, 1, Rule.SNIPPET_UNVERIFIED, what))

    def index(self, used: Mapping[str, Mapping[Note, None]], urls: Mapping[str, str]) -> str:
        """Return the catalog for programs: JSON, addresses from the top of the site."""
        entries = [self._entry(found, used.get(found.path, {}), urls) for found in self.snippets.values()]
        return json.dumps({"snippets": entries}, indent=1, ensure_ascii=False) + "\n"

    def _entry(self, found: Snippet, notes: Mapping[Note, None], urls: Mapping[str, str]) -> dict[str, object]:
        proof = self.proof(found.path)
        return {
            "path": found.path,
            "title": found.title,
            "about": list(found.about),
            "antipattern": found.is_antipattern,
            "page": urls[found.page],
            "file": found.file,
            "sha256": found.digest,
            "python": found.python,
            "packages": [package.asked + package.versions for package in found.packages],
            "servers": list(found.servers),
            "notes": [note.url for note in notes],
            "proof": None
            if proof is None
            else {
                "tests": [{"name": test.name, "file": test.file, "line": test.line} for test in proof.tests],
                "skipped": list(proof.skipped),
                "servers": list(proof.servers),
                "versions": proof.versions,
                "day": proof.day,
                "commit": proof.commit,
                "browser": proof.browser and {"runs": proof.browser.runs, "needs": proof.browser.needs},
            },
        }


def _refuse(file: Path, root: Path) -> None:
    """Raise `Fault` if a file below snippets/ must not be shown."""
    if file.is_symlink():
        loader.refuse(file, root)
    size = file.stat().st_size if file.is_file() else 0
    if size > 1_000 * _MOST:
        raise Fault(Rule.FILE_TOO_LARGE, f"has {-(-size // 1_000)} kB, and at most {_MOST} are shown; shorten it")
