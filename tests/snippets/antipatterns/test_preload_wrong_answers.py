"""Preloaded with a warm pool: harm without the hook, none with it, with the same requests."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import NullPool, create_engine, event, text

from snippets.antipatterns import preload_wrong_answers
from snippets.antipatterns.preload_wrong_answers import ask, get
from tests.servers.gunicorn import Gunicorn

Start = Callable[..., AbstractContextManager[Gunicorn]]
FILE = Path(preload_wrong_answers.__file__)
HOOK = f"python:{FILE.stem}"
BOOTED = re.compile(r"Booting worker with pid: (\d+)")
# The same application, with one question that waits until the test lets the database answer it.
HOLDING = """
from preload_wrong_answers import app, create_app, engine
from sqlalchemy import text

def holding(environ, start_response):
    if environ["PATH_INFO"] != "/held":
        return app(environ, start_response)
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT 'held' FROM pg_advisory_lock(1)")).one()
    start_response("200 OK", [])
    return [found.encode()]

def create_holding():
    create_app()
    return holding
"""


@pytest.fixture
def served(gunicorn: Start, postgres_database: str) -> Callable[..., AbstractContextManager[Gunicorn]]:
    """A function that serves the application in some way."""

    # gunicorn reads its configuration before it goes to the application's folder.
    environment = {"DATABASE_URL": postgres_database, "PYTHONPATH": str(FILE.parent)}

    def served(app: Path = FILE, call: str = "create_app()", **settings: object) -> AbstractContextManager[Gunicorn]:
        return gunicorn(app, call=call, environment=environment, **settings)

    return served


@pytest.fixture
def outcome(served: Start) -> Callable[..., Counter[str]]:
    """A function that serves the application in some way, and returns what 40 requests at once get."""

    def outcome(**settings: object) -> Counter[str]:
        with served(**{"workers": 4, **settings}) as server:
            return ask(address(server))

    return outcome


def address(server: Gunicorn) -> str:
    """Return where a server listens."""
    return server.address.removeprefix("http://")


def worker(server: Gunicorn) -> int:
    """Return the process id of the worker that was started last."""
    return int(BOOTED.findall(server.log.read_text())[-1])


def answered(server: Gunicorn, path: str) -> tuple[int, str]:
    """Return the status and the body that the application answers with."""
    with closing(HTTPConnection(address(server), timeout=30)) as client:
        client.request("GET", path)
        response = client.getresponse()
        return response.status, response.read().decode()


def until(happened: Callable[[], object]) -> None:
    """Wait for something that is about to happen."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_the_hook_not_every_answer_is_right(outcome: Callable[..., Counter[str]]) -> None:
    # Another request's number, an error, or nothing at all: which of them is chance.
    assert any(set(outcome(preload=True)) != {"right"} for _ in range(3))


def test_with_the_hook_every_answer_is_right(outcome: Callable[..., Counter[str]]) -> None:
    assert outcome(preload=True, config=HOOK) == {"right": 40}


def test_without_preload_every_answer_is_right(outcome: Callable[..., Counter[str]]) -> None:
    assert outcome() == {"right": 40}


def test_one_worker_that_nobody_ends_looks_right(outcome: Callable[..., Counter[str]]) -> None:
    assert outcome(preload=True, workers=1) == {"right": 40}


@pytest.mark.parametrize(
    ("settings", "answer"),
    [({"preload": True}, (200, "held")), ({"preload": True, "config": HOOK}, (200, "7")), ({}, (200, "7"))],
    ids=["preload", "preload with the hook", "no preload"],
)
def test_one_worker_leaves_its_answer_to_the_worker_that_replaces_it(
    settings: dict[str, object], answer: tuple[int, str], served: Start, postgres_database: str, tmp_path: Path
) -> None:
    app = tmp_path / "holding.py"
    app.write_text(HOLDING)
    database = create_engine(postgres_database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with served(app, "create_holding()", **settings) as server, database.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        with ThreadPoolExecutor(1) as client:
            asked = client.submit(answered, server, "/held")
            waits = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            until(lambda: connection.execute(waits).first())
            os.kill(worker(server), signal.SIGKILL)
            assert isinstance(asked.exception(30), OSError)
        connection.execute(text("SELECT pg_advisory_unlock(1)"))
        # If the answer to 7 came with it, libpq drops that, and the next one is right again: this is chance.
        assert answered(server, "/v/7") == answer


REQUESTS, DISTURBED = 120, 3


def under_load(server: Gunicorn, disturb: Callable[[], None]) -> Counter[str]:
    """Ask for numbers, six at a time, and disturb the server three times; count the answers."""
    count = Counter[str]()
    with ThreadPoolExecutor(6) as clients:
        for outcome in clients.map(lambda number: get(address(server), number), range(REQUESTS)):
            count[outcome] += 1
            if count.total() % (REQUESTS // DISTURBED) == 20:  # By then psycopg has prepared its statement.
                disturb()
    return count


@pytest.mark.parametrize("settings", [{"preload": True, "config": HOOK}, {}], ids=["with the hook", "no preload"])
def test_a_killed_worker_loses_what_it_was_asked_and_nothing_else(settings: dict[str, object], served: Start) -> None:
    with served(**settings) as server:
        count = under_load(server, lambda: os.kill(worker(server), signal.SIGKILL))
    assert set(count) <= {"right", "no answer"}
    assert count["no answer"] <= DISTURBED  # A worker of this kind serves one request at a time.


def test_without_the_hook_killing_the_one_worker_spoils_answers_of_its_successors(served: Start) -> None:
    with served(preload=True) as server:
        count = under_load(server, lambda: os.kill(worker(server), signal.SIGKILL))
    # The server session has the names of the statements that the first worker prepared: an error is certain.
    assert count["wrong"] + count["status 500"] > 0


def test_a_graceful_reload_spoils_answers_too(served: Start) -> None:
    with served(preload=True) as server:
        count = under_load(server, lambda: os.kill(server.pid, signal.SIGHUP))
        assert 'prepared statement "_pg3_0" already exists' in server.log.read_text()
    assert count["status 500"] > 0


def test_a_reload_without_preload_keeps_what_was_preloaded(served: Start, tmp_path: Path) -> None:
    config = tmp_path / "gunicorn.conf.py"
    config.write_text("preload_app = True\n")
    with served(config=str(config)) as server:
        config.write_text("preload_app = False\n")
        count = under_load(server, lambda: os.kill(server.pid, signal.SIGHUP))
    assert count["wrong"] + count["status 500"] > 0


def test_with_the_hook_a_graceful_reload_loses_nothing(served: Start) -> None:
    with served(preload=True, config=HOOK) as server:
        count = under_load(server, lambda: os.kill(server.pid, signal.SIGHUP))
    assert count == {"right": REQUESTS}


@pytest.mark.parametrize("preload", [True, False], ids=["preload", "no preload"])
def test_the_hook_works_as_pasted_into_gunicorn_conf(preload: bool, served: Start, tmp_path: Path) -> None:
    source = FILE.read_text(encoding="utf-8")
    shown = source.partition("[start:hook]\n")[2].partition("# --8<-- [end:hook]")[0]
    assert "def post_fork(" in shown
    (tmp_path / "gunicorn.conf.py").write_text(f"workers = 4\n\n\n{shown}")
    with served(preload=preload, workers=4, config=str(tmp_path / "gunicorn.conf.py")) as server:
        assert ask(address(server)) == {"right": 40}
        assert "NameError" not in server.log.read_text()


def answer_with(reply: bytes) -> str:
    """Return the address of a server that sends this to its first client."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as client:
            client.recv(1000)
            client.sendall(reply)

    Thread(target=serve, daemon=True).start()
    host, port = listener.getsockname()
    return f"{host}:{port}"


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n7", "right"),
        (b"HTTP/1.0 200 OK\r\n\r\n8", "wrong"),
        (b"HTTP/1.0 500 Internal Server Error\r\n\r\n7", "status 500"),
        (b"", "no answer"),
    ],
)
def test_what_an_answer_is_worth(reply: bytes, outcome: str) -> None:
    assert get(answer_with(reply), 7) == outcome


def test_each_answer_is_counted_once() -> None:
    assert ask(answer_with(b"HTTP/1.0 200 OK\r\n\r\n0"), requests=1) == {"right": 1}


def test_the_hook_forgets_and_does_not_close(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/test.db")
    with closing(engine.raw_connection()) as connection:
        kept = connection.dbapi_connection
    assert kept
    closed: list[object] = []
    event.listen(engine, "close", lambda raw, record: closed.append(raw))
    monkeypatch.setitem(sys.modules, FILE.stem, preload_wrong_answers)
    monkeypatch.setattr(preload_wrong_answers, "engine", engine)
    preload_wrong_answers.post_fork(None, None)
    assert closed == []
    assert engine.pool.checkedin() == 0  # type: ignore[attr-defined]
    kept.close()


def test_the_answer_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preload_wrong_answers, "text", lambda _: text("SELECT :number"))
    monkeypatch.setattr(preload_wrong_answers, "engine", create_engine("sqlite://", poolclass=NullPool))
    started: list[object] = []
    assert preload_wrong_answers.app({"PATH_INFO": "/v/7"}, lambda *given: started.append(given)) == [b"7"]
    assert started == [("200 OK", [("Content-Type", "text/plain")])]
