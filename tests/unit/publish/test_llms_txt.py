"""The lists for programs that read: the form of llmstxt.org, in the order of the navigation."""

from __future__ import annotations

from garden.model.note import FrontMatter, Note
from garden.model.site import Site
from garden.publish import llms_txt


def note(path: str, title: str, about: str = "", *, generated: bool = False) -> Note:
    stem = path.removesuffix(".md")
    url = "" if stem == "index" else f"{stem}/"
    return Note(path, path, url, title, "", meta=FrontMatter(description=about), generated=generated)


NOTES = {
    found.path: found
    for found in (
        note("a.md", "A [x]", "About a."),
        note("index.md", "Home"),
        note("loose.md", "Loose"),
        note("snippets/s.md", "Code", generated=True),
    )
}
SECTIONS = {"index.md": (), "a.md": ("Ground", "Deep"), "snippets/s.md": ("Ground",), "gone.md": ()}


def test_the_list_has_sections_and_the_rest_is_optional() -> None:
    site = Site("The Guide", "https://guide.example/", "All of it.", SECTIONS)
    assert llms_txt.page_list(NOTES, site) == (
        "# The Guide\n\n> All of it.\n\n"
        "Each page is Markdown at the address given here. All notes in one file: https://guide.example/llms-full.txt. "
        "Snippets have a page each, with source, output and tests.\n\n"
        "## Begin here\n\n- [Home](https://guide.example/index.md)\n\n"
        "## Ground › Deep\n\n- [A \\[x\\]](https://guide.example/a/index.md): About a.\n\n"
        "## Optional\n\n- [Loose](https://guide.example/loose/index.md)\n"
        "- [Code](https://guide.example/snippets/s/index.md)\n"
    )


def test_the_full_text_has_every_note_in_the_order_of_the_navigation() -> None:
    site = Site("The Guide", "https://guide.example/", sections=SECTIONS)
    full = llms_txt.all_pages(NOTES, lambda note: [note.title, " in full\n"], site)
    assert "".join(full) == "# The Guide\n\nHome in full\n\nA [x] in full\n"


def test_a_site_without_the_rest_has_no_optional_part() -> None:
    site = Site("The Guide", "https://guide.example/", sections={"index.md": ()})
    assert "Optional" not in llms_txt.page_list({"index.md": NOTES["index.md"]}, site)
