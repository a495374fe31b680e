"""Run in Firefox: the first visit, a later page from what was kept, and Stop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Outcome
from tests.browser.firefox import firefox
from tests.browser.server import Site, serving
from tests.conftest import missing
from tests.snippets.browser_python import MISSING
from tests.snippets.catalog import ROOT

NOTE = "queuepool-limit/"
OUTPUT = (ROOT / "snippets/engine/queuepool_limit.out").read_text(encoding="utf-8")
# Presses Run, and once more if `stop` is true; waits for the end. Returns what is told of it, and what was printed.
RUN = """async (stop) => {
  const figure = document.querySelector("figure[data-runs]");
  const [button, told] = [".runner-run", ".runner-state"].map((name) => figure.querySelector(name));
  const until = async (words) => {
    while (!words.test(told.textContent)) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  button.click();
  if (stop) {
    await until(/^Running/);
    button.click();
  }
  await until(/^(Finished|Ended|Stopped)|could not|too little/);
  return [told.textContent, figure.querySelector(".runner-output").textContent];
}"""
# Waits until Python's memory is kept.
KEPT = """async () => {
  for (;;) {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    if (kept.flat().some(({ url }) => url.endsWith("/snapshot"))) return kept.flat().length;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


@pytest.fixture(scope="module")
def site(guide: Outcome) -> Iterator[Site]:
    """The site with its runtime, below a folder."""
    if not list(guide.folder.glob("assets/runner/*/worker.js")):
        missing(MISSING)
    with serving(guide.folder, under="/guide/") as found:
        yield found


def test_it_runs_there_on_each_visit_and_is_stopped(site: Site) -> None:
    with firefox() as browser:
        browser.goto(site.address + NOTE)
        told, printed = browser.evaluate(RUN, False)
        assert (told[:8], printed) == ("Finished", OUTPUT)
        assert browser.evaluate(KEPT)
        # A later page fetches nothing that is large.
        browser.goto(site.address)
        browser.goto(site.address + NOTE)
        site.asked.clear()
        told, printed = browser.evaluate(RUN, False)
        assert (told[:8], printed) == ("Finished", OUTPUT)
        assert [path for path, size in site.asked if "/runner/" in path and size > 1000] == []
        told, _ = browser.evaluate(RUN, True)
        assert told == "Stopped."
        told, printed = browser.evaluate(RUN, False)
        assert (told[:8], printed) == ("Finished", OUTPUT)
