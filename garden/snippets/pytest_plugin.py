"""A pytest plugin that writes proofs.json: what the tests of this run have shown of each snippet.

A snippet's tests are those in its own file, and those beside the folders that have its name: they run it as pasted, run
its demo, check its contract. It has a proof when all of them were there and none failed; a run of a part of them leaves
the older proof alone. `pytest --proofs` switches it on.
"""

from __future__ import annotations

import datetime
import json
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from garden.model.settings import Folders, Settings
from garden.model.site import CONFIG
from garden.snippets.catalog import Snippet, all_snippets
from garden.source.settings import Unreadable, load

FILE = "proofs.json"
SERVER = "server"  # the property of a test that names a server it used
BROWSER = "browser"  # the property of the test that ran a snippet in the browser's Python: what came of it
_DESELECTED = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that switches it on."""
    parser.addoption("--proofs", action="store_true", help="write proofs.json: what the tests show of each snippet")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to collect, if the run was asked for proofs."""
    if not config.getoption("--proofs"):
        return
    try:
        settings = load(config.rootpath / CONFIG)
    except (OSError, Unreadable) as error:
        raise pytest.UsageError(f"--proofs: {error}") from None
    config.pluginmanager.register(Proofs(config.rootpath, settings))


@dataclass
class Result:
    """How a test ended, over its phases."""

    name: str
    file: str
    line: int
    failed: bool = False
    skipped: bool = False
    servers: set[str] = field(default_factory=set)
    browser: dict[str, Any] | None = None

    def add(self, report: pytest.TestReport) -> None:
        """Take the report of one phase."""
        self.failed |= report.failed
        self.skipped |= report.skipped
        self.servers |= {str(value) for name, value in report.user_properties if name == SERVER}
        found: dict[str, Any] = dict(report.user_properties)
        self.browser = found.get(BROWSER, self.browser)


class Proofs:
    """Collects the results of a run; with parallel workers, in the process that they report to."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._settings = settings
        self._snippets = all_snippets(root, settings)
        self._file = root / FILE
        self._before = {snippet.key: digest(snippet) for snippet in self._snippets}
        self._by_file = {_test(snippet): snippet.key for snippet in self._snippets}
        self._by_case = {case: snippet.key for snippet in self._snippets for case in _cases(snippet)}
        self._results: dict[str, Result] = {}
        self._deselected: set[str] = set()

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        """Remember what an option has left out."""
        for item in items:
            item.config.stash.setdefault(_DESELECTED, []).append(item.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker has left out."""
        self._deselected.update(getattr(node, "workeroutput", {}).get("deselected", ()))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a result."""
        file, line, name = report.location
        result = self._results.setdefault(report.nodeid, Result(name, file, (line or 0) + 1))
        result.add(report)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the proofs, or hand over to the process that will."""
        deselected = session.config.stash.get(_DESELECTED, [])
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["deselected"] = deselected
            return
        named = any("::" in argument for argument in session.config.invocation_params.args)
        stopped = session.shouldstop or session.shouldfail
        if named or stopped or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return
        self._deselected.update(deselected)
        self.write()

    def write(self) -> None:
        """Renew the proofs of the snippets whose tests have all run; drop those that hold no longer."""
        proofs = self._kept()
        results: dict[str | None, list[Result]] = {}
        for nodeid, result in self._results.items():
            results.setdefault(self._owner(nodeid), []).append(result)
        left_out = {self._owner(nodeid) for nodeid in self._deselected}
        for snippet in self._snippets:
            own = results.get(snippet.key, [])
            if snippet.key in left_out or not self._ran(snippet, own):
                continue
            proof = self._proof(snippet, own)
            if proof:
                proofs[_path(snippet)] = proof
            else:
                proofs.pop(_path(snippet), None)
        text = json.dumps(dict(sorted(proofs.items())), indent=1, ensure_ascii=False) + "\n"
        new = self._file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self._file)

    def _kept(self) -> dict[str, Any]:
        """Return the proofs of earlier runs that still speak of the files as they are."""
        digests = {_path(snippet): digest(snippet) for snippet in self._snippets}
        try:
            earlier = json.loads(self._file.read_text(encoding="utf-8"))
            return {path: proof for path, proof in earlier.items() if proof["sha256"] == digests.get(path)}
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            return {}

    def _owner(self, nodeid: str) -> str | None:
        """Return the key of the snippet whose test it is: the test stands in its file, or is named after it."""
        file, _, name = nodeid.partition("::")
        case = name.partition("[")[2][:-1]
        is_common = file.startswith(f"{self._settings.folders.tests}/test_")
        return self._by_file.get(file) or (self._by_case.get(case) if is_common else None)

    def _ran(self, snippet: Snippet, own: list[Result]) -> bool:
        """Whether all of a snippet's tests are among these: its own, and in each common file one, or one per server."""
        ran = {(result.file, result.name.partition("[")[2][:-1]) for result in own}
        common = [f"{self._settings.folders.tests}/{name}" for name in self._settings.common_tests]
        servers = [f"{snippet.key}-{server}" for server in snippet.servers]
        return any(file == _test(snippet) for file, _ in ran) and all(
            (file, snippet.key) in ran or (servers and all((file, case) in ran for case in servers)) for file in common
        )

    def _proof(self, snippet: Snippet, results: list[Result]) -> dict[str, Any] | None:
        """Return the proof of a snippet; None if a test failed, or if the file was changed while they ran."""
        first = _test(snippet)
        own = sorted(results, key=lambda found: (found.file != first, found.file, found.line, found.name))
        passed = [result for result in own if not result.skipped]
        if any(result.failed for result in own) or digest(snippet) != self._before[snippet.key]:
            return None
        if not any(result.file == first for result in passed):
            return None
        servers = set().union(*(result.servers for result in passed))
        return {
            "sha256": digest(snippet),
            "tests": [{"name": result.name, "file": result.file, "line": result.line} for result in passed],
            "skipped": [result.name for result in own if result.skipped],
            "servers": sorted(servers),
            "versions": versions(snippet),
            "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "commit": commit(self._file.parent, self._settings.folders),
            "browser": next((result.browser for result in passed if result.browser), None),
        }


def digest(snippet: Snippet) -> str:
    """Return the SHA-256 of a snippet's file, in hexadecimal."""
    return sha256(snippet.path.read_bytes()).hexdigest()


def versions(snippet: Snippet) -> dict[str, str]:
    """Return the versions of Python and of the packages in a snippet's header."""
    packages = [Requirement(requirement).name.lower() for requirement in snippet.header.get("dependencies", [])]
    return {"python": platform.python_version(), **{package: metadata.version(package) for package in packages}}


def commit(root: Path, folders: Folders) -> str:
    """Return the commit that is checked out in ``root``, with a `+` if snippets or tests were changed since."""
    try:
        head = _git(root, "rev-parse", "--short=12", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", folders.snippets, folders.tests.partition("/")[0])
        return head + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _path(snippet: Snippet) -> str:
    return "/".join(snippet.path.parts[-2:])


def _test(snippet: Snippet) -> str:
    return snippet.shown(snippet.test)


def _cases(snippet: Snippet) -> set[str]:
    """Return how the cases of tests for all snippets are named that are this one's."""
    return {snippet.key, *(f"{snippet.key}-{server}" for server in snippet.servers)}
