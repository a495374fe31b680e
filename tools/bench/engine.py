"""What the engine costs: a generated vault, built with the engine and by plain MkDocs, in pairs.

    python -m tools.bench.engine                 # the engine's own share from 500 to 4,000 notes, then 2,000 in pairs
    python -m tools.bench.engine --pairs 3 --notes 500

Both builds use the extensions and the options of mkdocs.yml; plain MkDocs has the theme as it comes. The one has
wikilinks, backlinks with their context, queries, a search and all checks; the other has the same texts with ordinary
links, and MkDocs' own search and link validation.
Figures are CPU seconds (user and system) of whole processes; quote the ratios. The growth is measured in one process
and without the theme, whose navigation is not linear: the same notes through Python-Markdown, with and without.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from markdown import Markdown

from garden.commands import project
from garden.model.report import Report
from garden.model.site import CONFIG

ROOT = Path(__file__).parents[2]

LINKS = 5
WORDS = [
    "pool",
    "connection",
    "request",
    "worker",
    "thread",
    "engine",
    "session",
    "timeout",
    "overflow",
    "checkout",
    "driver",
    "server",
    "transaction",
    "query",
    "latency",
    "queue",
    "database",
    "process",
    "socket",
    "commit",
    "rollback",
    "release",
    "acquire",
    "limit",
    "budget",
]


def write_vault(folder: Path, notes: int, *, engine: bool) -> None:
    """Write a site of ``notes`` notes in folders of fifty, each with five links; every fiftieth has a query."""
    rng = random.Random(notes)
    for number in range(notes):
        links = [rng.randrange(notes) for _ in range(LINKS)]
        file = folder / "docs" / path(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(rng, number, links, engine=engine), encoding="utf-8")
    (folder / "docs/index.md").write_text("# Home\n\nA generated vault.\n", encoding="utf-8")
    (folder / "snippets").mkdir()
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"^(extra_css|nav|watch|extra_javascript):.*\n(?:[ -].*\n)*", "", config, flags=re.MULTILINE)
    if not engine:
        config = config.replace("  name: garden\n", "  name: material\n  font: false\n  features: [navigation.prune]\n")
        config = re.sub(r"^plugins:\n(?: .*\n)*", "plugins: [search]\n", config, flags=re.MULTILINE)
        config = re.sub(r"^validation:\n(?: .*\n)*", "validation: {anchors: warn}\n", config, flags=re.MULTILINE)
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")


def path(number: int) -> str:
    """Return where a note lies below docs/."""
    return f"part-{number // 50:03d}/note-{number:05d}.md"


def text(rng: random.Random, number: int, links: list[int], *, engine: bool) -> str:
    """Return a note of five paragraphs, a list and a table, the same in both vaults but for the links."""
    paragraphs = []
    for target in links:
        link = f"[[Note {target:05d}]]" if engine else f"[Note {target:05d}](../{path(target)})"
        paragraphs.append(
            f"{sentence(rng)} {sentence(rng)[:-1]} as {link} shows for *every* `pool_size`. {sentence(rng)}"
        )
    items = "\n".join(f"- {sentence(rng)}" for _ in range(4))
    table = "| setting | value |\n| --- | --- |\n| pool_size | 5 |\n| max_overflow | 10 |"
    query = (
        f'\n```dataview\nLIST FROM [[Note {number:05d}]] AND -"part-000"\n```\n' if engine and number % 50 == 0 else ""
    )
    front = f"---\ntitle: Note {number:05d}\ntags: [pool, part-{number // 50}]\n---\n\n"
    body = "\n\n".join(
        ["# Note " + f"{number:05d}", *paragraphs[:3], "## Why it matters", *paragraphs[3:], items, table]
    )
    return f"{front}{body}\n{query}"


def sentence(rng: random.Random) -> str:
    """Return a sentence of twelve words."""
    return " ".join(rng.choices(WORDS, k=12)).capitalize() + "."


def cpu(folder: Path) -> float:
    """Build the site in ``folder``; return the CPU seconds that the process took."""
    before = os.times()
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(folder / "mkdocs.yml")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the build of {folder} failed:\n{done.stderr[-2000:]}")
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def pairs(notes: int, count: int) -> list[tuple[float, float]]:
    """Return ``count`` pairs of CPU seconds: with the engine, and without."""
    with tempfile.TemporaryDirectory() as folder:
        with_engine, plain = Path(folder, "engine"), Path(folder, "plain")
        write_vault(with_engine, notes, engine=True)
        write_vault(plain, notes, engine=False)
        print(f"  the first build, which draws every picture: {cpu(with_engine):.2f}", flush=True)
        return [(cpu(with_engine), cpu(plain)) for _ in range(count)]


def share(notes: int) -> float:
    """Return the CPU seconds that the engine adds to reading so many notes and turning them into HTML."""
    with tempfile.TemporaryDirectory() as folder:
        write_vault(Path(folder, "engine"), notes, engine=True)
        write_vault(Path(folder, "plain"), notes, engine=False)
        configuration = project.configuration(ROOT / CONFIG)
        own = configuration.markdown
        started = time.process_time()
        project.build(Path(folder, "engine"), configuration, Report(), pages=False)
        between = time.process_time()
        for file in sorted(Path(folder, "plain/docs").rglob("*.md")):
            Markdown(extensions=own.extensions, extension_configs=own.options).convert(file.read_text(encoding="utf-8"))
        return 2 * between - started - time.process_time()


def main() -> None:
    """Print the two figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--growth", type=int, nargs="*", default=[500, 1000, 2000, 4000])
    options = parser.parse_args()
    print("the engine's own share, by number of notes (median of 3)", flush=True)
    for notes in options.growth:
        added = statistics.median(share(notes) for _ in range(3))
        print(f"  {notes:5d} notes   {added:6.2f} s   {1000 * added / notes:6.3f} ms a note", flush=True)
    print(f"{options.notes} notes with {LINKS} links each, {options.pairs} pairs, CPU seconds", flush=True)
    ratios = []
    for with_engine, plain in pairs(options.notes, options.pairs):
        ratios.append(with_engine / plain)
        print(f"  engine {with_engine:6.2f}   plain {plain:6.2f}   ratio {ratios[-1]:.3f}", flush=True)
    print(f"  median ratio {statistics.median(ratios):.3f}  (goal: at most 2)", flush=True)


if __name__ == "__main__":
    main()
