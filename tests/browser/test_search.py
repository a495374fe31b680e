"""The guide's own search in Chromium: what it finds, how it is used, and what it costs before it is."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from garden.runtime import make, node
from tests.browser.conftest import ROOT, Outcome
from tests.browser.questions import GROUPS
from tests.browser.server import Site, serving
from tests.conftest import missing

LIBRARY = ROOT / "garden/theme/search/_minisearch.js"
FETCHED = ["/guide/assets/search-index.js", "/guide/assets/search.js"]
# Asks the questions one by one, and returns for each the addresses of the pages that were found, in their order.
ASK = """questions => questions.map(question => {
  const box = document.querySelector(".guide-search input");
  box.value = question;
  box.dispatchEvent(new Event("input"));
  return [...document.querySelectorAll(".guide-found:not(.guide-found-more)")].map(found => found.href);
})"""


@pytest.fixture(scope="module")
def site(guide: Outcome) -> Iterator[Site]:
    """The guide in a folder of a server, with its policy."""
    with serving(guide.folder, under="/guide/", compress="gzip") as served:
        yield served


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of the guide, with nothing wrong in it."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    site.asked.clear()
    page.goto(site.address + "fork-safety/")
    yield page
    page.close()
    assert faults == []


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search the guide")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option")


def search(page: Page, question: str) -> Locator:
    """Type a question; return what is found, once there is something."""
    if not box(page).is_visible():
        page.keyboard.press("/")
    box(page).fill(question)
    options(page).first.wait_for()
    return options(page)


def pages_found(page: Page, *questions: str) -> list[list[str]]:
    """Return the last parts of the addresses of the pages that were found, for each question."""
    search(page, "pool")
    found: list[list[str]] = page.evaluate(ASK, list(questions))
    return [[address.partition("#")[0].rstrip("/").rpartition("/")[2] for address in one] for one in found]


@pytest.mark.parametrize("group", GROUPS)
def test_the_page_that_answers_comes_first_or_nearly(reader: Page, group: str) -> None:
    questions, first, among_three = GROUPS[group]
    found = pages_found(reader, *(question for question, _ in questions))
    places = [
        next((place for place, name in enumerate(names, 1) if name in wanted.split("|")), 99)
        for (_, wanted), names in zip(questions, found, strict=True)
    ]
    misses = [
        f"{question}: {wanted} should be first, and not {', '.join(names[:3])}"
        for (question, wanted), names, place in zip(questions, found, places, strict=True)
        if place > 1
    ]
    print(
        f"{places.count(1)} of {len(questions)} come first, {sum(place <= 3 for place in places)} among three",
        *misses,
        sep="\n",
    )
    assert places.count(1) >= first, "\n".join(misses)
    assert sum(place <= 3 for place in places) >= among_three, "\n".join(misses)


TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/app/views.py", line 31, in book
    with engine.begin() as connection:
  File "/usr/lib/python3.12/site-packages/sqlalchemy/pool/impl.py", line 166, in _do_get
    raise exc.TimeoutError(
sqlalchemy.exc.TimeoutError: QueuePool limit of size 20 overflow 0 reached, connection timed out, timeout 5.00
(Background on this error at: https://sqlalche.me/e/20/3o7r)
"""


def test_a_message_leads_to_its_note_and_then_to_the_list_of_all(reader: Page) -> None:
    found = search(reader, "(sqlite3.OperationalError) database is locked [SQL: UPDATE a SET b=? WHERE id=?] (7, 1)")
    expect(found.nth(0)).to_contain_text("error SQLite and pooling database is locked")
    assert found.nth(0).locator("mark").all_inner_texts() == ["database", "is", "locked"]
    expect(found.nth(1)).to_contain_text("Error messages")


def test_a_traceback_is_pasted_whole(browser: Browser, site: Site) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site.address)
    page.evaluate("text => navigator.clipboard.writeText(text)", TRACEBACK)
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+v")
    options(page).first.wait_for()
    assert box(page).input_value().split() == TRACEBACK.split()
    expect(options(page).first).to_contain_text("error QueuePool limit of size 5 overflow 10 reached")
    context.close()


def test_a_result_says_note_section_and_what_matches(reader: Page) -> None:
    first = search(reader, "foreign keys checked only sometimes").first
    assert first.locator(".guide-found-title").inner_text() == "SQLite and pooling"
    section = first.locator(".guide-found-section")
    assert section.inner_text() == "Why are foreign keys checked only sometimes?"
    assert section.locator("mark").all_inner_texts() == ["foreign", "keys", "checked", "sometimes"]
    assert "PRAGMA foreign_keys" in first.locator(".guide-found-text").first.inner_text()


def test_a_snippet_is_found_by_its_file_and_by_a_name_in_it(reader: Page) -> None:
    by_file = search(reader, "lease.py").first
    expect(by_file).to_contain_text("snippet A connection is lent, not given")
    by_name = search(reader, "fork_safe_engine").filter(has_text="snippet").first
    assert by_name.locator(".guide-found-title").inner_text() == "An engine that survives a fork"


def test_nothing_is_fetched_before_the_search_is_opened_and_then_two_files_once(reader: Page, site: Site) -> None:
    opener = reader.get_by_role("button", name="Search")
    opener.hover()
    opener.focus()
    reader.wait_for_load_state("networkidle")
    before = [path for path, _ in site.asked]
    assert not [path for path in before if "search" in path]
    search(reader, "pool")
    search(reader, "engine")
    reader.keyboard.press("Escape")
    search(reader, "fork")
    assert sorted(path for path, _ in site.asked[len(before) :]) == FETCHED


def test_the_keyboard_does_it_all(reader: Page) -> None:
    opener = reader.get_by_role("button", name="Search")
    opener.focus()
    reader.keyboard.press("Enter")
    reader.keyboard.type("max_overflow")
    options(reader).nth(2).wait_for()
    chosen = [options(reader).nth(0).get_attribute("id")]
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"):
        reader.keyboard.press(key)
        chosen.append(box(reader).get_attribute("aria-activedescendant"))
        selected = reader.get_by_role("option", selected=True)
        assert selected.evaluate_all("found => found.map(one => one.id)") == [chosen[-1]]
    last = f"guide:found-{options(reader).count() - 1}"
    assert chosen == [f"guide:found-{at}" if at >= 0 else last for at in (0, 1, 2, 1, 0, -1, 0)]
    assert box(reader).get_attribute("aria-expanded") == "true"
    reader.keyboard.press("Escape")
    assert box(reader).is_hidden()
    expect(opener).to_be_focused()
    reader.keyboard.press("/")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/guide/queuepool/**")


def test_a_slash_is_a_slash_where_somebody_writes(reader: Page, site: Site) -> None:
    reader.goto(site.address + "pool-size/")
    field = reader.locator("input[type=number]").first
    field.focus()
    reader.keyboard.press("/")
    assert box(reader).is_hidden()
    reader.keyboard.press("Control+k")
    assert box(reader).is_visible()


def test_on_a_mac_control_k_is_left_to_a_field(reader: Page, site: Site) -> None:
    agent = reader.evaluate("navigator.userAgent")
    reader.context.new_cdp_session(reader).send(
        "Emulation.setUserAgentOverride", {"userAgent": agent, "platform": "MacIntel"}
    )
    reader.goto(site.address + "pool-size/")
    reader.keyboard.press("Control+k")
    assert box(reader).is_visible()
    reader.keyboard.press("Escape")
    reader.locator("input[type=number]").first.focus()
    reader.keyboard.press("Control+k")
    assert box(reader).is_hidden()
    reader.keyboard.press("Meta+k")
    assert box(reader).is_visible()


def test_a_section_of_the_same_page_is_shown(reader: Page) -> None:
    search(reader, "what can a child do to its parent").first.click()
    reader.wait_for_url("**/fork-safety/#what-can-a-child-do-to-its-parent")
    assert box(reader).is_hidden()
    expect(reader.locator("h2:target")).to_be_in_viewport()


def test_what_is_not_found_is_said(reader: Page) -> None:
    search(reader, "pool")
    box(reader).fill("xylophone")
    state = reader.get_by_role("dialog").get_by_role("status")
    expect(state).to_have_text("Nothing has these words. Try others, or fewer.")
    assert box(reader).get_attribute("aria-expanded") == "false"
    assert box(reader).get_attribute("aria-activedescendant") is None
    box(reader).fill("")
    expect(state).to_have_text("")


def test_what_did_not_come_is_fetched_again(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(site.address)
    site.refuse.add("search-index.js")
    page.keyboard.press("/")
    state = page.get_by_role("dialog").get_by_role("status")
    expect(state).to_have_text("The search could not be loaded. Close it and open it again to retry.")
    site.refuse.clear()
    page.get_by_role("button", name="Close").click()
    search(page, "pool")
    expect(state).to_contain_text("pages")
    page.close()


def test_it_works_in_a_folder_without_a_server(browser: Browser, guide: Outcome) -> None:
    page = browser.new_page()
    page.goto((guide.folder / "fork-safety/index.html").as_uri())
    first = search(page, "pool_pre_ping").first
    address = first.get_attribute("href") or ""
    assert address.startswith((guide.folder / "engine-configuration/index.html").as_uri() + "#")
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Engine configuration")
    page.close()


def test_without_scripts_there_is_no_button(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address)
    assert page.locator(".guide-finds").is_hidden()
    assert page.locator(".guide-search").is_hidden()
    context.close()


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_it_fits(browser: Browser, site: Site, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(site.address)
    search(page, "QueuePool limit reached, connections leak").last.scroll_into_view_if_needed()
    edges = page.get_by_role("dialog").bounding_box()
    assert edges is not None
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= width
    assert edges["y"] + edges["height"] <= 700
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert box(page).is_visible()
    page.close()


def test_the_library_is_that_of_the_registry(tmp_path: Path) -> None:
    library, version, integrity = re.findall(
        r"^(\w+) ([\d.]+), from the npm registry: (\S+)$", LIBRARY.read_text(), re.M
    )[0]
    esbuild = next((ROOT / ".runtime").glob("npm-*/node_modules/.bin/esbuild"), None)
    if not esbuild:
        missing("esbuild is not on this machine; `make runtime` brings it")
    try:
        program = node.find(make.CACHE)
    except node.Unavailable as error:
        missing(str(error))
    packed = tmp_path / f"{library.lower()}-{version}.tgz"
    command = [*program.npm, "pack", "--silent", "--pack-destination", str(tmp_path), f"{library.lower()}@{version}"]
    if subprocess.run(command, cwd=tmp_path, timeout=120, check=False, capture_output=True).returncode:
        missing("npm's registry does not answer")
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    assert integrity == f"sha512-{digest}"
    with tarfile.open(packed) as archive:
        (tmp_path / "package/dist/umd").mkdir(parents=True)
        for name in ("package/package.json", "package/LICENSE.txt", "package/dist/umd/index.js"):
            content = archive.extractfile(name)
            assert content
            (tmp_path / name).write_bytes(content.read())
    small = [program.program, str(esbuild), "--minify", str(tmp_path / "package/dist/umd/index.js")]
    made = subprocess.run(small, check=True, capture_output=True, text=True, timeout=60).stdout
    notice = (tmp_path / "package/LICENSE.txt").read_text().strip()
    head, _, text = LIBRARY.read_text().partition("*/\n")
    assert notice in head
    assert text == made
