"""What a link leads to, shown beside it: by pointer, keyboard and touch, from the page, under the site's policy."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Outcome
from tests.browser.server import Site, serving
from tests.browser.test_browser import HUB

MAP = "maps/web-development/"
SECTION = 'article a[href$="database-connection-pooling/#anti-pattern-one-global-connection"]'
NOTE = 'article a[href="../../acquire-use-release/"]'


@pytest.fixture(scope="module")
def site(guide: Outcome) -> Iterator[Site]:
    with serving(guide.folder) as served:
        yield served


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Page]:
    """A page with many links; what goes wrong on it fails the test."""
    page = browser.new_page(viewport={"width": 1000, "height": 700}, base_url=site.address)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(MAP)
    site.asked.clear()
    yield page
    assert [fault for fault in faults if "ERR_FAILED" not in fault] == []
    page.close()


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def rest_on(page: Page, selector: str) -> Locator:
    """Point at a link, and return it when its card is there."""
    link = page.locator(selector).first
    link.hover()
    card(page).wait_for()
    return link


def test_nothing_is_asked_for_before_somebody_rests_on_a_link_and_nothing_twice(reader: Page, site: Site) -> None:
    reader.wait_for_timeout(500)
    assert site.asked == []
    rest_on(reader, SECTION)
    assert [path for path, _ in site.asked] == [f"/{HUB}"]
    reader.mouse.move(5, 5)
    card(reader).wait_for(state="hidden")
    rest_on(reader, f'article a[href*="{HUB}"] >> nth=-1')
    assert [path for path, _ in site.asked] == [f"/{HUB}"]


def test_a_pointer_that_passes_asks_for_nothing(reader: Page, site: Site) -> None:
    link = reader.locator(SECTION)
    link.scroll_into_view_if_needed()
    link.evaluate(
        """link => { for (const kind of ["pointerover", "pointerout"])
             link.dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerType: "mouse" })); }"""
    )
    reader.wait_for_timeout(600)
    assert site.asked == []
    assert card(reader).is_hidden()


def test_a_section_is_shown_from_its_heading_to_the_next(reader: Page) -> None:
    rest_on(reader, SECTION)
    shown = card(reader).inner_text()
    assert shown.startswith("Database Connection Pooling › Anti-pattern: one global connection\n")
    assert "A transaction belongs to a connection" in shown
    assert "One request's commit" in shown
    assert "The other extreme" not in shown
    assert card(reader).get_by_role("heading").count() == 0


def test_a_note_is_shown_from_its_title_to_its_first_section(reader: Page, guide: Outcome) -> None:
    rest_on(reader, NOTE)
    names, _, text = card(reader).inner_text().partition("\n")
    assert names == "Acquire, use, release"
    first = guide.page("acquire-use-release/index.html").partition('<p class="tally">')[2].partition("<p>")[2]
    assert text.strip().startswith(first[:30])
    assert "notes link here" not in text


def test_a_short_section_ends_at_the_next_heading(reader: Page) -> None:
    found = reader.evaluate(
        """async () => {
             const link = document.createElement("a");
             link.href = new URL("../web-development/#what-happens-when-a-process-forks", location);
             const found = await contents.find((kind) => kind.fits(link)).find(link);
             return found.textContent;
           }"""
    )
    assert "The child gets a copy of the pool" in found
    assert "Most changes that break a pool" not in found


def test_the_place_of_a_link_is_shown_in_its_surroundings_and_marked(reader: Page) -> None:
    """From a backlink's excerpt: the paragraph around the link, the one before it, and what follows."""
    rest_on(reader, ".backlinks li li a >> nth=-1")
    marked = card(reader).locator(".is-meant")
    assert marked.count() == 1
    assert (marked.get_attribute("href") or "").endswith("/maps/web-development/")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 700), (320, 256)])
def test_it_never_covers_the_line_of_its_link(browser: Browser, site: Site, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, base_url=site.address)
    page.goto(MAP)
    for selector, top in itertools.product((SECTION, NOTE), (0.3, 0.8)):
        link = page.locator(selector).first
        link.evaluate(f"link => scrollBy(0, link.getClientRects()[0].top - innerHeight * {top})")
        line = link.evaluate(
            "link => { const r = link.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; }"
        )
        page.mouse.move(*line)
        card(page).wait_for()
        lines = link.evaluate("link => [...link.getClientRects()].map(r => [r.top, r.bottom])")
        box = card(page).bounding_box()
        assert box is not None
        assert box["y"] >= lines[-1][1] or box["y"] + box["height"] <= lines[0][0], (selector, top)
        assert box["x"] >= 0, (selector, top)
        assert box["x"] + box["width"] <= width, (selector, top)
        assert box["height"] >= 60, (selector, top)
        page.keyboard.press("Escape")
        page.mouse.move(1, 1)
    page.close()


def test_the_pointer_may_move_onto_it_and_follow_a_link_in_it(reader: Page) -> None:
    rest_on(reader, SECTION)
    inside = card(reader).get_by_role("link", include_hidden=True).first
    inside.hover()
    reader.wait_for_timeout(600)
    assert card(reader).is_visible()
    inside.click()
    reader.wait_for_url(f"**/{HUB}#anti-pattern-one-global-connection")


def test_it_goes_when_the_pointer_leaves_and_with_escape(reader: Page) -> None:
    rest_on(reader, NOTE)
    reader.mouse.move(5, 5)
    card(reader).wait_for(state="hidden")
    rest_on(reader, NOTE)
    reader.keyboard.press("Escape")
    assert card(reader).is_hidden()
    reader.wait_for_timeout(600)
    assert card(reader).is_hidden()


def test_the_keyboard_shows_it_and_it_keeps_no_place_in_the_order_of_tabs(reader: Page) -> None:
    link = reader.locator(NOTE).first
    reader.keyboard.press("Tab")  # from now on, focus is the keyboard's
    link.focus()
    card(reader).wait_for()
    assert link.get_attribute("aria-describedby") == card(reader).get_attribute("id")
    # What a screen reader adds to the link is short.
    assert card(reader).locator(":scope > :not([aria-hidden])").all_inner_texts() == ["Acquire, use, release"]
    stops = card(reader).evaluate(
        "card => [...card.querySelectorAll('a, button, input, [tabindex]')].filter(e => e.tabIndex >= 0).length"
    )
    assert stops == 0
    reader.keyboard.press("Tab")
    card(reader).wait_for(state="hidden")
    assert link.get_attribute("aria-describedby") is None


def test_its_addresses_are_those_of_its_page_and_it_repeats_no_id(reader: Page, guide: Outcome) -> None:
    before = reader.locator("[id]").count()
    rest_on(reader, 'article a[href*="fork-safety/#is-one-worker-safe"]')
    assert card(reader).locator("[id], button, form, script, .headerlink, [aria-labelledby]").count() == 0
    shown = card(reader).locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(href.startswith("http") for href in shown)
    assert reader.locator("[id]").count() == before
    reader.goto("fork-safety/")
    there = set(reader.locator("article a:not(svg a)").evaluate_all("links => links.map(link => link.href)"))
    assert set(shown[1:]) <= there
    assert len(shown) > 1


def test_nothing_is_shown_if_the_page_does_not_come_and_it_is_asked_for_again(reader: Page, site: Site) -> None:
    reader.route(f"**/{HUB}", lambda route: route.abort())
    reader.locator(SECTION).hover()
    reader.wait_for_timeout(800)
    assert card(reader).is_hidden()
    reader.mouse.move(5, 5)
    reader.unroute(f"**/{HUB}")
    rest_on(reader, SECTION)


def test_a_reader_who_saves_data_gets_none_but_of_what_is_there(browser: Browser, site: Site) -> None:
    page = browser.new_page(base_url=site.address)
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto("errors/")
    site.asked.clear()
    page.locator("article dd a").first.hover()
    page.wait_for_timeout(800)
    assert site.asked == []
    assert card(page).is_hidden()
    rest_on(page, ".tally a")
    assert card(page).inner_text().startswith("Error messages › Linked from")
    assert site.asked == []
    page.close()


def test_a_tap_follows_the_link(browser: Browser, site: Site) -> None:
    context = browser.new_context(has_touch=True, base_url=site.address)
    page = context.new_page()
    page.goto(MAP)
    page.locator(NOTE).first.tap()
    page.wait_for_url("**/acquire-use-release/")
    context.close()


def test_a_finger_that_is_held_shows_it_and_the_card_leads_on(browser: Browser, site: Site) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 700}, base_url=site.address)
    page = context.new_page()
    page.goto(MAP)
    page.evaluate("addEventListener('contextmenu', event => { window.menu = !event.defaultPrevented; })")
    link = page.locator(NOTE).first
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    devices = context.new_cdp_session(page)
    devices.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    card(page).wait_for()
    devices.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    assert card(page).is_visible()
    assert page.url.endswith(MAP)
    assert page.evaluate("window.menu ?? true")
    page.touchscreen.tap(5, 690)
    assert card(page).is_hidden()
    devices.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    card(page).wait_for()
    devices.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    card(page).get_by_role("link", include_hidden=True).first.tap()
    page.wait_for_url("**/acquire-use-release/")
    context.close()


def test_lists_of_pages_have_none(reader: Page, site: Site) -> None:
    reader.set_viewport_size({"width": 1440, "height": 700})
    for selector in (".guide-nav a[href*='start-here']", ".guide-toc ul a", "article .headerlink"):
        reader.locator(selector).first.hover()
        reader.wait_for_timeout(500)
        assert card(reader).is_hidden(), selector
    assert site.asked == []


def test_every_link_between_pages_has_one(reader: Page) -> None:
    """On pages of each kind: a hub, a snippet, the glossary, the list of messages, the map."""
    empty = []
    for path in (HUB, "snippets/pooling/three_ways/", "glossary/", "errors/", "map/", "start-here/"):
        reader.goto(path)
        empty += reader.evaluate(
            """async () => {
                 const empty = [];
                 for (const link of document.querySelectorAll("article a[href]:not(svg a)")) {
                   const kind = contents.find((kind) => kind.fits(link));
                   if (!kind) continue;
                   const found = await kind.find(link);
                   const text = found?.querySelector?.(".guide-card-text")?.textContent ?? found?.textContent ?? "";
                   if (text.trim().length < 20) empty.push(`${location.pathname} ${link.getAttribute("href")}`);
                 }
                 return empty;
               }"""
        )
    assert empty == []


def test_from_a_file_there_is_none_and_nothing_fails(browser: Browser, guide: Outcome) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{guide.folder.as_uri()}/{HUB}index.html")
    page.locator("article p a[href^='../']:not(.term)").first.hover()
    page.wait_for_timeout(800)
    assert card(page).is_hidden()
    assert faults == []
    page.close()


def test_nothing_moves_for_readers_who_want_less_motion(browser: Browser, site: Site) -> None:
    page = browser.new_page(base_url=site.address, reduced_motion="reduce")
    page.goto(MAP)
    rest_on(page, NOTE)
    assert card(page).evaluate("card => getComputedStyle(card).animationName") == "none"
    page.close()
