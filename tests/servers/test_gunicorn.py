"""gunicorn as the tests start it: each kind of worker, what reaches the app, and its end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.servers.gunicorn import Gunicorn, WorkerClass
from tests.servers.supervisor import ServerError

Start = Callable[..., AbstractContextManager[Gunicorn]]

APP = """
import os, threading

imported_by = os.getpid()

def app(environ, start_response):
    start_response("200 OK", [])
    words = [os.getpid() == imported_by, environ["wsgi.multithread"], os.environ.get("COLOR")]
    return [" ".join(map(str, words)).encode()]
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A file with an app that tells who serves it, and how."""
    path = tmp_path / "telling.py"
    path.write_text(APP)
    return path


def get(server: Gunicorn) -> str:
    """Return what the app says."""
    with closing(HTTPConnection(server.address.removeprefix("http://"), timeout=30)) as client:
        client.request("GET", "/")
        return str(client.getresponse().read(), encoding="ascii")


@pytest.mark.parametrize(
    ("worker_class", "threads", "preload", "answer"),
    [
        ("sync", 1, False, "True False red"),
        ("sync", 1, True, "False False red"),
        ("gthread", 4, False, "True True red"),
        ("gthread", 4, True, "False True red"),
        ("gevent", 1, False, "True True red"),
    ],
)
def test_each_kind_of_worker(
    worker_class: WorkerClass, threads: int, preload: bool, answer: str, app: Path, gunicorn: Start
) -> None:
    environment = {"COLOR": "red"}
    with gunicorn(app, worker_class=worker_class, threads=threads, preload=preload, environment=environment) as server:
        assert get(server) == answer
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)
    assert list(app.parent.iterdir()) == [app]


def test_it_takes_a_configuration(app: Path, gunicorn: Start, tmp_path: Path) -> None:
    config = tmp_path / "conf.py"
    config.write_text("raw_env = ['COLOR=blue']\n")
    with gunicorn(app, config=str(config)) as server:
        assert get(server).endswith("blue")


def test_it_says_why_it_does_not_start(app: Path, gunicorn: Start) -> None:
    with pytest.raises(ServerError, match="Failed to find attribute 'no'"), gunicorn(app, call="no", preload=True):
        pass


def test_sigterm_ends_it_too(app: Path, gunicorn: Start) -> None:
    with gunicorn(app, stop=signal.SIGTERM) as server:
        assert get(server)
    assert not server.log.exists()
