"""Each page's foot, and `build.json`, name the commit that the site was built from."""

from __future__ import annotations

import json
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from tests.browser.conftest import ENVIRONMENT, ROOT, Outcome, Project, build, pages

HOST = "https://github.com/owner/name"
NOTES = {"index.md": "# Home\n\n[[Note]]\n", "a/note.md": "# Note\n"}


@pytest.fixture
def committed(project: Project) -> Path:
    """A project of which every file is committed."""
    folder = project(NOTES)
    (folder / ".gitignore").write_text((ROOT / ".gitignore").read_text() + "/site-*\n")
    config = folder / "mkdocs.yml"
    config.write_text(config.read_text().replace('repository: ""', f"repository: {HOST}"))
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "All of it")
    return folder


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def feet(outcome: Outcome) -> set[str]:
    """Return what the foot of every page says of the build, in one line, with its links."""
    files = [*pages(outcome.folder).values(), outcome.folder / "404.html"]
    texts = [re.sub(r"\s+", " ", file.read_text(encoding="utf-8")) for file in files]
    return {re.findall(r"Built with MkDocs and the styles of Material for MkDocs(.*?)</p>", text)[0] for text in texts}


def test_every_page_leads_to_the_commit(committed: Path) -> None:
    commit = git(committed, "rev-parse", "HEAD")
    outcome = build(committed, "--strict")
    assert feet(outcome) == {f', from commit <a href="{HOST}/commit/{commit}">{commit[:12]}</a>.'}
    record = json.loads(outcome.page("build.json"))
    assert (record["commit"], record["modified"], record["proofs"]) == (commit, False, None)
    assert record["versions"]["mkdocs"] == metadata.version("mkdocs")

    before = {path: file.read_bytes() for path, file in files(outcome.folder).items()}
    again = build(committed, "--strict")
    assert {path: file.read_bytes() for path, file in files(again.folder).items()} == before

    (committed / "docs/another.md").write_text("# Another\n")
    outcome = build(committed)
    assert feet(outcome) == {
        f', from commit <a href="{HOST}/commit/{commit}">{commit[:12]}</a> with uncommitted changes.'
    }
    assert json.loads(outcome.page("build.json"))["modified"] is True


def files(folder: Path) -> dict[str, Path]:
    """Return every file of a built site but one: what is compressed says when."""
    found = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    return {path: file for path, file in found.items() if path != "sitemap.xml.gz"}


def test_without_an_address_of_the_repository_nothing_is_linked(project: Project) -> None:
    folder = project(NOTES)
    commit = git(folder, "rev-parse", "--short=12", "HEAD")
    assert feet(build(folder, "--strict")) == {f", from commit {commit} with uncommitted changes."}


def test_outside_git_nothing_is_said_of_a_commit(project: Project) -> None:
    folder = project(NOTES)
    (folder / ".git").rename(folder / "no-git")
    outcome = build(folder, "--strict")
    assert feet(outcome) == {"."}
    assert json.loads(outcome.page("build.json"))["commit"] is None


def test_a_file_of_that_name_among_the_notes_is_not_published(project: Project) -> None:
    folder = project(NOTES)
    (folder / "docs/build.json").write_text("{}")
    assert "versions" in json.loads(build(folder, "--strict").page("build.json"))


def test_the_guide_says_which_day_its_proofs_are_of(guide: Outcome) -> None:
    record = json.loads(guide.page("build.json"))
    days = {entry["proof"]["day"] for entry in json.loads(guide.page("snippets.json"))["snippets"] if entry["proof"]}
    assert (record["proofs"] or {}).get("last_day") == max(days, default=None)
