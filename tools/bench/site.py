"""What a reader waits for: bytes, requests and Lighthouse's scores of three pages, beside plain Material.

`make bench-site` builds this guide and a site of notes of plain Material, serves both compressed, and runs Lighthouse
(mobile preset: a slow phone on a slow line) in turns; it prints medians. The machine should be quiet.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from garden.runtime import make, node, npm
from tests.browser.browsers import PROGRAMS
from tests.browser.conftest import build, copy_tree
from tests.browser.server import serving
from tools.bench.vault import write_small

HERE = Path(__file__).parent
ROUNDS = 5
PAGES = ("", "pool-size/", "snippets/pooling/build_a_pool/")
PLAIN_PAGE = "part-000/note-00007/"
PLAIN = """\
site_name: Plain
theme: {name: material, features: [navigation.prune]}
plugins: [search]
markdown_extensions: [toc: {permalink: true}, tables, admonition, pymdownx.highlight, pymdownx.superfences]
"""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless --no-sandbox --disable-gpu"


@dataclass(frozen=True, slots=True)
class Seen:
    """What Lighthouse saw of a page in one run: scores of 100 by category, bytes, requests, how far things moved."""

    scores: dict[str, float]
    kilobytes: float
    requests: int
    moved: float


def look(lighthouse: list[str], address: str) -> Seen:
    """Run Lighthouse once."""
    options = ["--quiet", "--output=json", "--output-path=stdout", f"--only-categories={','.join(CATEGORIES)}"]
    command = [*lighthouse, address, *options, f"--chrome-flags={FLAGS}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment())
    if done.returncode:
        sys.exit(f"Lighthouse failed at {address}:\n{done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    asked = report["audits"]["network-requests"]["details"]["items"]
    return Seen(
        {name: 100 * (report["categories"][name]["score"] or 0) for name in CATEGORIES},
        sum(item["transferSize"] for item in asked) / 1000,
        len(asked),
        report["audits"]["cumulative-layout-shift"]["numericValue"],
    )


def environment() -> dict[str, str]:
    """Return this process's environment, with the Chromium that the tests use."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("Chromium is not on this machine")
    return os.environ | {"CHROME_PATH": program}


def main() -> None:
    """Print a line for each page."""
    runtime = node.find(make.CACHE)
    found = npm.install(HERE, make.ROOT / "build", runtime, "npm could not bring Lighthouse")
    lighthouse = [runtime.program, str(found / "lighthouse/cli/index.js")]
    with tempfile.TemporaryDirectory() as name:
        guide, plain = Path(name, "guide"), Path(name, "plain")
        copy_tree(guide, docs=True)
        write_small(plain, 60, engine=False)
        (plain / "mkdocs.yml").write_text(PLAIN, encoding="utf-8")
        with (
            serving(build(guide).folder, compress="gzip") as ours,
            serving(build(plain).folder, compress="gzip", headers={}) as theirs,
        ):
            addresses = {f"/{path}": ours.address + path for path in PAGES}
            addresses["plain Material"] = theirs.address + PLAIN_PAGE
            seen: dict[str, list[Seen]] = {page: [] for page in addresses}
            for number in range(ROUNDS):
                for page, address in addresses.items():
                    seen[page].append(look(lighthouse, address))
                print(f"round {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
    print(f"Lighthouse, mobile preset, medians of {ROUNDS}")
    print(f"{'page':34}{'KB':>7}{'requests':>10}{'moved':>8}" + "".join(f"{name:>16}" for name in CATEGORIES))
    for page, runs in seen.items():
        kilobytes = statistics.median(run.kilobytes for run in runs)
        requests = statistics.median(run.requests for run in runs)
        moved = statistics.median(run.moved for run in runs)
        scores = (statistics.median(run.scores[name] for run in runs) for name in CATEGORIES)
        print(f"{page:34}{kilobytes:7.1f}{requests:10.0f}{moved:8.3f}" + "".join(f"{score:16.0f}" for score in scores))


if __name__ == "__main__":
    main()
