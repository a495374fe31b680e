"""Every page in Chromium, each visited once: the policy, accessibility, widths, weight, and that nothing moves."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, ViewportSize

from tests.browser.conftest import Outcome, pages
from tests.browser.modules import modules
from tests.browser.server import serving

HERE = Path(__file__).parent
MOST_BYTES = 75_000
MOST_REQUESTS = 8
# A phone, the narrowest page that must work, and a wide page at 200 %.
WIDTHS = (1440, 720, 320, 390)
Side = tuple[Literal["light", "dark"], int]
SIDES: tuple[Side, ...] = (("dark", 390), ("light", 1440), ("light", 390), ("dark", 1440))
PARTS = 12
KINDS = ("/", "/pool-size/", "/errors/", "/glossary/", "/snippets/", "/snippets/pooling/lease/", "/404.html")


@cache
def weight(file: Path) -> int:
    """Return what a file weighs on its way, in bytes."""
    return len(gzip.compress(file.read_bytes(), 6))


def widen(page: Page, width: int) -> None:
    """Make a page as wide as this, in pixels; one that is has nothing to lay out anew."""
    if page.viewport_size != (size := ViewportSize(width=width, height=900)):
        page.set_viewport_size(size)


def visit(page: Page, folder: Path, origin: str, path: str, sides: Sequence[Side]) -> list[str]:
    """Return what is wrong with a page: as it comes, at every width, and for axe from these sides."""
    faults = []
    weights: dict[str, int] = {}

    def asked(request: Request) -> None:
        if not request.url.startswith(origin):
            faults.append(f"asks for {request.url}")
            return
        name = request.url.removeprefix(origin).partition("?")[0]
        file = folder / name / "index.html" if name.endswith("/") or not name else folder / name
        if file.is_file():
            weights[name] = weight(file)
        else:
            faults.append(f"asks for {name}, which is not there")

    def complained(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(message.text)

    def failed(error: Error) -> None:
        faults.append(str(error))

    page.on("console", complained)
    page.on("pageerror", failed)
    page.on("request", asked)
    page.emulate_media(color_scheme="light")
    widen(page, WIDTHS[0])
    page.goto(origin + path.lstrip("/"))
    page.remove_listener("request", asked)
    if moved := page.evaluate("guideChecks.moved()"):
        faults.append(f"moves by {moved}")
    faults += page.evaluate("guideChecks.focus()")
    for width in WIDTHS:
        widen(page, width)
        if wider := page.evaluate("guideChecks.wider()"):
            faults.append(f"at {width} px, wider by {wider}")
    page.evaluate("guideChecks.thin()")
    for scheme, width in sides:
        page.emulate_media(color_scheme=scheme)
        widen(page, width)
        faults += [f"{fault} ({scheme}, {width} px)" for fault in page.evaluate("guideChecks.everything()")]
    faults += page.evaluate("guideChecks.refused()")
    page.remove_listener("console", complained)
    page.remove_listener("pageerror", failed)
    # The icon, which only browsers with windows ask for, is one request more.
    if (total := sum(weights.values())) > MOST_BYTES or len(weights) + 1 > MOST_REQUESTS:
        faults.append(f"weighs {total} bytes in {len(weights) + 1} requests")
    return faults


def sides(path: str, number: int) -> Sequence[Side]:
    """Return from which sides axe looks at a page.

    What looks different at another width is the frame, and that is the same on every page: the pages that stand for a
    kind are seen from all four sides, notes from opposite ones. Of the pages of snippets, which come from one template,
    each is seen from one.
    """
    if path in KINDS:
        return SIDES
    return SIDES[number % 4 : number % 4 + 1] if path.startswith("/snippets/") else SIDES[:2]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_fault(browser: Browser, guide: Outcome, part: int) -> None:
    """Every so manieth page is a part: parallel workers share them."""
    axe = modules(HERE, "npm could not bring axe-core and html-validate") / "axe-core/axe.min.js"
    found = {}
    with serving(guide.folder) as site:
        context = browser.new_context(reduced_motion="reduce")
        context.add_init_script(path=axe)
        context.add_init_script(path=HERE / "every_page.js")
        # One after the other in the same tab: to hand a new one the half megabyte of axe takes longer than to visit.
        page = context.new_page()
        for number, path in list(enumerate([*pages(guide.folder), "/404.html"]))[part::PARTS]:
            found[path] = visit(page, guide.folder, site.address, path, sides(path, number))
        context.close()
    assert found
    assert {path: faults for path, faults in found.items() if faults} == {}
