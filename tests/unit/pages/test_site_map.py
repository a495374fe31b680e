"""The map of the guide: notes by topic, how many link to each, and which link to each other."""

from __future__ import annotations

import re
from pathlib import Path

from garden.model.note import Note
from garden.pages.site_map import topics
from tests.unit.conftest import Vault, build_site
from tests.unit.reading import assert_inert, assert_sound, marked

MAP = "```map\nOther & more\n```\n"


def topic_rows(html: str) -> dict[str, list[tuple[str, str, str]]]:
    """Return what stands on the map: by topic, each note's address, title and count."""
    found = re.findall(r'<p class="topic">(.*?)</p>\n<ul aria-label="\1">\n(.*?)\n</ul>', html, re.DOTALL)
    row = r'<a href="([^"]*)">(.*?)</a> <span class="count">(\d+)</span>'
    return {name: re.findall(row, rows) for name, rows in found}


def write(root: Path, docs: dict[str, str]) -> None:
    for path, text in docs.items():
        (root / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "docs" / path).write_text(text)


DOCS = {
    "index.md": "# Home\n\n[[Map]] [[A]]\n",
    "map.md": f"# Map\n\n{MAP}",
    "a.md": "# A\n\n[[B <c>]] [[D]]\n",
    "b.md": "---\ntitle: B <c>\n---\n\n[[A]]\n",
    "x/d.md": "# D\n\n[[B <c>]]\n",
    "e.md": "# E\n\n[[A]]\n",
}


def test_notes_stand_by_topic_in_the_order_of_reading(tmp_path: Path) -> None:
    write(tmp_path, DOCS)
    site = build_site(
        tmp_path, topics={"": ["map.md"], "First": ["x/d.md", "gone.md", "a.md"], "None": [], "Last & 2": ["b.md"]}
    )
    assert_sound(site)
    assert_inert(site.pages.values())
    assert topic_rows(site["map.md"]) == {
        # What is in no topic comes first, and what no list names by title behind it.
        "Other &amp; more": [("./", "Map", "1"), ("../e/", "E", "0"), ("../", "Home", "0")],
        "First": [("../x/d/", "D", "1"), ("../a/", "A", "3")],
        "Last &amp; 2": [("../b/", "B &lt;c&gt;", "2")],
    }


def test_without_topics_all_notes_stand_in_one(vault: Vault) -> None:
    site = vault({**DOCS}, {"s/t.py": '"""T."""\n'}, pages=True, sound=False)
    (rows,) = topic_rows(site["map.md"]).values()
    assert [title for _, title, _ in rows] == ["A", "B &lt;c&gt;", "D", "E", "Home", "Map"]


def test_a_generated_page_stands_there_if_a_topic_has_it() -> None:
    found = {
        path: Note(path, path, path, path, "", generated=generated)
        for path, generated in {"a.md": False, "s.md": True, "t.md": True}.items()
    }
    assert topics({"S": ["s.md"]}, found) == {"": [found["a.md"]], "S": [found["s.md"]]}


def test_a_dot_is_the_larger_the_more_notes_link_there_and_a_curve_joins_notes_that_link_to_each_other(
    tmp_path: Path,
) -> None:
    write(tmp_path, DOCS)
    page = build_site(tmp_path, topics={"": ["index.md", "map.md", "e.md"], "T": ["a.md", "b.md", "x/d.md"]})["map.md"]
    drawing = page.partition('<div class="guide-map">\n')[2].partition("\n")[0]
    # Rows: Other, Home, Map, E, T, A, B, D; 125 high each.
    assert re.findall(
        r'<a href="([^"]*)" tabindex="-1"><path stroke-width="([\d.]+)" d="M100 (\d+)h\.1"/></a>', drawing
    ) == [
        ("../", "5", "188"),
        ("./", "12.7", "312"),
        ("../e/", "5", "438"),
        ("../a/", "22", "688"),
        ("../b/", "18", "812"),
        ("../x/d/", "12.7", "938"),
    ]
    assert re.findall(r'<path data-ends="([\d ]+)" d="(.*?)"/>', drawing) == [
        ("5 6", "M100 688C55 688 55 812 100 812"),
    ]
    assert [re.search(rf'data-node="{node}".*?<a [^>]*>(.*?)</a>', page)[1] for node in (5, 6)] == ["A", "B &lt;c&gt;"]  # type: ignore[index]


def test_its_links_count_as_little_as_those_of_a_query(tmp_path: Path) -> None:
    write(tmp_path, DOCS)
    site = build_site(tmp_path)
    assert "Map" not in marked(site["a.md"])
    assert [p for p in site.problems if "no note links here" in p] == [
        "docs/e.md:1: no note links here; link to it where a reader would want it, "
        "for example from a map [note-unlinked]"
    ]


def test_embedded_its_links_lead_from_there(tmp_path: Path) -> None:
    write(tmp_path, DOCS | {"x/f.md": "# F\n\n![[Map]]\n"})
    site = build_site(tmp_path)
    assert_sound(site)
    assert ("../d/", "D", "1") in topic_rows(site["x/f.md"])["Other &amp; more"]


def test_a_map_of_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"index.md": MAP})
    page = build_site(tmp_path)["index.md"]
    assert topic_rows(page) == {"Other &amp; more": [("./", "index", "0")]}
