"""What Run costs a reader, beside the plain recipe: Pyodide as it comes, packages as .py, unpacked at each start.

`make bench-runner` measures both in one Chromium, in turns, for the snippet in which a pool is exhausted, from the
press to the first output; it prints medians and ratios. The site is served without cache headers or compression.

That snippet waits for a connection before it prints its first line. So each time is told twice: as a reader sees it,
and without the snippet's own part, which is what passes between the worker's word that the program begins and its first
output.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from garden.runtime import make, node, packages
from tests.browser.browsers import launching
from tests.browser.conftest import build, copy_tree
from tests.browser.server import Site, serving
from tests.snippets.catalog import ROOT

ROUNDS = 5
BARE = ", without the snippet"
NOTE = "queuepool-limit/"
SNIPPET = "engine/queuepool_limit.py"

PLAIN_PAGE = '<!doctype html><meta charset="utf-8"><button>Run</button><pre></pre><script src="page.js"></script>'
PLAIN_SCRIPT = """
document.querySelector("button").addEventListener("click", () => {
  const worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => document.querySelector("pre").append(data.text ?? "");
});
"""
PLAIN_WORKER = """
import { loadPyodide } from "./pyodide.mjs";
const python = await loadPyodide({ lockFileContents: await (await fetch("lock.json")).json() });
python.unpackArchive(await (await fetch("packages.zip")).arrayBuffer(), "zip");
python.setStdout({ batched: (line) => postMessage({ text: `${line}\\n` }) });
const program = await (await fetch("snippet.txt")).text();
postMessage({ begun: true });
python.runPython(program);
"""
# Notes when a worker says that the program begins, and when it sends the first output.
NOTED = """{
  const Plain = Worker;
  globalThis.Worker = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data.begun) globalThis.program = { began: performance.now() };
        if (data.text && globalThis.program) globalThis.program.printed ??= performance.now();
      });
    }
  };
}"""
# Presses the button, and waits for the first character in the output; returns the milliseconds, and the program's own.
PRESS = """([button, output]) => new Promise((resolve) => {
  const began = performance.now();
  const look = () => {
    if (!document.querySelector(output)?.textContent) return false;
    const { program } = globalThis;
    resolve([performance.now() - began, program.printed - program.began]);
    return true;
  };
  const observer = new MutationObserver(() => look() && observer.disconnect());
  document.querySelector(button).click();
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
})"""
KEPT = """async () => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().some(({ url }) => url.endsWith("/snapshot"));
}"""
OURS = ["figure[data-runs] .runner-run", "figure[data-runs] .runner-output"]


def plain(target: Path, archive: Path, pyodide: Path) -> None:
    """Write the plain recipe into a folder of the site."""
    target.mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copy(pyodide / name, target)
    shutil.copy(archive / "lock.json", target)
    with zipfile.ZipFile(target / "packages.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, file in packages.modules():
            packed.write(file, name)
        for name, version in packages.versions().items():
            packed.writestr(
                f"{name.replace('-', '_')}-{version}.dist-info/METADATA", f"Name: {name}\nVersion: {version}\n"
            )
    (target / "index.html").write_text(PLAIN_PAGE)
    (target / "page.js").write_text(PLAIN_SCRIPT)
    (target / "worker.js").write_text(PLAIN_WORKER)
    shutil.copy(ROOT / "snippets" / SNIPPET, target / "snippet.txt")


def settled(page: Page, path: str) -> None:
    """Open a page, and wait until what it does by itself is done."""
    page.goto(path, wait_until="networkidle")
    page.wait_for_timeout(3000)


def press(page: Page, names: list[str]) -> tuple[float, float]:
    """Press Run; return the seconds to the first output, and those of the program among them."""
    whole, own = page.evaluate(PRESS, names)
    return whole / 1000, own / 1000


def finish(page: Page) -> None:
    """Wait until a run has ended, and what it has to keep is kept."""
    page.locator(".runner-state").filter(has_text="Finished").first.wait_for(timeout=120_000)
    deadline = time.monotonic() + 60
    while not page.evaluate(KEPT) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    page.wait_for_timeout(2000)


def memory(browser: Browser, page: Page) -> float:
    """Return the megabytes of the largest renderer: what it shares with others counts in part."""
    page.evaluate("1")
    session = browser.new_browser_cdp_session()
    found = []
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        with suppress(OSError):
            lines = Path(f"/proc/{process['id']}/smaps_rollup").read_text().splitlines()
            pss = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            found += [pss / 1000] if process["type"] == "renderer" else []
    session.detach()
    return max(found)


def rounds(browser: Browser, site: Site) -> dict[str, list[float]]:
    """Measure everything in turns."""
    seconds: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        seconds.setdefault(name, []).append(value)
        print(f"{name}: {value:.2f}", file=sys.stderr, flush=True)

    def add_press(name: str, page: Page, names: list[str]) -> None:
        whole, own = press(page, names)
        add(name, whole)
        add(f"{name}{BARE}", whole - own)

    def fresh(act: Callable[[BrowserContext, Page], None], path: str) -> None:
        context = browser.new_context(base_url=site.address)
        context.add_init_script(NOTED)
        page = context.new_page()
        settled(page, path)
        act(context, page)
        context.close()

    def as_plain(_: BrowserContext, page: Page) -> None:
        add_press("plain recipe", page, ["button", "pre"])
        page.wait_for_timeout(3000)
        add("memory, plain recipe", memory(browser, page))

    def as_ours(context: BrowserContext, page: Page) -> None:
        site.asked.clear()
        add_press("first visit", page, OURS)
        finish(page)
        add("bytes of a first run", sum(size for path, size in site.asked if "/runner/" in path) / 1e6)
        add("memory, first visit", memory(browser, page))
        add_press("second run", page, OURS)
        finish(page)
        page.close()
        page = context.new_page()
        settled(page, NOTE)
        site.asked.clear()
        add_press("later page", page, OURS)
        finish(page)
        add("bytes of a later run", sum(size for path, size in site.asked if "/runner/" in path) / 1e6)
        add("memory, later page", memory(browser, page))
        run = page.locator("figure[data-runs] .runner-run").first
        run.click()
        page.locator(".runner-state").filter(has_text="Running").first.wait_for()
        page.evaluate("document.querySelector('figure[data-runs] .runner-run').click()")  # Stop
        page.evaluate("document.querySelector('figure[data-runs] .runner-output').replaceChildren()")
        add_press("stop, and run again", page, OURS)
        finish(page)
        page.close()
        page = context.new_page()
        settled(page, NOTE)
        page.locator("figure[data-runs] .runner-run").first.focus()
        page.wait_for_timeout(4000)
        add_press("later page, warmed", page, OURS)

    for _ in range(ROUNDS):
        fresh(as_plain, "plain/")
        fresh(as_ours, NOTE)
    return seconds


def brotli(node_program: str, files: list[Path]) -> float:
    """Return the megabytes of these files, as a web server would send them that compresses as well as it can."""
    script = (
        "const {brotliCompressSync: pack, constants: c} = require('node:zlib'); const fs = require('node:fs');"
        "console.log(process.argv.slice(1).reduce((sum, file) => sum + pack(fs.readFileSync(file), {params: "
        "{[c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24}}).length, 0))"
    )
    command = [node_program, "-e", script, *map(str, files)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1e6


def main() -> None:
    """Measure, and print the table."""
    manifest = make.make()
    cache = manifest.parent
    pyodide = next(cache.glob("npm-*/node_modules/pyodide"))
    archive = next(cache.glob("archive-*/lock.json")).parent
    with tempfile.TemporaryDirectory() as folder:
        copy_tree(Path(folder), docs=True)
        (Path(folder) / ".runtime").symlink_to(cache)
        outcome = build(Path(folder))
        plain(outcome.folder / "plain", archive, pyodide)
        with launching() as launch, serving(outcome.folder) as site:
            seconds = rounds(launch(), site)
        sent = [file for file in outcome.folder.glob("assets/runner/**/*") if file.is_file()]
        wanted = ("worker.js", "pyodide.asm.js", "pyodide.asm.wasm", "python.wasm", "service.js", "probe.wasm")
        sent = [file for file in sent if file.name in wanted or file.name.startswith("snippets-")]
        best = brotli(node.find(cache).program, sent)
    print(json.dumps(seconds, indent=1))
    reference = {name: statistics.median(seconds[f"plain recipe{name}"]) for name in ("", BARE)}
    for name, values in seconds.items():
        median = statistics.median(values)
        spread = f"{min(values):.2f} to {max(values):.2f}"
        share = median / reference[BARE if name.endswith(BARE) else ""]
        ratio = "" if name.startswith(("memory", "bytes")) else f"{share:.3f} of the plain recipe"
        unit = "MB" if name.startswith(("memory", "bytes")) else "s"
        print(f"{name:42} {median:8.2f} {unit:3} ({spread})  {ratio}")
    print(f"{'bytes, with brotli':42} {best:8.2f} MB")


if __name__ == "__main__":
    main()
