"""Preloaded with a warm pool: harm without the hook, none with it, with the same requests."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
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


@pytest.fixture
def outcome(gunicorn: Start, postgres_database: str) -> Callable[..., Counter[str]]:
    """A function that serves the application in some way, and returns what 40 requests at once get."""

    # gunicorn reads its configuration before it goes to the application's folder.
    environment = {"DATABASE_URL": postgres_database, "PYTHONPATH": str(FILE.parent)}

    def outcome(**settings: object) -> Counter[str]:
        settings = {"call": "create_app()", "workers": 4, "environment": environment, **settings}
        with gunicorn(FILE, **settings) as server:
            return ask(server.address.removeprefix("http://"))

    return outcome


def test_without_the_hook_not_every_answer_is_right(outcome: Callable[..., Counter[str]]) -> None:
    # Another request's number, an error, or nothing at all: which of them is chance.
    assert any(set(outcome(preload=True)) != {"right"} for _ in range(3))


def test_with_the_hook_every_answer_is_right(outcome: Callable[..., Counter[str]]) -> None:
    assert outcome(preload=True, config=HOOK) == {"right": 40}


def test_without_preload_every_answer_is_right(outcome: Callable[..., Counter[str]]) -> None:
    assert outcome() == {"right": 40}


def test_one_worker_has_nobody_to_share_with(outcome: Callable[..., Counter[str]]) -> None:
    assert outcome(preload=True, workers=1) == {"right": 40}


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


@pytest.mark.parametrize("url", [None, "sqlite://"], ids=["no URL", "another server"])
def test_it_says_that_it_needs_postgresql(url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if url:
        monkeypatch.setenv("DATABASE_URL", url)
    else:
        monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SystemExit) as stopped:
        preload_wrong_answers.demo()
    assert stopped.value.code == ("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")


def test_the_hook_forgets_and_does_not_close(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/test.db")
    with closing(engine.raw_connection()) as connection:
        kept = connection.dbapi_connection
    assert kept
    closed: list[object] = []
    event.listen(engine, "close", lambda raw, record: closed.append(raw))
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
