"""The glossary's words in Chromium: their definitions by pointer, keyboard and touch, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Outcome, pages
from tests.browser.test_browser import HUB

MOST = 8


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Page]:
    """A page that marks words."""
    page = browser.new_page(viewport={"width": 390, "height": 700})
    page.goto(address + HUB)
    yield page
    page.close()


def term(page: Page) -> Locator:
    """Return a marked word, in view."""
    found = page.locator("a.term").first
    found.scroll_into_view_if_needed()
    return found


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def test_the_pointer_shows_the_definition_and_may_move_onto_it(reader: Page) -> None:
    word = term(reader)
    word.hover()
    card(reader).wait_for()
    assert card(reader).inner_text() == word.get_attribute("data-definition")
    assert word.get_attribute("aria-describedby") == card(reader).get_attribute("id")
    box = card(reader).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    reader.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=10)
    reader.wait_for_timeout(600)  # longer than it takes to go
    assert card(reader).is_visible()
    reader.mouse.move(5, 5)
    card(reader).wait_for(state="hidden")
    assert word.get_attribute("aria-describedby") is None


def test_escape_hides_it_where_the_pointer_is(reader: Page) -> None:
    term(reader).hover()
    card(reader).wait_for()
    reader.keyboard.press("Escape")
    assert card(reader).is_hidden()


def test_focus_shows_it_until_it_leaves_or_escape_is_pressed(reader: Page) -> None:
    reader.keyboard.press("Tab")  # from now on, focus is the keyboard's
    word = term(reader)
    word.focus()
    card(reader).wait_for()
    reader.wait_for_timeout(600)
    assert card(reader).is_visible()
    reader.keyboard.press("Tab")
    card(reader).wait_for(state="hidden")
    reader.keyboard.press("Shift+Tab")
    card(reader).wait_for()
    reader.keyboard.press("Escape")
    assert card(reader).is_hidden()
    assert word.evaluate("word => document.activeElement === word")


def test_a_word_at_the_bottom_has_it_above(reader: Page) -> None:
    word = reader.locator("a.term").last
    word.evaluate("word => scrollBy(0, word.getBoundingClientRect().bottom - innerHeight + 12)")
    word.dispatch_event("pointerover", {"pointerType": "mouse"})  # to hover would scroll it to the middle
    card(reader).wait_for()
    line, shown = word.bounding_box(), card(reader).bounding_box()
    assert line is not None
    assert shown is not None
    assert shown["y"] + shown["height"] <= line["y"] + line["height"]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_touch_leads_to_the_definition(browser: Browser, address: str, javascript: bool) -> None:
    context = browser.new_context(has_touch=True, java_script_enabled=javascript)
    page = context.new_page()
    page.goto(address + HUB)
    word = term(page)
    name = word.inner_text().lower()
    word.tap()
    page.wait_for_url("**/glossary/#term:*")
    definition = page.locator("dt:target")
    definition.wait_for()
    assert name.startswith(definition.inner_text().lower())
    context.close()


def test_pages_stay_calm(guide: Outcome) -> None:
    """Few words are marked on a page, and none twice; the first page and the glossary mark none."""
    for path in pages(guide.folder):
        marked = guide.page(f"{path.strip('/')}/index.html".lstrip("/")).count('<a class="term"')
        assert marked <= (0 if path in ("/", "/glossary/") or path.startswith("/snippets/") else MOST), path
