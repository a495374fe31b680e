"""Run and Edit in Chromium, below a folder and under the site's policy: what a reader does, and what may go wrong."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from garden.theme.bundle import SCRIPT, bundles
from tests.browser.browsers import Launch
from tests.browser.conftest import Outcome, build, copy_tree
from tests.browser.server import Site, serving
from tests.conftest import missing
from tests.snippets.browser_python import MISSING
from tests.snippets.catalog import ROOT

NOTE = "queuepool-limit/"
LIMIT = "engine/queuepool_limit.py"
LEASE = "snippets/pooling/lease/"
SECONDS = 60_000  # milliseconds: a first start on a busy machine
# Words that no run of a test of ours ends with.
ENDED = re.compile(r"^(Finished|Ended|Stopped)|could not|too little")


@pytest.fixture(scope="module")
def built(guide: Outcome) -> Path:
    """The built site with its runtime."""
    if not list(guide.folder.glob("assets/runner/*/worker.js")):
        missing(MISSING)
    return guide.folder


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[Site]:
    """The site, below a folder."""
    with serving(built, under="/guide/") as found:
        yield found


@pytest.fixture(scope="module")
def visited(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A reader who has been here before, and has run something."""
    context = browser.new_context(base_url=site.address, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(LEASE)
    ended(run(page))
    page.wait_for_timeout(500)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(visited: BrowserContext) -> Iterator[Page]:
    """A page of theirs. Nothing on it may fail, or break the policy."""
    faults: list[str] = []
    page = visited.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert faults == []


@pytest.fixture
def newcomer(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a reader who has never been here."""
    context = browser.new_context(base_url=site.address)
    site.asked.clear()
    yield context.new_page()
    context.close()
    site.refuse.clear()
    site.cut.clear()


def figure(page: Page, number: int = 0) -> Locator:
    """Return a block that can be run."""
    return page.locator("figure[data-runs]").nth(number)


def run(page: Page, number: int = 0) -> Locator:
    """Press Run below a block; return the block."""
    block = figure(page, number)
    block.get_by_role("button", name="Run").click()
    return block


def state(block: Locator) -> Locator:
    """Return what a screen reader is told of a run."""
    return block.locator(".runner-state")


def ended(block: Locator) -> str:
    """Wait for the end of a run; return what is told of it, without the time: that is told of long ones."""
    expect(state(block)).to_have_text(ENDED, timeout=SECONDS)
    return re.sub(r"^(Ended|Finished) after [\d.]+ s", r"\1", str(state(block).text_content()))


def output(block: Locator) -> str:
    """Return what a run has printed."""
    return str(block.locator(".runner-output").text_content())


def link(address: str, path: str, code: str, lines: str = "") -> str:
    """Return a link that shares code."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(json.dumps([path, lines, code]).encode()) + packer.flush()
    return f"{address}#run={base64.urlsafe_b64encode(data).decode().rstrip('=')}"


def program(page: Page, code: str) -> Locator:
    """Open a page with this code in its editor, and run it."""
    page.goto("about:blank")
    page.goto(link(LEASE, "pooling/lease.py", code))
    expect(state(figure(page))).to_have_text(re.compile("came with the link"))
    return run(page)


def pythons(page: Page) -> list[str]:
    """Return the workers of a page that run Python."""
    return [worker.url for worker in page.workers if "/runner/" in worker.url]


def runtime_requests(site: Site) -> list[str]:
    """Return what was asked of the runtime's folder, without the worker's service."""
    return [path.rpartition("/")[2] for path, _ in site.asked if "/runner/" in path and not path.endswith("service.js")]


# Before anybody presses Run


def test_a_page_pays_little_before_anybody_presses_run(newcomer: Page, site: Site, built: Path) -> None:
    newcomer.goto(NOTE)
    expect(figure(newcomer).get_by_role("button", name="Run")).to_be_visible()
    newcomer.wait_for_timeout(300)
    assert runtime_requests(site) == []
    whole = (built / "assets/guide.js").read_bytes()
    own = bundles()[SCRIPT].encode()
    assert len(gzip.compress(whole, 9)) - len(gzip.compress(own, 9)) <= 6 * 1024


def test_reaching_for_run_fetches_unless_the_reader_saves_data(newcomer: Page, site: Site) -> None:
    newcomer.add_init_script("Object.defineProperty(Navigator.prototype, 'connection', {value: {saveData: true}})")
    newcomer.goto(LEASE)
    figure(newcomer).get_by_role("button", name="Run").hover()
    newcomer.wait_for_timeout(500)
    assert runtime_requests(site) == []
    other = newcomer.context.new_page()
    other.goto(LEASE)
    figure(other).get_by_role("button", name="Run").focus()
    deadline = time.monotonic() + 20
    while not runtime_requests(site) and time.monotonic() < deadline:
        other.wait_for_timeout(50)
    assert "worker.js" in runtime_requests(site)


# A run


@pytest.mark.parametrize("key", ["engine/queuepool_limit", "pooling/lease", "flask_apps/flask_core"])
def test_it_prints_what_the_tests_have_seen(page: Page, key: str) -> None:
    page.goto(f"snippets/{key}/")
    block = run(page)
    assert ended(block).startswith("Finished")
    assert output(block) == (ROOT / f"snippets/{key}.out").read_text()
    assert ended(run(page)).startswith("Finished")
    assert output(block) == (ROOT / f"snippets/{key}.out").read_text()


def test_a_part_runs_with_the_whole_file(page: Page) -> None:
    page.goto(NOTE)
    block = run(page)
    assert ended(block).startswith("Finished")
    assert output(block) == (ROOT / "snippets/engine/queuepool_limit.out").read_text()
    expect(block.locator(".runner-note")).to_contain_text("Runs the whole of queuepool_limit.py")


def test_a_changed_part_runs_in_its_place(page: Page) -> None:
    page.goto(NOTE)
    lines = str(figure(page).get_attribute("data-lines"))
    code = str(figure(page).locator("pre code").text_content()).replace("    meanwhile()", "    print('in place')", 1)
    page.goto("about:blank")
    page.goto(link(NOTE, LIMIT, code, lines))
    expect(state(figure(page))).to_have_text(re.compile("came with the link"))
    block = run(page)
    ended(block)
    assert output(block).count("in place\n") == 15  # the last of sixteen gets no connection


def test_output_comes_while_it_runs(page: Page) -> None:
    block = program(page, "import time\nprint('first', end='')\ntime.sleep(20)\nprint('second')")
    expect(block.locator(".runner-output")).to_have_text("first", timeout=SECONDS)
    expect(state(block)).to_have_text("Running")
    assert "of at most 30 s" in str(block.locator(".runner-clock").text_content())
    block.get_by_role("button", name="Stop").click()
    assert ended(block) == "Stopped."


def test_many_lines_are_all_there_while_it_waits(page: Page) -> None:
    block = program(page, "import time\nfor number in range(1000):\n    print(number)\ntime.sleep(20)")
    expect(block.locator(".runner-output")).to_have_text(re.compile(r"\b999\n$"), timeout=SECONDS)
    expect(state(block)).to_have_text("Running")
    block.get_by_role("button", name="Stop").click()
    assert ended(block) == "Stopped."
    assert output(block) == "".join(f"{number}\n" for number in range(1000))


def test_a_python_that_was_waited_for_has_run_nothing(page: Page) -> None:
    page.goto(LEASE)
    figure(page).get_by_role("button", name="Run").focus()
    page.wait_for_timeout(2000)
    block = run(page)
    assert ended(block).startswith("Finished")
    assert output(block) == (ROOT / "snippets/pooling/lease.out").read_text()


def test_the_first_run_loads_flask_only_for_a_program_that_uses_it(newcomer: Page) -> None:
    asks = "import sys\nprint('fla' 'sk' in sys.modules, 'sqlalchemy' in sys.modules)"
    block = program(newcomer, asks)
    ended(block)
    assert output(block) == "False True\n"


def test_an_endless_loop_is_stopped_and_python_is_ready_again(page: Page) -> None:
    block = program(page, "print('on and on')\nwhile True:\n    pass")
    expect(block.locator(".runner-output")).to_have_text("on and on\n", timeout=SECONDS)
    assert page.evaluate("1 + 1") == 2
    block.get_by_role("button", name="Stop").click()
    assert ended(block) == "Stopped."
    block.get_by_role("button", name="Reset").click()
    run(page)
    assert ended(block).startswith("Finished")
    assert output(block) == (ROOT / "snippets/pooling/lease.out").read_text()


def test_a_run_has_thirty_seconds(page: Page) -> None:
    page.clock.install()
    block = program(page, "while True:\n    pass")
    expect(state(block)).to_have_text("Running", timeout=SECONDS)
    page.clock.fast_forward(29_000)
    expect(state(block)).to_have_text("Running")
    page.clock.fast_forward(2_000)
    assert ended(block) == "Stopped after 30 s."


def test_printing_without_end_does_not_freeze_the_page(page: Page) -> None:
    block = program(page, "while True:\n    print('x' * 50)")
    assert ended(block) == "Stopped: it printed more than a page can show."
    assert len(output(block)) <= 300_000


def test_an_exception_is_told_with_its_line(page: Page) -> None:
    block = program(page, "def half(n):\n    return 1 / n\n\n\nhalf(0)")
    assert ended(block) == "Ended with ZeroDivisionError, line 2."
    assert output(block) == (
        "lease.py, line 5\n    half(0)\nlease.py, line 2, in half\n    return 1 / n\n"
        "ZeroDivisionError: division by zero"
    )
    expect(block.locator(".cm-failed")).to_have_text("    return 1 / n")


def test_the_line_is_marked_on_the_page_too(page: Page, built: Path) -> None:
    html = (built / LEASE / "index.html").read_text()
    page.route(f"**/{LEASE}", lambda route: route.fulfill(body=html.replace("<code>", "<code>x = 1\nx / 0\n")))
    page.goto(LEASE)
    block = run(page)
    assert ended(block) == "Ended with ZeroDivisionError, line 2."
    assert page.evaluate("[...CSS.highlights.get('runner-failed')].map(String)") == ["x / 0"]


def test_an_exit_status_is_told(page: Page) -> None:
    assert ended(program(page, "import sys\nsys.exit(3)")) == "Ended with exit status 3."


def test_more_memory_than_there_is(launch: Launch, built: Path) -> None:
    small = launch("--js-flags=--wasm-max-mem-pages=2000 --liftoff-only")
    # From a web server that compresses by itself.
    with serving(built, compress="gzip") as site:
        page = small.new_page(base_url=site.address)
        block = program(page, "kept = bytearray(200_000_000)")
        assert re.fullmatch(r"Ended.*: it needs more memory than there is\.", ended(block))
        block.get_by_role("button", name="Reset").click()
        assert ended(run(page)).startswith("Finished")
    small.close()


def test_two_blocks_share_one_python(page: Page) -> None:
    page.goto(NOTE)
    lines = str(figure(page).get_attribute("data-lines"))
    page.goto("about:blank")
    page.goto(link(NOTE, LIMIT, "while True:\n    pass", lines))
    expect(state(figure(page))).to_have_text(re.compile("came with the link"))
    first = run(page)
    expect(state(first)).to_have_text("Running", timeout=SECONDS)
    second = run(page, 1)
    assert ended(first) == "Stopped: another one was started."
    assert ended(second).startswith("Finished")
    assert output(second) == (ROOT / "snippets/engine/queuepool_limit.out").read_text()


def test_leaving_the_page_ends_the_run(page: Page) -> None:
    block = program(page, "while True:\n    pass")
    expect(state(block)).to_have_text("Running", timeout=SECONDS)
    page.goto(NOTE)
    assert pythons(page) == []
    page.go_back()
    expect(figure(page).get_by_role("button", name="Run")).to_be_visible()
    assert pythons(page) == []


# Editing


def test_edit_marks_what_was_changed_and_reset_takes_it_back(page: Page) -> None:
    page.goto(LEASE)
    block = figure(page)
    block.get_by_role("button", name="Edit").click()
    editor = block.get_by_role("textbox", name="Edit lease.py")
    expect(editor).to_be_focused()
    assert editor.evaluate("element => element.getRootNode().adoptedStyleSheets.length > 0")
    assert block.locator(".cm-line span[class]").count() > 10  # colors
    page.keyboard.press("Control+End")
    page.keyboard.type("\nprint('mine')")
    expect(block.locator(".cm-changed").last).to_have_text("print('mine')")
    expect(block.locator("[class^=snippet-]").filter(has_text="verified")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    ended(block)
    assert output(block) == (ROOT / "snippets/pooling/lease.out").read_text() + "mine\n"
    block.get_by_role("button", name="Reset").click()
    expect(block.locator("[class^=snippet-]").filter(has_text="verified")).to_be_visible()
    expect(block.get_by_role("button", name="Edit")).to_be_focused()
    ended(run(page))
    assert output(block) == (ROOT / "snippets/pooling/lease.out").read_text()


def test_by_keyboard_alone(page: Page) -> None:
    page.goto(LEASE)
    block = figure(page)
    block.get_by_role("button", name="Run").focus()
    page.keyboard.press("Enter")
    assert ended(block).startswith("Finished")
    page.keyboard.press("Tab")
    expect(block.get_by_role("button", name="Edit")).to_be_focused()
    page.keyboard.press("Enter")
    editor = block.get_by_role("textbox", name="Edit lease.py")
    expect(editor).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert block.locator(".cm-line").last.text_content() == "    " * 2
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    expect(block.get_by_role("button", name="Run")).to_be_focused()


def test_a_slash_in_the_editor_is_a_slash(page: Page) -> None:
    page.goto(LEASE)
    figure(page).get_by_role("button", name="Edit").click()
    expect(figure(page).get_by_role("textbox", name="Edit lease.py")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nurl = 'sqlite:///app.db'")
    expect(page.locator(".guide-search")).to_be_hidden()
    expect(figure(page).locator(".cm-line").last).to_have_text("url = 'sqlite:///app.db'")
    page.keyboard.press("Control+k")
    expect(page.locator(".guide-search")).to_be_visible()


def test_on_a_mac_the_editor_keeps_control_k(page: Page) -> None:
    agent = page.evaluate("navigator.userAgent")
    page.context.new_cdp_session(page).send(
        "Emulation.setUserAgentOverride", {"userAgent": agent, "platform": "MacIntel"}
    )
    page.goto(LEASE)
    figure(page).get_by_role("button", name="Edit").click()
    expect(figure(page).get_by_role("textbox", name="Edit lease.py")).to_be_focused()
    page.keyboard.press("Control+a")  # there, the start of the line
    first = figure(page).locator(".cm-line").first
    assert first.text_content()
    page.keyboard.press("Control+k")
    expect(first).to_have_text("")
    expect(page.locator(".guide-search")).to_be_hidden()
    page.keyboard.press("Meta+k")
    expect(page.locator(".guide-search")).to_be_visible()


def test_a_link_brings_the_code_and_waits(page: Page, site: Site) -> None:
    page.goto(LEASE)
    block = figure(page)
    block.get_by_role("button", name="Edit").click()
    expect(block.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("print('déjà vu ☃')")
    block.get_by_role("button", name="Copy a link to this code").click()
    expect(page.locator(".guide-said")).to_have_text("The link is copied.")
    address = str(page.evaluate("navigator.clipboard.readText()"))
    assert address.startswith(f"{site.address}{LEASE}#run=")
    site.asked.clear()
    page.goto("about:blank")
    page.goto(address)
    expect(state(figure(page))).to_have_text("This code came with the link. Read it, then press Run.")
    expect(block.locator(".cm-content")).to_have_text("print('déjà vu ☃')")
    assert pythons(page) == []
    assert all("run=" not in path for path, _ in site.asked)
    assert ended(run(page)) == "Finished."
    assert output(block) == "déjà vu ☃\n"


def test_a_spoiled_link_is_told(page: Page) -> None:
    page.goto(f"{LEASE}#run=AAAA")
    expect(page.locator(".guide-said")).to_have_text("The code in this link could not be read.")


# Isolation


# Each ends with an exception.
ATTEMPTS = [
    "import js",
    "import pyodide_js",
    "from pyodide.code import run_js\nrun_js('fetch')",
    "from pyodide.webloop import setTimeout\nsetTimeout.constructor('return 1')()",
    "from pyodide.webloop import setTimeout\nsetTimeout('1', 0)",
    "import socket\nsocket.create_connection(('127.0.0.1', 80), timeout=1)",
    "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
]


def test_a_program_does_not_get_out(page: Page) -> None:
    block = program(
        page,
        f"for attempt in {ATTEMPTS}:\n"
        "    try:\n"
        "        exec(attempt, {})\n"
        "    except Exception:\n"
        "        continue\n"
        "    print(attempt)\n"
        "print('none got out')\n",
    )
    ended(block)
    assert output(block) == "none got out\n"


def test_what_javascript_a_program_can_reach_has_no_network_and_no_storage(page: Page) -> None:
    block = program(
        page,
        "import gc, sys\n"
        "from pyodide.ffi import JsProxy\n"
        "seen = [o for o in gc.get_objects() if isinstance(o, JsProxy)]\n"
        "spaces = [getattr(m, '__dict__', {}) for m in list(sys.modules.values())]\n"
        "seen += [v for space in spaces for v in list(space.values()) if isinstance(v, JsProxy)]\n"
        "names = ['fetch', 'caches', 'indexedDB', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'BroadcastChannel',\n"
        "    'Worker', 'importScripts', 'navigator', 'cookieStore', 'WebTransport', 'location', 'postMessage']\n"
        "def reachable(o, depth=2):\n"
        "    yield o\n"
        "    if depth:\n"
        "        for name in dir(o):\n"
        "            try:\n"
        "                value = getattr(o, name)\n"
        "            except Exception:\n"
        "                continue\n"
        "            if isinstance(value, JsProxy):\n"
        "                yield from reachable(value, depth - 1)\n"
        "print(len(seen) > 0, sorted({n for o in seen for r in reachable(o) for n in names if hasattr(r, n)}))\n",
    )
    ended(block)
    assert output(block) == "True []\n"


# The network, the cache, the memory


def test_a_second_page_runs_without_the_network(browser: Browser, built: Path) -> None:
    context = browser.new_context()
    with serving(built, under="/guide/") as site:
        page = context.new_page()
        page.goto(site.address + LEASE)
        assert ended(run(page)).startswith("Finished")
        page.wait_for_timeout(1500)
        assert sum(size for path, size in site.asked if "/runner/" in path) <= 11_500_000
        page.goto(site.address + NOTE)
        site.asked.clear()
        assert ended(run(page)).startswith("Finished")
        assert runtime_requests(site) == []
        page.goto(site.address + "snippets/flask_apps/flask_core/")
    block = run(page)
    assert ended(block).startswith("Finished")
    assert output(block) == (ROOT / "snippets/flask_apps/flask_core.out").read_text()
    context.close()


@pytest.mark.parametrize(
    ("how", "name"),
    [
        ("cut", "python.wasm.gz"),
        ("cut", "pyodide.asm.wasm.gz"),
        ("refuse", "pyodide.asm.js"),
        ("refuse", "worker.js"),
    ],
)
def test_a_failed_download_is_told_and_can_be_tried_again(newcomer: Page, site: Site, name: str, how: str) -> None:
    getattr(site, how).add(name)
    newcomer.goto(LEASE)
    block = run(newcomer)
    assert ended(block).startswith("Python could not be fetched.")
    getattr(site, how).clear()
    run(newcomer)
    assert ended(block).startswith("Finished")


def test_the_cache_may_be_taken_away_spoiled_or_full(newcomer: Page, site: Site) -> None:
    newcomer.goto(LEASE)
    session = newcomer.context.new_cdp_session(newcomer)
    origin = site.address.removesuffix("/guide/")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1_000_000})
    assert ended(run(newcomer)).startswith("Finished")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    newcomer.evaluate("caches.open('runner /guide/assets/runner/ /guide/assets/runner/older/')")
    newcomer.evaluate("caches.open('another site')")
    for spoil in (
        "for (const name of await caches.keys()) if (name.startsWith('runner')) await caches.delete(name)",
        "for (const name of await caches.keys()) { const cache = await caches.open(name); for (const request of"
        " await cache.keys()) if (request.url.endsWith('snapshot')) await cache.put(request, new Response('')) }",
    ):
        newcomer.goto(NOTE)
        newcomer.evaluate(f"(async () => {{ {spoil} }})()")
        newcomer.goto(LEASE)
        assert ended(run(newcomer)).startswith("Finished")
        newcomer.wait_for_timeout(1500)
    names = newcomer.evaluate("caches.keys()")
    assert len(names) == 2
    assert "another site" in names


def test_too_little_memory_is_told(launch: Launch, built: Path) -> None:
    small = launch("--js-flags=--wasm-max-mem-pages=500 --liftoff-only")
    with serving(built) as site:
        page = small.new_page()
        page.goto(site.address + LEASE)
        assert ended(run(page)).startswith("Python does not fit: this browser has too little memory left.")
    small.close()


# Without the runtime


def test_a_build_without_runtime_says_so(browser: Browser, tmp_path: Path) -> None:
    copy_tree(tmp_path, docs=False)
    (tmp_path / "snippets/pooling").mkdir()
    shutil.copy(ROOT / "snippets/pooling/lease.py", tmp_path / "snippets/pooling")
    (tmp_path / "docs/index.md").write_text('# Home\n\n```python\n--8<-- "pooling/lease.py"\n```\n')
    outcome = build(tmp_path, "--strict")
    assert outcome.status == 0, outcome.output
    with serving(outcome.folder) as site:
        page = browser.new_page()
        page.goto(site.address)
        block = run(page)
        expect(state(block)).to_have_text("This build of the site has no Python for the browser.")
        block.get_by_role("button", name="Edit").click()
        expect(state(block)).to_have_text("This build of the site has no editor for the browser.")
        assert runtime_requests(site) == []
        page.close()
