"""A page's link to the file to edit."""

from __future__ import annotations

import re

from tests.browser.conftest import Project, build

HOST = "https://github.com/owner/name"


def links(html: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"[^>]* rel="edit"', html)


def test_once_the_repository_is_known_each_page_leads_to_its_file(project: Project) -> None:
    folder = project({"index.md": "# Home\n\n[[Note]]\n", "a folder/note.md": "# Note\n"})
    assert links(build(folder, "--strict").page("index.html")) == []
    config = folder / "mkdocs.yml"
    config.write_text(config.read_text().replace('repository: ""', f"repository: {HOST}"))
    outcome = build(folder, "--strict")
    assert outcome.status == 0
    assert links(outcome.page("index.html")) == [f"{HOST}/edit/main/docs/index.md"]
    assert links(outcome.page("a folder/note/index.html")) == [f"{HOST}/edit/main/docs/a%20folder/note.md"]


def test_what_is_no_address_of_a_repository_is_a_problem(project: Project) -> None:
    folder = project({"index.md": "# Home\n"})
    config = folder / "mkdocs.yml"
    config.write_text(config.read_text().replace('repository: ""', "repository: owner/name"))
    outcome = build(folder, "--strict")
    what = "`repository: owner/name` is no address of a repository; write it like https://github.com/owner/name"
    lines = config.read_text().split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "repository:" in text)
    assert f"Plugin 'garden' option 'mkdocs.yml:{line}': {what} [setting-value]\n" in outcome.output
    assert outcome.status == 1
