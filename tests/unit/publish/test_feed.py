"""The feed: what RFC 4287 asks for, ids that stay, the newest first."""

from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree

from garden.model.note import FrontMatter, Note
from garden.model.site import Site
from garden.publish import feed
from garden.source.git_history import Change

SITE = Site("The Guide <1>", "https://guide.example/en/", "All of it & more")
ATOM = "{http://www.w3.org/2005/Atom}"
ZONE = datetime.timezone(datetime.timedelta(hours=2))


def note(name: str, **meta: object) -> Note:
    return Note(f"{name}.md", f"docs/{name}.md", f"{name}/", name.title(), "", meta=FrontMatter(**meta))  # type: ignore[arg-type]


def change(created: int, changed: int) -> Change:
    return Change(
        "abc", datetime.datetime(2026, 1, changed, 1, tzinfo=ZONE), datetime.datetime(2026, 1, created, tzinfo=ZONE)
    )


def parsed(notes: list[Note], changes: dict[str, Change]) -> ElementTree.Element:
    return ElementTree.fromstring(feed.atom(notes, changes, SITE))


def texts(parent: ElementTree.Element, name: str) -> list[str | None]:
    return [element.text for element in parent.iter(ATOM + name)]


def test_entries_stand_with_the_newest_first() -> None:
    notes = [note("old"), note("new", description="What is <new>.")]
    root = parsed(notes, {"docs/old.md": change(2, 3), "docs/new.md": change(4, 5)})
    assert [texts(entry, "title") for entry in root.iter(ATOM + "entry")] == [["New"], ["Old"]]
    assert texts(root, "summary") == ["What is <new>.", "Old"]
    assert texts(root, "updated") == ["2026-01-04T23:00:00Z", "2026-01-04T23:00:00Z", "2026-01-02T23:00:00Z"]
    assert texts(root, "published") == ["2026-01-03T22:00:00Z", "2026-01-01T22:00:00Z"]


def test_it_has_what_the_standard_asks_for() -> None:
    root = parsed([note("a")], {"docs/a.md": change(2, 3)})
    assert root.tag == ATOM + "feed"
    assert texts(root, "title")[0] == "The Guide <1>"
    assert texts(root, "subtitle") == ["All of it & more"]
    assert texts(root, "name") == ["The Guide <1>"]
    links = [(link.get("rel"), link.get("href")) for link in root.iter(ATOM + "link")]
    assert links == [
        ("self", "https://guide.example/en/feed.xml"),
        ("alternate", "https://guide.example/en/"),
        ("alternate", "https://guide.example/en/a/"),
    ]
    for parent in (root, *root.iter(ATOM + "entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(ATOM + name)) == 1
    ids = texts(root, "id")
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"tag:guide\.example,2026-01-01:/\S*", ident or "") for ident in ids)


def test_a_note_that_moves_keeps_its_id() -> None:
    changes = {"docs/a.md": change(2, 3), "docs/b.md": change(2, 4)}
    before, after = note("a"), note("b", moved_from=("a/", "between/"))
    ids = [texts(next(parsed([found], changes).iter(ATOM + "entry")), "id") for found in (before, after)]
    assert ids[0] == ids[1] == ["tag:guide.example,2026-01-01:/a/"]


def test_what_has_no_history_is_not_in_it() -> None:
    assert feed.atom([note("a")], {}, SITE) == ""
    root = parsed([note("a"), note("b")], {"docs/a.md": change(1, 1)})
    assert texts(root, "title") == ["The Guide <1>", "A"]


def test_it_does_not_grow_without_end_and_needs_no_description() -> None:
    notes = [note(f"n{number}") for number in range(60)]
    changes = {found.shown: change(1, 2) for found in notes}
    root = ElementTree.fromstring(feed.atom(notes, changes, Site("Guide", "https://guide.example/")))
    assert len(list(root.iter(ATOM + "entry"))) == 40
    assert texts(root, "subtitle") == []
