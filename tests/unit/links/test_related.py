"""Who is close to a note: the notes it shares most links with, and those one step further."""

from __future__ import annotations

from collections.abc import Mapping

from garden.links.graph import Graph
from garden.links.related import FAR, NEAR, Neighbor, Neighbors
from garden.model.note import Note
from garden.model.reference import Excerpt, Mention


def notes(*titles: str, generated: str = "") -> dict[str, Note]:
    """Return a note for each title; those whose title begins with ``generated`` are pages of snippets."""
    return {
        title: Note(f"{title}.md", title, f"{title}/", title, "", generated=bool(generated) and title[0] in generated)
        for title in titles
    }


def neighbors(found: Mapping[str, Note], links: Mapping[str, str]) -> Neighbors:
    """Link notes: ``{"a": "b b c"}`` are two places in a that lead to b, and one that leads to c."""
    places = [
        (found[source], [Mention(found[name], "", Excerpt(f"{number}")) for number, name in enumerate(targets.split())])
        for source, targets in links.items()
    ]
    return Neighbors(found.values(), Graph(places))


def names(found: list[Note]) -> str:
    return " ".join(note.title for note in found)


def test_one_step_by_the_share_of_links_spent_on_each_other() -> None:
    found = notes("a", "b", "c", "d", "e", "hub")
    around = neighbors(found, {"a": "b c c d", "d": "a", "hub": "a a b c d e", "e": "hub"}).around(found["a"])
    assert around.near == (
        Neighbor(found["d"], there=True, back=True),  # 1/4 and all of its own
        Neighbor(found["c"], there=True, back=False),  # 2/4
        Neighbor(found["hub"], there=False, back=True),  # 2/6: it links to everything
        Neighbor(found["b"], there=True, back=False),  # 1/4
    )
    assert names(list(around.far)) == "e"
    assert around.lines == ((2, 0),)
    assert (around.more_near, around.more_far) == (0, 0)


def test_equally_close_notes_stand_by_title() -> None:
    found = notes("a", "Z", "b", "C")
    assert names([near.note for near in neighbors(found, {"a": "Z b C"}).around(found["a"]).near]) == "b C Z"


def test_two_steps_by_the_number_of_ways_that_lead_there() -> None:
    found = notes("a", "b", "c", "d", "x", "y", "z")
    around = neighbors(found, {"a": "b c d", "b": "z", "c": "z y", "d": "x y"}).around(found["a"])
    assert names([near.note for near in around.near]) == "b c d"
    # Beside what they are reached from.
    assert names(list(around.far)) == "z y x"
    assert around.lines == ((0, 0), (1, 0), (1, 1), (2, 1), (2, 2))


def test_what_is_left_out_is_counted_and_is_the_least_close() -> None:
    near = [f"n{number:02}" for number in range(NEAR + 3)]
    far = [f"z{number:02}" for number in range(FAR + 2)]
    found = notes("a", *near, *far)
    links = {"a": " ".join(near), near[0]: " ".join(far), near[1]: far[-1], near[-1]: far[0]}
    around = neighbors(found, links).around(found["a"])
    assert names([other.note for other in around.near]) == " ".join(near[:NEAR])
    # What two ways lead to is kept; the third way to it is not drawn, nor what it alone leads to.
    assert sorted(names(list(around.far)).split()) == sorted([far[-1], *far[: FAR - 1]])
    assert (around.more_near, around.more_far) == (3, 2)


def test_snippets_stand_before_notes_around_a_snippet_and_behind_them_around_a_note() -> None:
    found = notes("a", "b", "c", "s1", "s2", generated="s")
    all_of_them = neighbors(found, {"a": "s1 s2 b c", "b": "s1 c"})
    assert names(list(all_of_them.around(found["s2"]).far)) == "b c s1"
    kept = notes("a", "s1", "s2", "s3", *(f"b{n}" for n in range(FAR)), generated="s")
    links = {"a": " ".join(title for title in kept if title != "a")}
    around = neighbors(kept, links).around(kept["s1"])
    assert {"s2", "s3"} <= {note.title for note in around.far}
    assert around.more_far == 2
    reached = neighbors(kept, {"b0": "a", **links}).around(kept["b0"])
    assert {note.title for note in reached.far} == {f"b{n}" for n in range(1, FAR)} | {"s1"}


def test_a_note_that_nothing_leads_to_or_from_has_no_neighbors() -> None:
    found = notes("a", "b")
    around = neighbors(found, {"a": ""}).around(found["b"])
    assert (around.near, around.far, around.lines, around.more_near, around.more_far) == ((), (), (), 0, 0)


def test_the_cost_does_not_grow_with_the_links_of_a_neighbor() -> None:
    """Where everything is linked with one note, what is looked at around each of the others stays the same."""
    counts = {}
    for size in (100, 400):
        found = notes("hub", *(f"n{number:03}" for number in range(size)))
        around = neighbors(found, {name: "hub" for name in found if name != "hub"}).around(found["n000"])
        counts[size] = len(around.far) + around.more_far
    assert counts[100] == counts[400] < 50
