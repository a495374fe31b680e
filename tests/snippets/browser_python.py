"""The browser's Python under Node.js, for the tests: the same files that the site publishes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from garden.snippets.catalog import Snippet
from tests.snippets.catalog import ROOT
from tests.snippets.normalize import normalize

CACHE = ROOT / ".runtime"
MISSING = "the browser's Python is not there; `make runtime` brings it"

# How a program ends that asks for what is not there, and what it should have asked for.
_LACKS = (
    ("can't start new thread", "threads"),
    ("does not support processes", "processes"),
    ("No module named 'psycopg", "psycopg, so PostgreSQL"),  # psycopg_pool as well
    ("No module named 'pymysql'", "PyMySQL, so MariaDB"),
    ("No module named 'flask_sqlalchemy_lite'", "greenlet"),  # it does not load without
    ("No module named 'gunicorn'", "gunicorn"),
)


@dataclass(frozen=True)
class Ended:
    """What a program printed, and how it ended."""

    output: str
    status: int
    error: str

    @property
    def lacks(self) -> str:
        """What it needed and did not find; empty if that was not the trouble."""
        return next((what for words, what in _LACKS if words in self.error), "")


class Python:
    """A process that runs programs in the browser's Python, one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"failed": "it ended"}
        assert "failed" not in answer, answer["failed"]
        return answer

    def run(self, source: str, name: str = "program.py", *, fresh: bool = True) -> Ended:
        """Run a program in a Python that has run nothing before, or in the one of the last run."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"name": name, "source": source, "fresh": fresh}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        return Ended(answer["output"], answer["ended"]["status"], "\n".join(answer["ended"].get("error", [])))


@contextmanager
def running(cache: Path = CACHE) -> Iterator[Python | None]:
    """Start the browser's Python; None if the runtime, or what it is made of, is not there."""
    from garden.runtime import node

    try:
        program = node.find(cache).program if (cache / "manifest.json").is_file() else None
    except node.Unavailable:
        program = None
    if program is None:
        yield None
        return
    pyodide = next(cache.glob("npm-*/node_modules/pyodide"))
    archive = next(cache.glob("archive-*/lock.json")).parent
    command = [program, str(ROOT / "garden/runtime/under_node.js"), str(pyodide), str(archive)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Python(process)
        finally:
            process.kill()


def verdict(snippet: Snippet, ended: Ended) -> dict[str, Any] | None:
    """Return what the proof says of a snippet that has run there; None if it went wrong in a way that has no excuse."""
    server = snippet.servers[0]
    kept = snippet.kept_output(server).read_text(encoding="utf-8")
    if server == "sqlite" and ended.status == 0 and normalize(ended.output) == kept:
        return {"runs": True}
    if server != "sqlite" and ended.status:
        return {"runs": False, "needs": named_server(snippet)}
    return {"runs": False, "needs": ended.lacks} if ended.lacks else None


def named_server(snippet: Snippet) -> str:
    """Return the first server of a snippet as its docstring writes it."""
    start = snippet.docstring.index("Servers: ") + len("Servers: ")
    return snippet.docstring[start:][: len(snippet.servers[0])]
