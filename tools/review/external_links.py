"""Whether other sites still have what notes link to."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

from tools.review.built_site import Site

_URL = re.compile(r"https?://[^\s<>\"'`)\]]+")
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# Some servers answer this to everything but a browser, or to HEAD.
_HEADERS = {"User-Agent": "Mozilla/5.0 (link check of a documentation site)", "Accept": "text/html,*/*"}
_SITES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """A link that leads nowhere, or that could not be tried; ``gone`` tells which. Line 0 is an unknown line."""

    file: str
    line: int
    text: str
    gone: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def findings(site: Site, root: Path, *, pause: float = 1.0, patience: float = 20.0) -> list[Finding]:
    """Ask for every address of another site that a page of ``site`` links to; ``root`` has the sources.

    Each site is asked one thing at a time, with a ``pause`` in seconds between; none is waited for longer than
    ``patience``.
    """
    places = _places(root)
    addresses = {
        urldefrag(link).url: page for page, found in site.pages.items() for link in found.links if _URL.match(link)
    }
    by_host: dict[str, list[str]] = {}
    for address in sorted(addresses):
        by_host.setdefault(urlsplit(address).netloc, []).append(address)
    with ThreadPoolExecutor(_SITES_AT_ONCE) as pool:
        answers = pool.map(lambda group: list(_ask_all(group, pause, patience)), by_host.values())
        found = [
            Finding(*places.get(address, (addresses[address], 0)), f"{address} {what}", gone)
            for group in answers
            for address, what, gone in group
        ]
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.text))


def _places(root: Path) -> dict[str, tuple[str, int]]:
    """Return where each address stands first: the file, from the top of the repository, and the line."""
    places: dict[str, tuple[str, int]] = {}
    for file in sorted([*(root / "docs").rglob("*.md"), *(root / "snippets").rglob("*.py")]):
        shown = file.relative_to(root).as_posix()
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for found in _URL.finditer(line):
                places.setdefault(urldefrag(found[0].rstrip(".,;:")).url, (shown, number))
    return places


def _ask_all(addresses: Iterable[str], pause: float, patience: float) -> Iterator[tuple[str, str, bool]]:
    """Yield each address with what is wrong with it, and whether it is gone."""
    for index, address in enumerate(addresses):
        if index:
            time.sleep(pause)
        what, gone = _ask(address, patience)
        if what:
            yield address, what, gone


def _ask(address: str, patience: float) -> tuple[str, bool]:
    for method in ("HEAD", "GET"):
        try:
            with urlopen(Request(address, headers=_HEADERS, method=method), timeout=patience):
                return "", False
        except HTTPError as error:
            status = error.code
            error.close()
        except (URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            unknown = isinstance(reason, socket.gaierror) and reason.errno == socket.EAI_NONAME
            if unknown:
                return "is on a site that is no longer there; link to another, or to an archived copy", True
            return f"could not be tried: {reason}", False
    if status in _GONE:
        return f"is gone (status {status}); link to where it moved, or to an archived copy", True
    return f"could not be tried: status {status}", False
