"""What lies around a note, and the map of the guide, in Chromium: legible at every width, by keyboard, read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Outcome, pages
from tests.browser.test_browser import HUB

DRAWN = [HUB, "snippets/engine/defaults/", "snippets/sizing/littles_law/", "start-here/", "map/"]
# How far readers may set their letters apart (WCAG 1.4.12).
SPACING = "* { letter-spacing: .12em !important; word-spacing: .16em !important; line-height: 1.5 !important; }"
MEASURE = """() => [...document.querySelectorAll(".graph, .guide-map")].map(graph => {
  const box = element => { const b = element.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const rows = Object.fromEntries([...graph.querySelectorAll("[data-node]")].map(row => [row.dataset.node, box(row)]));
  const end = (line, length) => {
    const point = line.getPointAtLength(length).matrixTransform(line.getScreenCTM());
    return [point.x, point.y];
  };
  return {
    labels: [...graph.querySelectorAll("li > span:last-of-type, .topic")].map(label => {
      const range = document.createRange();
      range.selectNodeContents(label);
      return box(range);
    }),
    rows,
    lines: [...graph.querySelectorAll(".graph-lines > [data-ends]")].map(line => [
      line.dataset.ends.split(" "), end(line, 0), end(line, line.getTotalLength()),
    ]),
  };
})"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(base_url=address)
    yield page
    page.close()


@pytest.mark.parametrize("spaced", [False, True], ids=["as it comes", "spaced"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_label_covers_another_and_each_line_ends_at_its_names(page: Page, width: int, spaced: bool) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in DRAWN:
        page.goto(path)
        if spaced:
            # As a reader's own style sheet: a policy does not apply to it, nor to a sheet made by script.
            page.evaluate(
                "text => { const s = new CSSStyleSheet(); s.replaceSync(text); document.adoptedStyleSheets = [s]; }",
                SPACING,
            )
        graphs = page.evaluate(MEASURE)
        assert graphs, path
        for graph in graphs:
            labels = graph["labels"]
            for index, (left, top, right, bottom) in enumerate(labels):
                assert left >= 0, path
                assert right <= width, path
                for other in labels[:index]:
                    apart = right <= other[0] or other[2] <= left or bottom <= other[1] + 1 or other[3] <= top + 1
                    assert apart, (path, index)
            for ends, *points in graph["lines"]:
                for node, (_, y) in zip(ends, points, strict=True):
                    _, top, _, bottom = graph["rows"][node]
                    assert abs(y - (top + bottom) / 2) < 2, (path, ends)


def test_what_lies_around_is_read_as_two_lists(page: Page, guide: Outcome) -> None:
    page.goto(HUB)
    section = page.get_by_role("region", name="Around this note")
    near = section.get_by_role("list", name="One step away")
    assert near.get_by_role("listitem").count() == near.get_by_role("link").count() == 10
    assert set(near.get_by_role("img").evaluate_all("signs => signs.map(s => s.ariaLabel)")) <= {
        "both ways",
        "to",
        "from",
    }
    far = section.get_by_role("list", name="Two steps away")
    assert far.get_by_role("listitem").count() == 7
    # The drawing says nothing more, and is no stop of the Tab key.
    assert section.get_by_role("link").count() == 17
    near.get_by_role("link").last.focus()
    page.keyboard.press("Tab")
    assert far.get_by_role("link").first.evaluate("link => link === document.activeElement")


def test_pointing_or_focusing_lights_up_the_lines_of_a_name(page: Page) -> None:
    page.goto(HUB)
    graph = page.locator(".graph")
    far = graph.locator(".graph-far li").first
    node = far.get_attribute("data-node")
    far.get_by_role("link").hover()
    lit = graph.locator("[data-ends].lit").evaluate_all("lines => lines.map(line => line.dataset.ends)")
    assert lit
    assert {ends.split(" ")[1] for ends in lit} == {node}
    assert graph.locator("li.lit").count() == len(lit) + 1
    page.mouse.move(1, 1)
    assert graph.locator(".lit").count() == 0
    graph.locator(".graph-near a").first.focus()
    lit = graph.locator("[data-ends].lit").evaluate_all("lines => lines.map(line => line.dataset.ends)")
    assert {ends.split(" ")[0] for ends in lit} == {"0"}
    graph.locator(".graph-near a").first.blur()
    assert graph.locator(".lit").count() == 0


def test_a_dot_leads_to_its_note(page: Page) -> None:
    page.goto(HUB)
    first = page.locator(".graph-far a").first.evaluate("link => link.href")
    dot = page.locator(".graph-lines a path").nth(10)  # after those of ten notes one step away
    page.locator(".graph-far a").first.scroll_into_view_if_needed()
    point = dot.evaluate(
        "dot => { const p = dot.getPointAtLength(0).matrixTransform(dot.getScreenCTM()); return [p.x, p.y]; }"
    )
    page.mouse.click(*point)
    page.wait_for_url(first)


def test_the_map_is_walked_in_the_order_of_reading(page: Page) -> None:
    page.goto("map/")
    links = page.locator(".guide-map li a")
    titles = links.all_inner_texts()
    page.keyboard.press("Tab")
    links.first.focus()
    walked = []
    for _ in titles:
        focused = page.locator(":focus")
        walked.append(focused.inner_text())
        assert focused.evaluate("link => getComputedStyle(link).outlineStyle") != "none"
        page.keyboard.press("Tab")
    assert walked == titles
    tops = links.evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
    assert tops == sorted(tops)


def test_the_map_has_every_note_under_a_topic_with_its_count(page: Page, guide: Outcome) -> None:
    page.goto("map/")
    rows = page.locator(".guide-map li")
    named = dict(
        rows.evaluate_all("rows => rows.map(r => [r.querySelector('a').href, r.querySelector('.count').textContent])")
    )
    base = page.url.removesuffix("map/")
    notes = [path for path in pages(guide.folder) if not re.match(r"/snippets/.+", path)]
    assert sorted(named) == sorted(base + path.lstrip("/") for path in notes)
    for href, count in named.items():
        path = href.removeprefix(base)
        assert guide.page(f"{path}index.html").count('class="backlinks-source"') == int(count), path
    topics = page.locator(".guide-map ul").evaluate_all("lists => lists.map(list => list.ariaLabel)")
    assert topics[1:] == page.locator(".guide-map .topic").all_inner_texts()[1:]
    assert {"Ground", "Anti-patterns", "SQLAlchemy", "Flask", "Errors", "Maps", "Evidence"} <= set(topics)


@pytest.mark.parametrize("width", [1440, 1200, 390, 320])
def test_the_count_of_backlinks_stands_beside_the_title_or_below_it(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("connection-budget/", "pool-size/", "snippets/engine/nullpool_moves_it/"):
        page.goto(path)
        link = page.locator(".tally a")
        listed = page.locator(".backlinks-source").count()
        assert link.inner_text() == ("1 note links here" if listed == 1 else f"{listed} notes link here")
        title, count = page.locator("h1").bounding_box(), link.bounding_box()
        assert title is not None
        assert count is not None
        beside = count["x"] >= title["x"] + title["width"] and count["y"] < title["y"] + title["height"]
        below = count["y"] >= title["y"] + title["height"]
        assert beside if width == 1440 else below, path
        link.click()
        assert page.locator(":target").inner_text() == "Linked from"
