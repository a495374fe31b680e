"""Links to other sites, as `make links` asks for them: on a small site, of a server of this machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.snippets.catalog import ROOT
from tests.tools.programs import program


class Handler(BaseHTTPRequestHandler):
    """Answers with the status in the path."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(int(self.path.removeprefix("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def ask(project: Path, pages: dict[str, str]) -> tuple[int, str]:
    """Write a project's site and notes; return the exit status and the output of the last command of `make links`."""
    for name, text in pages.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    (project / "tools").mkdir()
    shutil.copy(ROOT / "tools/lychee.toml", project / "tools")
    commands = ["make", "--dry-run", "--no-print-directory", "links", f"CURDIR={project}"]
    told = subprocess.run(commands, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    name, *arguments = told.splitlines()[-1].split()
    assert name == ".venv/bin/lychee"
    command = [program("lychee"), *arguments, "--host-request-interval", "0s"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def shown_on_github(output: str) -> list[tuple[str, int, str]]:
    """Return what GitHub finds in it: file, line and message."""
    matcher = json.loads((ROOT / ".github/lychee-matcher.json").read_text(encoding="utf-8"))["problemMatcher"][0]
    begin, link = matcher["pattern"]
    found, file = [], ""
    for line in output.splitlines():
        if started := re.match(begin["regexp"], line):
            file = started[begin["file"]]
        elif file and (told := re.match(link["regexp"], line)):
            found.append((file, int(told[link["line"]]), told[link["message"]]))
        else:
            file = ""
    return sorted(found)


def test_a_dead_link_is_told_with_its_page_and_with_the_line_of_its_note(address: str, tmp_path: Path) -> None:
    pages = {
        "docs/a.md": f"# A\n\n[good]({address}/200), [dead]({address}/404),\n[gone]({address}/410#part).\n",
        "build/links/a/index.html": f'<a href="{address}/200"></a> <a href="/b/">\n<a href="{address}/404"></a>',
        "build/links/a/index.md": f"[dead]({address}/404)",
    }
    status, output = ask(tmp_path, pages)
    assert status == 2
    assert f"\n[build/links/a/index.html]:\n[404] {address}/404 (at 2:" in output
    assert "index.md" not in output
    found = [(file, line, message.split()[0]) for file, line, message in shown_on_github(output)]
    assert found == [("docs/a.md", 3, f"{address}/404"), ("docs/a.md", 4, f"{address}/410#part")]


def test_what_is_there_or_refuses_programs_is_not_dead(address: str, tmp_path: Path) -> None:
    links = [f"[x]({address}/{status})" for status in (200, 401, 403, 405, 500, 999)]
    notes = {"docs/a.md": f"{' '.join(links)} [edit](https://github.com/owner/name/edit/main/docs/a.md)"}
    status, output = ask(tmp_path, notes | {"build/links/index.html": "<p>"})
    assert (status, shown_on_github(output)) == (0, [])
    assert "6 OK" in output


def test_a_site_that_does_not_answer_is_dead(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        free = f"http://127.0.0.1:{server.server_port}/"
    status, output = ask(tmp_path, {"docs/a.md": f"[x]({free})", "build/links/index.html": "<p>"})
    assert status == 2
    assert [(file, line) for file, line, _ in shown_on_github(output)] == [("docs/a.md", 1)]
