"""The built site in Chromium: what a reader meets, with and without JavaScript, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Outcome

HUB = "database-connection-pooling/"


@pytest.mark.parametrize("width", [1440, 390])
def test_backlinks_are_read_without_javascript(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + HUB)
    section = page.get_by_role("region", name="Linked from")
    section.scroll_into_view_if_needed()
    flask = section.get_by_role("listitem").filter(has=page.get_by_role("link", name="Flask", exact=True)).first
    assert flask.is_visible()
    excerpt = flask.get_by_role("listitem").first
    assert excerpt.locator("mark").is_visible()
    excerpt.get_by_role("link").click()
    assert_shows_the_place(page)
    context.close()


def test_a_backlink_is_followed_by_keyboard(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + HUB)
    page.get_by_role("region", name="Linked from").get_by_role("link").first.focus()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.locator("mark").count() == 1
    outline = focused.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")
    assert_shows_the_place(page)
    page.close()


def assert_shows_the_place(page: Page) -> None:
    """The page has come to a link that leads back to the hub, and that link is in view."""
    assert "#" in page.url
    target = page.locator(":target")
    target.wait_for()
    assert HUB in (target.get_attribute("href") or "")
    box = target.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 900


def test_the_screenshot_in_the_readme_is_there() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert "docs/assets/screenshot.png" in readme
    assert (Path(__file__).parents[2] / "docs/assets/screenshot.png").stat().st_size < 300_000


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose clipboard the test may read."""
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def clipboard(page: Page) -> str:
    """Return what was copied."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_whole_file_and_the_part_are_copied(reader: Page, guide: Outcome) -> None:
    reader.goto(HUB)
    figure = reader.locator("figure.snippet").first
    figure.get_by_role("button", name="Copy the whole file").press("Enter")
    reader.get_by_role("status").filter(has_text="three_ways.py is copied.").wait_for(state="attached")
    assert clipboard(reader) == guide.page("snippets/pooling/three_ways.py")
    figure.get_by_role("button", name="Copy this part").press("Enter")
    reader.get_by_role("status").filter(has_text="This part is copied.").wait_for(state="attached")
    part = clipboard(reader)
    assert part in guide.page("snippets/pooling/three_ways.py")
    assert part.startswith("@contextmanager\ndef pooled(")


def test_what_is_copied_from_an_antipattern_says_so(reader: Page) -> None:
    reader.goto("snippets/antipatterns/one_global_connection/")
    reader.get_by_role("button", name="Copy the whole file").click()
    reader.get_by_role("status").filter(has_text="is copied.").wait_for(state="attached")
    assert clipboard(reader).startswith("# ANTI-PATTERN")


def test_a_file_that_does_not_come_is_told(reader: Page) -> None:
    reader.goto(HUB)
    reader.route("**/three_ways.py", lambda route: route.abort())
    reader.get_by_role("button", name="Copy the whole file").first.click()
    told = "three_ways.py could not be copied; select it, or download the file."
    reader.get_by_role("status").filter(has_text=told).wait_for(state="attached")


def test_download_and_copy_give_the_same_bytes(reader: Page, guide: Outcome) -> None:
    reader.goto("snippets/pooling/lease/")
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download the whole file").click()
    assert download.value.suggested_filename == "lease.py"
    assert download.value.path().read_text() == guide.page("snippets/pooling/lease.py")
    reader.get_by_role("button", name="Copy the whole file").click()
    reader.get_by_role("status").filter(has_text="is copied.").wait_for(state="attached")
    assert clipboard(reader) == download.value.path().read_text()


def test_the_catalog_is_filtered(reader: Page) -> None:
    reader.goto("snippets/")
    rows = reader.locator(".catalog tbody tr:not([hidden])")
    everything = rows.count()
    reader.get_by_label("Topic").select_option("flask_apps")
    topics = set(rows.locator("td:nth-child(2)").all_text_contents())
    assert topics == {"flask_apps"}
    reader.get_by_label("Packages").select_option("flask-sqlalchemy-lite")
    assert rows.count() == 1
    assert reader.locator(".catalog-filter output").text_content() == f"1 of {everything} snippets"
    reader.get_by_label("Topic").select_option("any")
    reader.get_by_label("Packages").select_option("any")
    reader.get_by_label("Servers").select_option("MariaDB")
    assert 0 < rows.count() < everything


def test_without_javascript_every_snippet_can_be_found_and_downloaded(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("snippets/")
    page.get_by_role("link", name="A connection is lent, not given").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("A connection is lent, not given")
    assert page.get_by_role("link", name="Download the whole file").get_attribute("href") == "../lease.py"
    context.close()
