"""The programs that review a pull request, on sites as they are built."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.browser.conftest import Outcome, Project, build
from tools.review import __main__ as review
from tools.review import built_site, differences
from tools.review.archive import unpack


def test_sites_as_they_are_built(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    notes = {"index.md": "# Home\n\nSee [[a]].\n", "a.md": "# A\n\nText.\n", "b.md": "# B\n\n[[a]]\n"}
    before = build(project(notes), "--strict").folder
    before = before.rename(before.with_name("before"))
    after = build(project(notes | {"b.md": "# B\n\nMore words: [[Home]] [out](https://example.test/)\n"})).folder
    assert review.main(["summary", str(before), str(after)]) == 0
    # That Home has a backlink more, and A one less, is said once: where the link is.
    assert capsys.readouterr().out == (
        "## Pages: 1\n\n- changed: B (/b/), +3 words\n\n"
        "## New links: 2\n\n- B → /\n- B → https:&#8203;//example.test/\n\n## Lost links: 1\n\n- B → /a/\n"
    )


def test_the_guide_is_read_whole(guide: Outcome) -> None:
    read = built_site.read(guide.folder)
    assert read.pages["/pool-size/"].title == "How big should the pool be?"
    assert len(read.snippets) > 40
    # Words and links, but nothing of the menu, the footer or the list of backlinks.
    assert "Linked from" not in read.pages["/pool-size/"].text
    assert differences.compare(read, read) == differences.Differences((), (), ())


def test_the_guide_as_it_is_built_is_published_whole(guide: Outcome, tmp_path: Path) -> None:
    files = [file for file in guide.folder.rglob("*") if file.is_file()]
    with ZipFile(tmp_path / "preview.zip", "w", ZIP_DEFLATED) as made:
        for file in files:
            made.write(file, file.relative_to(guide.folder))
    count = unpack(tmp_path / "preview.zip", tmp_path / "out")
    there = {file.relative_to(tmp_path / "out") for file in (tmp_path / "out").rglob("*") if file.is_file()}
    # What the site tells its own host is for no other.
    assert {file.relative_to(guide.folder).as_posix() for file in files} - {file.as_posix() for file in there} <= {
        "_headers"
    }
    assert count == len(there)
