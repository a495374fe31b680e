"""The site as MkDocs builds it: this repository's own, and small ones with the same configuration."""

from __future__ import annotations

import fcntl
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import Launch, launching
from tests.browser.server import serving

ROOT = Path(__file__).parents[2]
ADDRESS = "https://guide.example/"
ENVIRONMENT = os.environ | {
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
    "PROOFS": "",
    "SITE_URL": ADDRESS,
}
DAY = "2026-01-31T12:00:00+00:00"


@dataclass(frozen=True)
class Outcome:
    """How a build ended: exit status, the problems it printed in order, everything it printed, and the pages."""

    status: int
    problems: list[str]
    output: str
    folder: Path

    def page(self, path: str) -> str:
        """Return a built file."""
        return (self.folder / path).read_text(encoding="utf-8")


def build(project: Path, *options: str, program: str = "mkdocs", **environment: str) -> Outcome:
    """Build ``project`` in a process of its own, with these variables in its environment."""
    site = project / f"site-{program}"
    command = [sys.executable, "-m", program, "build", "-f", str(project / "mkdocs.yml"), "-d", str(site), *options]
    given = ENVIRONMENT | environment
    done = subprocess.run(command, cwd=project, env=given, capture_output=True, text=True, timeout=300, check=False)
    problems = re.findall(r"^(?:WARNING|INFO) +-  (\S+:\d+: .*)$", done.stderr, re.MULTILINE)
    return Outcome(done.returncode, problems, done.stderr + done.stdout, site)


def copy_tree(target: Path, *, docs: bool) -> None:
    """Copy what a build reads: configuration, engine, templates and, if wanted, notes, snippets and their tests."""
    target.mkdir(parents=True, exist_ok=True)
    ignore = shutil.ignore_patterns("__pycache__")
    folders = ("docs", "snippets", "measurements", "tests/snippets")
    for folder in folders if docs else ():
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, target / folder, ignore=ignore, dirs_exist_ok=True)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    if not docs:
        (target / "docs").mkdir(exist_ok=True)
        (target / "snippets").mkdir(exist_ok=True)
        config = re.sub(r"^nav:.*\n(?:[ -].*\n)*|^ +synonyms:.*\n", "", config, flags=re.MULTILINE)
    (target / "mkdocs.yml").write_text(config, encoding="utf-8")
    commit(target)


def commit(project: Path, *, day: str = DAY) -> None:
    """Make a repository of a project, with its notes and snippets as they are: dates on pages come from there."""
    named = {f"GIT_{who}_{what}": "guide" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dated = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    for command in (("init",), ("add", "docs", "snippets"), ("commit", "--allow-empty", "--message", "A day")):
        subprocess.run(
            ["git", "-c", "init.defaultBranch=main", *command],
            cwd=project,
            env=ENVIRONMENT | named | dated,
            capture_output=True,
            check=True,
        )


Project = Callable[[dict[str, str]], Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a function that makes a project with this site's configuration and the given notes."""

    def make(notes: dict[str, str]) -> Path:
        copy_tree(tmp_path / "project", docs=False)
        for path, text in notes.items():
            file = tmp_path / "project/docs" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path / "project"

    return make


@pytest.fixture(scope="session")
def guide(folder_of_the_run: Path) -> Outcome:
    """This repository's site, built as it is published. Parallel workers share it: the first one builds it."""
    folder = folder_of_the_run / "guide"
    folder.mkdir(exist_ok=True)
    kept = folder / "outcome.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            copy_tree(folder, docs=True)
            if (ROOT / ".runtime/manifest.json").is_file():
                (folder / ".runtime").symlink_to(ROOT / ".runtime")
            kept.write_bytes(pickle.dumps(build(folder, "--strict")))
        outcome: Outcome = pickle.loads(kept.read_bytes())
    return outcome


@pytest.fixture(scope="package")
def address(guide: Outcome) -> Iterator[str]:
    """The address of this repository's site."""
    with serving(guide.folder) as site:
        yield site.address


@pytest.fixture(scope="package")
def launch() -> Iterator[Launch]:
    """A function that starts a Chromium."""
    with launching() as found:
        yield found


@pytest.fixture(scope="package")
def browser(launch: Launch) -> Browser:
    """A Chromium. The tests of this folder share it: what each does is in a context of its own.

    It compiles WebAssembly once and does not optimize it besides, which is a fifth of the work of each start of Python.
    """
    return launch("--js-flags=--liftoff-only")


class References(HTMLParser):
    """The ids of a page, and the addresses it refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what leads elsewhere."""
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag in ("img", "script", "source", "iframe", "video", "audio", "embed") and "src" in values:
            self.resources.append(values["src"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload", "modulepreload"):
            self.resources.append(values.get("href", ""))


def pages(folder: Path) -> dict[str, Path]:
    """Return the file of every page of a built site, by its address from the top."""
    return {
        "/" + file.relative_to(folder).as_posix().removesuffix("index.html"): file
        for file in sorted(folder.rglob("*.html"))
        if file.name != "404.html"
    }


def read(folder: Path) -> dict[str, References]:
    """Return the references of every page of a built site, by its address from the top."""
    return {page: References(file.read_text(encoding="utf-8")) for page, file in pages(folder).items()}


@pytest.fixture(scope="session")
def references(guide: Outcome) -> dict[str, References]:
    """The references of every page of this repository's site, by its address from the top."""
    return read(guide.folder)


def dead_links(site: dict[str, References], folder: Path) -> list[str]:
    """Return the internal links of a built site that lead nowhere, as ``page -> address``."""
    dead = []
    for page, references in site.items():
        for link in references.links + references.resources:
            if re.match(r"[a-z]+:|//", link):
                continue
            address, fragment = urldefrag(urljoin(page, link))
            target = unquote(address)
            if target in site:
                if fragment and unquote(fragment) not in site[target].ids:
                    dead.append(f"{page} -> {link}")
            elif not (folder / target.lstrip("/")).is_file():
                dead.append(f"{page} -> {link}")
    return dead
