"""Builds that follow one another: in one process, and while `mkdocs serve` runs."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.browser.conftest import ENVIRONMENT, Project

SNIPPET = "# --8<-- [start:size]\npool_size = {size}\n# --8<-- [end:size]\n"
NOTES = {
    "index.md": '# Home\n\n[[Pool]]\n\n```python\n--8<-- "pool/size.py:size"\n```\n',
    "pool.md": "# Pool\n\nFirst text.\n",
}


def test_a_second_build_in_one_process_sees_nothing_of_the_first(project: Project) -> None:
    folder = project({"index.md": "# Home\n\n[[Pool]] and [[gone]]\n", "pool.md": "# Pool\n"})
    script = f"""
import logging, pathlib
from mkdocs.commands.build import build
from mkdocs.config import load_config
logging.basicConfig(format="%(message)s")
file = {str(folder / "mkdocs.yml")!r}
build(load_config(file, site_dir={str(folder / "one")!r}))
pathlib.Path({str(folder / "docs/index.md")!r}).write_text("# Home\\n\\nNothing.\\n")
build(load_config(file, site_dir={str(folder / "two")!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stderr.count("no note is called [[gone]]") == 1
    assert "Linked from" in (folder / "one/pool/index.html").read_text()
    assert "Linked from" not in (folder / "two/pool/index.html").read_text()


def test_a_second_build_in_one_process_is_the_same_as_a_first(project: Project) -> None:
    """What the engine keeps for the next build changes nothing in it."""
    code = '```python title="pool.py"\nsize = {size}\n```\n\n    indented, {size}\n'
    notes = {
        "index.md": f'# Home\n\n[[Pool]]\n\n{code.format(size=1)}\n```python\n--8<-- "pool/size.py:size"\n```\n',
        "pool.md": f"# Pool\n\n## Size\n\nOf [[index]].\n\n{code.format(size=1)}",
    }
    folder = project(notes)
    (folder / "snippets/pool").mkdir()
    (folder / "snippets/pool/size.py").write_text(SNIPPET.format(size=5))
    changed = notes["pool.md"].replace("# Pool", "# A pool").replace("## Size", "## Sizes") + code.format(size=2)
    script = f"""
import pathlib
from mkdocs.commands.build import build
from mkdocs.config import load_config
file = {str(folder / "mkdocs.yml")!r}
build(load_config(file, site_dir={str(folder / "one")!r}))
pathlib.Path({str(folder / "docs/pool.md")!r}).write_text({changed!r})
pathlib.Path({str(folder / "snippets/pool/size.py")!r}).write_text({SNIPPET.format(size=6)!r})
build(load_config(file, site_dir={str(folder / "two")!r}))
"""
    subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, timeout=120, check=True)
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", str(folder / "mkdocs.yml"), "-d", str(folder / "fresh")],
        env=ENVIRONMENT,
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert contents(folder / "two") == contents(folder / "fresh")
    assert contents(folder / "two") != contents(folder / "one")


def contents(site: Path) -> dict[str, bytes]:
    """Return every file of a built site, without the archives: they have the hour of their making."""
    files = {file.relative_to(site).as_posix(): file for file in site.rglob("*") if file.is_file()}
    return {path: file.read_bytes() for path, file in files.items() if not path.endswith((".gz", ".zip"))}


@dataclass
class Server:
    """A running `mkdocs serve`."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]

    def wait_for(self, page: str, text: str) -> str:
        """Return a page once it holds ``text``; fail with what the server printed if it never does."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                with urllib.request.urlopen(self.address + page, timeout=10) as response:
                    html = str(response.read().decode())
                if text in html:
                    return html
            time.sleep(0.1)
        raise AssertionError(f"{page} never showed {text!r}; the server printed:\n{self.log.read_text()}")


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Run `mkdocs serve` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "serve.log"
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}", "-f", str(folder / "mkdocs.yml")]
    with log.open("w") as output, subprocess.Popen(command, env=ENVIRONMENT, stdout=output, stderr=output) as process:
        try:
            yield Server(f"http://127.0.0.1:{port}/", log, process)
        finally:
            process.terminate()


def test_serve_rebuilds_after_a_change_of_a_note_and_a_snippet(project: Project) -> None:
    folder = project(NOTES)
    snippet = folder / "snippets/pool/size.py"
    snippet.parent.mkdir()
    snippet.write_text(SNIPPET.format(size=5))
    with serving(folder) as server:
        page = server.wait_for("pool/", "First text.")
        assert "Content-Security-Policy" not in page  # it would refuse the script with which MkDocs reloads pages

        (folder / "docs/pool.md").write_text("# Pool\n\nSecond text with [[nothing]].\n")
        page = server.wait_for("pool/", "Second text")
        assert '<span class="broken-link">nothing</span>' in page
        assert "docs/pool.md:3: no note is called [[nothing]]" in server.log.read_text()

        snippet.write_text(SNIPPET.format(size=7))
        page = server.wait_for("", ">7<")
        assert ">5<" not in page

        (folder / "docs/pool.md").write_bytes(b"\xff\xfe wrong bytes")
        server.wait_for("pool/", "wrong bytes")
        assert "is not UTF-8" in server.log.read_text()
