"""What stands around a note, by keyboard, without scripts and on paper: colors, contents, sections, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from garden.publish import csp
from tests.browser.conftest import Outcome, pages
from tests.browser.test_browser import HUB, clipboard

DARK = "rgb(20, 25, 27)"
LIGHT = "rgb(251, 250, 247)"


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a reader whose system is light."""
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def focused(page: Page) -> str:
    """Return the text or the name of what has the focus."""
    return str(page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent").strip())


def test_the_colors_change_by_keyboard_and_stay_changed_from_the_first_moment(reader: Page) -> None:
    reader.goto(HUB)
    assert background(reader) == LIGHT
    reader.get_by_role("button", name="Use dark colors").press("Enter")
    assert background(reader) == DARK
    assert focused(reader) == "Use light colors"
    reader.route("**/guide.js", lambda route: route.abort())
    reader.goto("glossary/")
    assert background(reader) == DARK  # before the script of the page has run, which never does here
    reader.unroute("**/guide.js")
    reader.goto(HUB)
    reader.get_by_role("button", name="Use light colors").press("Space")
    assert background(reader) == LIGHT
    reader.emulate_media(color_scheme="dark")
    assert background(reader) == DARK  # what was chosen last is the system's own: the page follows the system again
    reader.get_by_role("button", name="Use light colors").wait_for()


def test_without_scripts_the_colors_are_the_systems(browser: Browser, address: str) -> None:
    page = browser.new_page(java_script_enabled=False, color_scheme="dark", base_url=address)
    page.goto(HUB)
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == DARK
    assert page.locator(".guide-scheme").is_hidden()
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_contents_open_by_keyboard(browser: Browser, address: str, scripts: bool) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800}, java_script_enabled=scripts, base_url=address)
    page.goto("pool-size/")
    contents = page.get_by_role("navigation", name="Contents of the guide")
    assert contents.is_hidden()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    contents.wait_for()
    assert contents.get_by_role("link", name="How big should the pool be?").get_attribute("aria-current") == "page"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Home"
    page.keyboard.press("Escape")
    contents.wait_for(state="hidden")
    assert page.locator(":focus").get_attribute("aria-label") == "Contents of the guide"
    page.close()


def test_the_first_stop_of_the_keyboard_leads_to_the_text(reader: Page) -> None:
    reader.goto(HUB)
    reader.keyboard.press("Tab")
    assert focused(reader) == "Skip to the text"
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.closest('main') !== null")


def test_the_section_that_is_read_is_marked(reader: Page) -> None:
    reader.set_viewport_size({"width": 1440, "height": 900})
    reader.goto("pool-size/")
    current = reader.get_by_role("navigation", name="On this page").locator("[aria-current]")
    assert current.count() == 0
    for section in ("Sources", "Why is more not better?"):
        reader.get_by_role("heading", name=section).evaluate("heading => heading.scrollIntoView()")
        current.filter(has_text=section).wait_for()
        assert current.count() == 1


def test_on_a_phone_the_list_of_sections_closes_behind_whom_it_has_led(reader: Page) -> None:
    reader.set_viewport_size({"width": 390, "height": 800})
    reader.goto("pool-size/")
    reader.get_by_role("button", name="On this page").click()
    sections = reader.get_by_role("navigation", name="On this page")
    sections.get_by_role("link", name="Sources").click()
    sections.wait_for(state="hidden")
    assert reader.url.endswith("#sources")
    box = reader.get_by_role("heading", name="Sources").bounding_box()
    assert box is not None
    assert box["y"] >= 52  # below the line on top


def test_a_block_without_a_file_is_copied(reader: Page) -> None:
    reader.goto("pool-size/")
    button = reader.get_by_role("button", name="Copy", exact=True).first
    button.press("Enter")
    reader.get_by_role("status").filter(has_text="This block is copied.").wait_for(state="attached")
    assert clipboard(reader) == button.locator("xpath=..").locator("code").text_content()


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("path", ["singleton-and-pools/", "pool-size/", "writing/", "how-it-works/"])
def test_the_button_hides_no_code_that_cannot_be_scrolled_out_from_below_it(
    reader: Page, path: str, width: int
) -> None:
    reader.set_viewport_size({"width": width, "height": 800})
    reader.goto(path)
    hidden = reader.evaluate(
        """() => {
             const hidden = [];
             for (const button of document.querySelectorAll("article .highlight > .guide-button")) {
               const code = button.parentElement.querySelector("pre code");
               code.scrollLeft = code.scrollWidth;
               const [box, text] = [button.getBoundingClientRect(), document.createRange()];
               text.selectNodeContents(code);
               for (const line of text.getClientRects()) {
                 if (line.top < box.bottom && line.right > box.left + 1 && line.left < box.right) {
                   hidden.push(code.textContent.slice(0, 40));
                   break;
                 }
               }
             }
             return hidden;
           }"""
    )
    assert hidden == []


def test_a_table_that_scrolls_has_a_name_and_a_stop(reader: Page) -> None:
    reader.set_viewport_size({"width": 390, "height": 800})
    reader.goto("snippets/")
    table = reader.get_by_role("region", name="Table: Snippets")
    table.focus()
    # A page that is still being drawn may miss a key; a reader presses again.
    for _ in range(50):
        reader.keyboard.press("ArrowRight")
        reader.wait_for_timeout(100)
        if table.evaluate("(frame) => frame.scrollLeft"):
            break
    assert table.evaluate("(frame) => frame.scrollLeft")
    reader.set_viewport_size({"width": 1440, "height": 800})
    table.wait_for(state="detached")
    assert reader.locator(".table-frame[tabindex]").count() == 0


def test_on_paper_there_is_the_text_and_where_its_links_lead(reader: Page) -> None:
    reader.emulate_media(media="print", color_scheme="dark")
    reader.goto("pool-size/")
    for part in (".guide-header", ".guide-nav", ".guide-toc", ".guide-footer", ".guide-button", ".headerlink"):
        assert not reader.locator(part).first.is_visible(), part
    assert background(reader) == "rgb(255, 255, 255)"
    link = reader.locator("main a[href^=http]").first
    shown = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert str(link.get_attribute("href")) in shown
    assert reader.locator(".measured details td").first.is_visible()


def test_who_wants_no_motion_gets_none(browser: Browser, address: str) -> None:
    page = browser.new_page(reduced_motion="reduce", base_url=address)
    page.goto(HUB)
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0)"
    assert page.evaluate(f"{moving}.length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(f"{moving}.length") > 0
    page.close()


def test_every_page_carries_the_policy_and_nothing_of_the_themes_scripts_is_published(guide: Outcome) -> None:
    tag = f'<meta http-equiv="Content-Security-Policy" content="{csp.meta()}">'
    for path in [*pages(guide.folder), "/404.html"]:
        page = guide.page((path + "index.html" if path.endswith("/") else path).lstrip("/"))
        assert page.count(tag) == 1, path
        assert not re.search(r"<style|style=\"|<script(?! src=)|\son\w+=", page.partition("<main")[0]), path
    assert guide.page("_headers") == csp.headers_file()
    assert not (guide.folder / "assets/javascripts").exists()
    assert len(list((guide.folder / "assets/stylesheets").iterdir())) == 1
