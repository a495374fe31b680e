"""The Chromium that the machine has."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import missing

# The one without windows first: it does the same with a quarter of the work.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is not on this machine; on Debian: apt-get install chromium-headless-shell"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


Launch = Callable[..., Browser]


@contextmanager
def launching() -> Iterator[Launch]:
    """Give a function that starts a Chromium, with these flags besides: ``launch("--one", "--two")``."""
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path is None:
        missing(MISSING)
    with sync_playwright() as playwright:
        yield lambda *flags: playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
