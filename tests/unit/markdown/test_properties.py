"""Whatever stands in a note, the engine makes a page of it, the same each time."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from garden.links.names import Names, key
from garden.links.resolve import parse
from garden.markdown.document import Document
from garden.markdown.excerpt import unstash
from garden.markdown.limits import defuse
from garden.model.note import Note
from garden.model.report import Report
from garden.source import placeholders
from garden.source.urls import relative
from tests.unit.conftest import Site, build_site
from tests.unit.reading import assert_inert, elements

settings.register_profile(
    "garden", derandomize=True, deadline=None, max_examples=50, suppress_health_check=list(HealthCheck), database=None
)
settings.load_profile("garden")

PIECES = (
    "[[[[[[", "((((((", "``",
    "[[", "]]", "[", "]", "](", "(", ")", "![[", "![", "|", "\\", "#", "^", "^x", "%%", "<!--", "-->", "`", "```",
    "~~~", "\n", "\n\n", "\n- ", "\n    ", "\n> ", "\n## ", "\n| ", "\n|--|\n", "\n> [!note] ", "\n!!! note\n    ",
    '\n=== "a"\n    ', "\n[^1]: ", "[^1]", "\n[r]: ", "[r]", "\n```dataview\n", "list from [[Foo]]", "\n```\n",
    "\n:   ", "*", "**", "_", "&", "&amp;", "<", ">", "<b>", "</b>", "<div markdown>", "\n</div>\n", "<script>",
    " onclick=x", "{#x}", "{: .a }", "\n--8<-- ", '"', "'", "Foo", "foo#One", "#One", "Foo.md", "Foo.md#one", "i.png",
    "Nope", "a", "e.g. ", ". A", "。", "é", "😀", " ", "\t", "\r", "\x02", "\ue000", "javascript:x",
    "https://example.org", "<https://a.b>", "me@example.org", "---\n", "title: x\n", "*[a]: b",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


def build(text: str) -> Site:
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs"
        docs.mkdir()
        (docs / "index.md").write_bytes(text.encode("utf-8", "surrogatepass"))
        (docs / "Foo.md").write_text("# Foo\n\n## One\n\nText ^x\n\n![[index]]\n\n[[#One]]\n")
        (docs / "i.png").write_bytes(b"")
        return build_site(Path(folder))


@given(texts)
def test_no_text_makes_it_raise_and_nothing_acts(text: str) -> None:
    site = build(text)
    assert set(site.pages) == {"index.md", "Foo.md"}
    assert_inert(site.pages.values())
    assert not re.search("[\x02\x03\ue000-\ue005]|wzxhzdk|klzzwxh", "".join(site.pages.values()))
    assert all(re.match(r"(docs|snippets)/[^:]+:[1-9]\d*: .", problem) for problem in site.problems)


@given(texts)
def test_the_same_vault_gives_the_same_pages(text: str) -> None:
    first, second = build(text), build(text)
    assert first.pages == second.pages
    assert first.problems == second.problems


@given(texts)
def test_stamps_change_no_slot(text: str) -> None:
    """Otherwise a message would have the line of another."""
    build_ = build(text).build
    for note in build_.notes.values():
        passes = []
        for source in (build_.texts[note], placeholders.stamp(build_.texts[note], lambda place: place)):
            document = Document(note)
            build_.converter.read(document, source)
            passes.append([(type(slot), slot.written.replace("\ue000", "")) for slot in document.slots])
        assert [kind for kind, _ in passes[0]] == [kind for kind, _ in passes[1]]


@given(texts)
def test_every_place_is_on_its_page(text: str) -> None:
    site = build(text)
    for path, html in site.pages.items():
        there = {attributes["id"] for _, attributes in elements(html) if "id" in attributes}
        note = site.build.notes[path]
        assert {place.ident for place in site.build.documents[note].mentions} <= there


@given(
    st.lists(
        st.sampled_from(("`", "``", "[[Foo]]", "[x](Foo.md)", " a ", "\\", "<!-- ", " -->", "%%")), max_size=12
    ).map("".join)
)
def test_code_holds_no_link(text: str) -> None:
    html = build(f"# Home\n\n{text}\n")["index.md"]
    assert not any("<a " in code for code in re.findall(r"<code>.*?</code>", html, re.DOTALL))


@given(st.text(st.sampled_from("[]()\\`a \n"), max_size=200))
def test_defused_text_reads_the_same(text: str) -> None:
    assert unstash(defuse(text), ()) == text


@given(st.text())
def test_any_name_can_be_parsed(text: str) -> None:
    link = parse(text)
    assert key(link.name) == key(key(link.name))


@given(st.lists(st.text(st.sampled_from("ab/%c."), min_size=1, max_size=5), min_size=2, max_size=2))
def test_relative_address_leads_there(paths: list[str]) -> None:
    from urllib.parse import urljoin

    target, page = (re.sub(r"/+", "/", path.replace(".", "")).strip("/") + "/" for path in paths)
    there = relative(target.lstrip("/"), page.lstrip("/"))
    assert urljoin(f"https://x.test/{page.lstrip('/')}", there) == f"https://x.test/{target.lstrip('/')}"


@given(
    st.lists(
        st.text(st.sampled_from("aB/"), min_size=1, max_size=6).map(
            lambda path: re.sub("/+", "/", path.strip("/")) or "a"
        ),
        unique=True,
        max_size=6,
    )
)
def test_shortest_path_names_one_note(paths: list[str]) -> None:
    notes = [Note(f"{path}.md", "", "", "Title", "") for path in paths]
    names = Names(notes, Report())
    assert all(names.find(names.shortest(note)) == [note] for note in notes)
