"""What the site publishes so that snippets run in the reader's browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.model.site import CONFIG
from garden.theme.bundle import SCRIPT, STYLE

FOLDER = "assets/runner/"
BROWSER = Path(__file__).parent / "browser"
# What is added to the files that every page loads.
PAGE = {SCRIPT: "page.js", STYLE: "page.css"}


@dataclass(frozen=True, slots=True)
class Runtime:
    """Python for the browser, as it was packed: its ``key`` changes with its content; ``files`` are by site path."""

    key: str
    files: dict[str, Path]


class SnippetRunner:
    """What runs snippets in pages: the scripts in ``browser``, and Python, packed in ``root/.runtime``.

    Without the first, pages have no Run; without the second, it says that this build has no Python.
    ``required`` tells whether a build without runtime is a problem.
    """

    def __init__(self, root: Path, report: Report, *, required: bool = False, browser: Path = BROWSER) -> None:
        self._browser = browser
        self.offered = self._browser.is_dir()
        self.runtime = _load(root / ".runtime" / "manifest.json") if self.offered else None
        if self.offered and required and self.runtime is None:
            what = "there is no Python for the browser; bring it with `make runtime` and build again"
            report.add(Problem(CONFIG, 1, Rule.RUNTIME_MISSING, what))

    @property
    def files(self) -> dict[str, Path]:
        """The files to publish as they are, by their path on the site."""
        return self.runtime.files if self.runtime else {}

    def assets(self, loaded: Mapping[str, str], snippets: Mapping[str, str]) -> dict[str, str]:
        """Return the text of what is made: all snippets in one file, and what pages have ``loaded``, with Run in it.

        ``snippets`` has the text of each by its path.
        """
        if not self.offered or not all(path in loaded for path in PAGE):
            return {}
        sources = json.dumps(snippets, ensure_ascii=False)
        name = f"snippets-{sha256(sources.encode()).hexdigest()[:12]}.json"
        made = {FOLDER + name: sources} if self.runtime else {}
        known = "null"
        if self.runtime:
            # Read from a folder, a browser loads none of it.
            known = f"location.protocol === 'file:' ? null : {json.dumps({'key': self.runtime.key, 'sources': name})}"
        before = {"page.js": f"const runtime = {known};\n"}
        for path, added in PAGE.items():
            text = (self._browser / added).read_text(encoding="utf-8")
            made[path] = f"{loaded[path]}\n{before.get(added, '')}{text}"
        return made


def _load(manifest: Path) -> Runtime | None:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        files = {FOLDER + path: manifest.parent / file for path, file in found["files"].items()}
        return Runtime(str(found["key"]), files) if all(file.is_file() for file in files.values()) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
