"""This repository's own site."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.browser.conftest import ROOT, Outcome, References, build, copy_tree, dead_links


def test_it_builds_without_a_problem(guide: Outcome) -> None:
    assert guide.problems == []
    assert guide.status == 0, guide.output


def test_no_link_and_no_anchor_is_dead(guide: Outcome, references: dict[str, References]) -> None:
    assert dead_links(references, guide.folder) == []


def test_no_id_stands_twice_on_a_page(references: dict[str, References]) -> None:
    twice = {page: [i for i, count in Counter(found.ids).items() if count > 1] for page, found in references.items()}
    assert {page: ids for page, ids in twice.items() if ids} == {}


def test_no_page_asks_another_site_for_anything(references: dict[str, References]) -> None:
    asked = [
        (page, address)
        for page, found in references.items()
        for address in found.resources
        if re.match(r"[a-z]+:|//", address)
    ]
    assert asked == []


def test_properdocs_builds_the_same_site(guide: Outcome, tmp_path: Path) -> None:
    copy_tree(tmp_path, docs=True)
    if (ROOT / ".runtime").is_dir():
        (tmp_path / ".runtime").symlink_to(ROOT / ".runtime")
    other = build(tmp_path, "--strict", program="properdocs")
    assert other.status == 0, other.output
    one, another = contents(guide.folder), contents(other.folder)
    assert sorted(one) == sorted(another)
    assert [path for path in one if one[path] != another[path]] == []


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a site, without the names of the programs that made it and without packed copies."""
    generator = re.compile(rb'<meta name="generator" content="[^"]*">')
    return {
        file.relative_to(folder).as_posix(): generator.sub(b"", file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix not in (".gz", ".zip")
    }


def test_the_original_query_lists_the_backlinks_without_the_changelog(guide: Outcome) -> None:
    page = guide.page("database-connection-pooling/index.html")
    listed = re.search(r'<ul class="query">(.*?)</ul>', page, re.DOTALL)
    assert listed
    titles = re.findall(r"<li><a [^>]*>(.*?)</a></li>", listed[1])
    sources = re.findall(r'<a class="backlinks-source" [^>]*>(.*?)</a>', page)
    assert "Changelog" in sources
    assert titles == [title for title in sources if title != "Changelog"]
    assert {"Flask", "SQLAlchemy", "System Design", "Web Development"} <= set(titles)
