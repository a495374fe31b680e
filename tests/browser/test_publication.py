"""What the site publishes beside its pages: Markdown, lists, a feed, pictures, a copy to keep; and old addresses."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from markdown import Markdown
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ADDRESS, Outcome, Project, References, build, commit, dead_links, pages, read
from tests.browser.server import serving

_LINK = re.compile(r"\]\((https://guide\.example/[^()\s]*)\)")
_NOT_TEXT = re.compile(
    r'<(svg|script|button|select)\b.*?</\1>|<!--.*?-->|<a [^>]*class="headerlink".*?</a>|<span hidden>.*?</span>'
    r'|<p class="(?:guide-about|tally)">.*?</p>|<span class="calculator-(?:fault|none)".*?</span>',
    re.DOTALL,
)


def text(html: str) -> str:
    """Return what a reader reads, without spaces.

    A bar in a table's code is written ``\\|``. Python-Markdown shows the sign before it, others do not.
    """
    html = re.sub(r'<input[^>]*value="([^"]*)"[^>]*>', r"\1", _NOT_TEXT.sub("", html))
    return re.sub(r"\s+|\\+(?=\|)", "", unescape(re.sub(r"<[^>]*>", "", html)))


def article(html: str) -> str:
    """Return a page's own text: without what the template adds to it."""
    found = re.search(r'<article class="md-typeset">(.*?)</article>', html, re.DOTALL)
    assert found
    return re.split(
        r'<nav class="guide-reading"|<section class="(?:around|backlinks|guide-take)"', found[1], maxsplit=1
    )[0]


def test_every_page_says_the_same_as_markdown(guide: Outcome) -> None:
    converter = Markdown(extensions=["tables", "def_list", "footnotes", "pymdownx.superfences"])
    differing = []
    for address in pages(guide.folder):
        markdown = guide.page(f"{address[1:]}index.md").split("\n---\n", 1)[1]
        if text(converter.reset().convert(markdown)) != text(article(guide.page(f"{address[1:]}index.html"))):
            differing.append(address)
    assert differing == []


def test_no_link_of_the_markdown_and_of_the_lists_is_dead(guide: Outcome, references: dict[str, References]) -> None:
    there = {address: found.ids for address, found in references.items()}
    dead = []
    for file in [*guide.folder.rglob("*.md"), *guide.folder.glob("llms*.txt")]:
        for link in _LINK.findall(file.read_text(encoding="utf-8")):
            address, fragment = urldefrag("/" + link.removeprefix(ADDRESS))
            if address in there:
                dead += [link] if fragment and unquote(fragment) not in there[address] else []
            elif not (guide.folder / unquote(address)[1:]).is_file():
                dead.append(link)
    assert dead == []


def test_every_page_names_its_other_forms_and_its_picture(guide: Outcome) -> None:
    for address in pages(guide.folder):
        html = guide.page(f"{address[1:]}index.html")
        assert '<link rel="alternate" type="text/markdown" href="index.md"' in html
        picture = re.search(rf'<meta property="og:image" content="{ADDRESS}([^"]*)">', html)
        assert picture, address
        with Image.open(guide.folder / picture[1]) as image:
            assert image.size == (1200, 630)
        assert f'<meta property="og:url" content="{ADDRESS}{address[1:]}">' in html


def test_the_feed_leads_to_notes(guide: Outcome) -> None:
    root = ElementTree.fromstring(guide.page("feed.xml"))
    links = [link.get("href") or "" for link in root.findall("{*}entry/{*}link")]
    assert links
    assert {f"/{link.removeprefix(ADDRESS)}" for link in links} <= set(pages(guide.folder))


def test_a_note_says_how_old_it_is_where_it_stands_and_what_comes_next(guide: Outcome, browser: Browser) -> None:
    with serving(guide.folder) as site:
        page = browser.new_page()
        page.goto(site.address + "pool-size/")
        crumbs = page.get_by_role("navigation", name="You are here")
        assert crumbs.get_by_role("listitem").all_inner_texts() == ["Home", "Ground", "How big should the pool be?"]
        assert crumbs.locator("[aria-current=page]").count() == 1
        about = page.locator(".guide-about").inner_text()
        assert re.search(r"Reviewed \d+ \w+ \d{4}\s+Changed 31 January 2026\s+\d+ minutes to read", about)
        page.goto(site.address + "start-here/")
        page.get_by_role("link", name="What a connection costs").first.click()
        page.get_by_role("navigation", name="Reading paths").get_by_role("link", name="Next Build a pool").click()
        assert page.url == site.address + "build-a-pool/"
        assert page.get_by_text("Start here › Designing a service").locator("..").inner_text().endswith(": 2 of 7")
        page.close()


def test_each_heading_has_a_link_with_a_name(guide: Outcome) -> None:
    page = guide.page("pool-size/index.html")
    named = re.findall(r'<h2 [^>]*id="([^"]*)"[^>]*>.*?<a ([^>]*class="headerlink"[^>]*)>', page)
    assert len(named) > 3
    assert all(f'href="#{ident}"' in attributes and 'aria-label="' in attributes for ident, attributes in named)


# The copy to keep


@pytest.fixture(scope="module")
def kept(guide: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the archive holds."""
    folder = tmp_path_factory.mktemp("kept")
    with ZipFile(guide.folder / "offline.zip") as archive:
        archive.extractall(folder)
    return folder / "connection-pooling-field-guide"


def test_no_link_of_the_copy_is_dead_and_each_names_a_file(kept: Path) -> None:
    site = read(kept)
    assert dead_links(site, kept) == []
    for page, found in site.items():
        own = [link for link in found.links if not re.match(r"[a-z]+:|#", link)]
        assert [link for link in own if urldefrag(link)[0].endswith(("/", "."))] == [], page


def test_a_calculator_computes_in_the_copy(kept: Path, browser: Browser) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((kept / "pool-size/index.html").as_uri())
    form = page.locator("form[data-calculator=deadlock_bound]")
    form.locator("[data-name=threads]").fill("77")
    expect(form.locator("output").first).to_contain_text("78")
    assert faults == []


def test_the_copy_can_be_read_from_a_folder(kept: Path, browser: Browser) -> None:
    page = browser.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((kept / "index.html").as_uri())
    page.get_by_role("link", name="Start here").first.click()
    page.get_by_role("link", name="Build a pool").first.click()
    assert page.url == (kept / "build-a-pool/index.html").as_uri()
    assert page.locator("h1").inner_text().startswith("Build a pool")
    assert page.evaluate("getComputedStyle(document.querySelector('.guide-reading')).borderTopStyle") == "solid"
    cell = page.locator("figure[data-runs]").first
    cell.get_by_role("button", name="Run").click()
    cell.get_by_text("This copy is read from a folder; that needs a server.").wait_for()
    assert failed == []
    page.close()


# Old addresses


MOVED = {
    "index.md": "# Home\n\n[[New]]\n",
    "new.md": "---\nmoved_from: [old/place/]\n---\n\n# New\n\n" + "Text.\n\n" * 200 + "## Part\n\nHere.\n",
}


def test_an_old_address_leads_to_the_same_section(project: Project, browser: Browser) -> None:
    folder = project(MOVED)
    outcome = build(folder, "--strict")
    assert outcome.status == 0, outcome.output
    with serving(outcome.folder) as site:
        page = browser.new_page()
        page.goto(site.address + "old/place/#part")
        page.wait_for_url(site.address + "new/#part")
        assert page.evaluate("scrollY") > 500
        page.go_back()
        assert page.url == "about:blank"
        page.close()
        without = browser.new_context(java_script_enabled=False).new_page()
        without.goto(site.address + "old/place/")
        without.wait_for_url(site.address + "new/")
        without.context.close()
    assert "old/place" not in outcome.page("sitemap.xml")


def test_a_release_does_not_lose_an_address(project: Project) -> None:
    folder = project({"index.md": "# Home\n"})
    (folder / "tools").mkdir()
    (folder / "tools/released-urls.txt").write_text("/\n/gone/\n")
    outcome = build(folder, "--strict", PROOFS="required")
    advice = (
        "add `moved_from: [gone/]` to the note that took its place, "
        "or remove this line if nobody can miss it [released-address]"
    )
    lost = f"tools/released-urls.txt:2: /gone/ was published and is gone; {advice}"
    assert lost in outcome.problems
    assert outcome.status == 1
    assert build(folder, "--strict").problems == []


def test_a_release_knows_its_address(project: Project) -> None:
    folder = project({"index.md": "# Home\n"})
    outcome = build(folder, "--strict", PROOFS="required", SITE_URL="http://127.0.0.1:8000/")
    what = "pages would say that they stand at http://127.0.0.1:8000/; set SITE_URL to the address that readers use"
    assert f"mkdocs.yml:1: {what} [site-address]" in outcome.problems


# Dates


def test_without_history_pages_have_no_dates_and_the_build_says_so_once(project: Project) -> None:
    folder = project({"index.md": "# Home\n\n[[Note]]\n", "note.md": "---\nreviewed: 2026-01-01\n---\n# Note\n"})
    commit(folder, day="2026-02-01T12:00:00+00:00")
    assert "Changed <time" in build(folder, "--strict").page("note/index.html")
    (folder / ".git").rename(folder / "no-git")
    outcome = build(folder, "--strict")
    what = "pages show no dates of changes: this folder has no history in git; build in a full clone to show them"
    assert outcome.problems == [f"mkdocs.yml:1: {what} [history-missing]"]
    assert outcome.status == 0
    assert "Changed <time" not in outcome.page("note/index.html")
    assert not (outcome.folder / "feed.xml").exists()
