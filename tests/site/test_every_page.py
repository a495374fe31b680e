"""Every page in Chromium, each visited once: the policy, accessibility, widths, weight, and that nothing moves."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Request

from .browsers import launching
from .conftest import Outcome, pages
from .modules import modules
from .server import serving

HERE = Path(__file__).parent
MOST_BYTES = 75_000
MOST_REQUESTS = 8
# A phone, the narrowest page that must work, and a wide page at 200 %.
WIDTHS = (1440, 720, 390, 320)
Side = tuple[Literal["light", "dark"], int]
SIDES: tuple[Side, ...] = (("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390))
PARTS = 12
KINDS = ("/", "/pool-size/", "/errors/", "/glossary/", "/snippets/", "/snippets/pooling/lease/", "/404.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that is already installed."""
    with launching() as launch:
        yield launch()


def visit(page: Page, folder: Path, origin: str, path: str, axe: Path, sides: Sequence[Side]) -> list[str]:
    """Return what is wrong with a page: as it comes, at every width, and for axe from these sides."""
    faults = []
    weights: dict[str, int] = {}

    def asked(request: Request) -> None:
        if not request.url.startswith(origin):
            faults.append(f"asks for {request.url}")
            return
        name = request.url.removeprefix(origin).partition("?")[0]
        file = folder / name / "index.html" if name.endswith("/") or not name else folder / name
        weights[name] = len(gzip.compress(file.read_bytes(), 6))

    page.on("request", asked)
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(origin + path.lstrip("/"))
    page.remove_listener("request", asked)
    if moved := page.evaluate("guideChecks.moved()"):
        faults.append(f"moves by {moved}")
    page.evaluate(axe.read_text(encoding="utf-8"))
    faults += page.evaluate("guideChecks.focus()")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if wider := page.evaluate("guideChecks.wider()"):
            faults.append(f"at {width} px, wider by {wider}")
    page.evaluate("guideChecks.thin()")
    for scheme, width in sides:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{fault} ({scheme}, {width} px)" for fault in page.evaluate("guideChecks.everything()")]
    faults += page.evaluate("guideChecks.refused()")
    # The icon, which only browsers with windows ask for, is one request more.
    if (weight := sum(weights.values())) > MOST_BYTES or len(weights) + 1 > MOST_REQUESTS:
        faults.append(f"weighs {weight} bytes in {len(weights) + 1} requests")
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
        context.add_init_script(path=HERE / "every_page.js")
        for number, path in list(enumerate([*pages(guide.folder), "/404.html"]))[part::PARTS]:
            page = context.new_page()
            found[path] = visit(page, guide.folder, site.address, path, axe, sides(path, number))
            page.close()
        context.close()
    assert found
    assert {path: faults for path, faults in found.items() if faults} == {}
