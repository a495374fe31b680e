"""Links to other sites are asked for, on a server of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest

from tools.review import __main__ as review
from tools.review import external_links
from tools.review.built_site import Page, Site
from tools.review.external_links import Finding, findings


class Handler(BaseHTTPRequestHandler):
    """Answers with the status in the path; `/get/…` answers so to HEAD only, and 200 to GET."""

    asked: list[str]

    def do_HEAD(self) -> None:
        """Answer."""
        self._answer(int(self.path.rpartition("/")[2].partition("#")[0]))

    def do_GET(self) -> None:
        """Answer."""
        self._answer(200 if "/get/" in self.path else int(self.path.rpartition("/")[2]))

    def _answer(self, status: int) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a server."""
    Handler.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def linking(*links: str) -> Site:
    """Return a site with one page that links to these."""
    return Site({"/a/": Page("A", "", frozenset(links))}, {})


def test_what_is_gone_and_what_could_not_be_tried(address: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text(f"# A\n\n[x]({address}/404), [y]({address}/503).\n")
    (tmp_path / "docs/b.md").write_text(f"[z]: {address}/get/405\n\n<{address}/410#part>\n")
    (tmp_path / "snippets").mkdir()
    paths = ("200", "404", "410#part", "503", "get/405", "get/404")
    site = linking(*(f"{address}/{path}" for path in paths), "/b/", "mailto:a@b.test")
    found = findings(site, tmp_path, pause=0)
    gone = "is gone (status {}); link to where it moved, or to an archived copy"
    assert [str(finding) for finding in found] == [
        f"docs/a.md:3: {address}/404 {gone.format(404)}",
        f"docs/a.md:3: {address}/503 could not be tried: status 503",
        f"docs/b.md:3: {address}/410 {gone.format(410)}",
    ]
    assert [finding.gone for finding in found] == [True, False, True]
    assert Handler.asked.count("HEAD /200") == 1
    assert "GET /200" not in Handler.asked


def test_a_link_whose_line_is_not_known_is_told_with_its_page(address: str, tmp_path: Path) -> None:
    (found,) = findings(linking(f"{address}/404"), tmp_path, pause=0)
    assert (found.file, found.line) == ("/a/", 0)


def test_a_site_that_is_not_there_and_one_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(request: object, timeout: float) -> None:
        name = getattr(request, "host", "")
        raise URLError(socket.gaierror(socket.EAI_NONAME, "none") if name == "gone.test" else TimeoutError("timed out"))

    monkeypatch.setattr(external_links, "urlopen", ask)
    found = findings(linking("https://gone.test/x", "https://slow.test/"), tmp_path)
    assert [(finding.text, finding.gone) for finding in found] == [
        ("https://gone.test/x is on a site that is no longer there; link to another, or to an archived copy", True),
        ("https://slow.test/ could not be tried: timed out", False),
    ]


def test_one_site_is_asked_with_pauses(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    assert findings(linking(f"{address}/200", f"{address}/201", f"{address}/202"), tmp_path, pause=3) == []
    assert pauses == [3, 3]


@pytest.mark.parametrize(
    ("gone", "status", "kind"), [(True, 1, "error"), (False, 0, "notice")], ids=["gone", "not tried"]
)
def test_the_command(
    gone: bool,
    status: int,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    finding = Finding("docs/a.md", 0, "https://x.test/50%25 is gone", gone)
    monkeypatch.setattr(external_links, "findings", lambda site, root: [finding])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert review.main(["links", str(tmp_path)]) == status
    assert capsys.readouterr().out == (
        f"docs/a.md:0: https://x.test/50%25 is gone\n::{kind} file=docs/a.md,line=1::https://x.test/50%2525 is gone\n"
    )
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert review.main(["links", str(tmp_path)]) == status
    assert "::" not in capsys.readouterr().out
