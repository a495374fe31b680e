"""What a demo does besides its subject: it uses the database it is told to use, and closes what it opens."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect

from garden.snippets.catalog import Snippet
from tests.snippets.catalog import all_snippets
from tests.snippets.conftest import Connections
from tests.snippets.normalize import normalize

LEFT_OPEN = "demo() leaves connections open; give each back, and end it with engine.dispose()"


def with_a_choice() -> list[Snippet]:
    """Return the snippets that use SQLite unless DATABASE_URL names another server."""
    return [snippet for snippet in all_snippets() if snippet.servers[0] == "sqlite" and len(snippet.servers) > 1]


def in_one_process() -> list[Snippet]:
    """Return the snippets whose demo may run in this process: no server, no other process, no import of itself."""
    words = ("fork", "multiprocessing", "subprocess", "import_module")
    return [
        snippet
        for snippet in all_snippets()
        if snippet.servers[0] == "sqlite" and not any(word in snippet.source for word in words)
    ]


def tables(url: str) -> list[str]:
    """Return the tables of a database."""
    return inspect(create_engine(url, poolclass=NullPool)).get_table_names()


def run_demo(snippet: Snippet) -> None:
    """Run a snippet's demo here."""
    importlib.import_module(f"snippets.{snippet.key.replace('/', '.')}").demo()


@pytest.mark.parametrize("snippet", with_a_choice(), ids=lambda snippet: snippet.key)
def test_it_asks_for_the_database_that_it_is_told(snippet: Snippet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nowhere://")
    # SQLAlchemy knows no such server; psycopg takes it for a wrong list of settings.
    with pytest.raises(Exception, match="nowhere"):
        run_demo(snippet)


@pytest.mark.parametrize("snippet", in_one_process(), ids=lambda snippet: snippet.key)
def test_it_prints_what_is_kept_and_closes_what_it_opens(
    snippet: Snippet,
    connections: Connections,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", [snippet.path.name])
    run_demo(snippet)
    assert normalize(capsys.readouterr().out) == snippet.kept_output("sqlite").read_text(encoding="utf-8")
    assert connections.open == 0, LEFT_OPEN
    assert list(tmp_path.iterdir()) == []


# How the URL of each server begins.
DRIVERS = {"PostgreSQL": "postgresql+psycopg", "MariaDB": "mariadb+pymysql", "SQLite": "sqlite"}


def without_sqlite() -> list[Snippet]:
    """Return the snippets whose demo needs a server."""
    return [snippet for snippet in all_snippets() if "sqlite" not in snippet.servers]


def refusal(snippet: Snippet) -> object:
    """Return what a demo ends the process with."""
    with pytest.raises(SystemExit) as stopped:
        run_demo(snippet)
    return stopped.value.code


@pytest.mark.parametrize("snippet", without_sqlite(), ids=lambda snippet: snippet.key)
def test_it_says_which_server_it_needs(snippet: Snippet, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = [name.partition(" ")[0] for name in snippet.named_servers]
    monkeypatch.delenv("DATABASE_URL", raising=False)
    said = [refusal(snippet)]
    for another in DRIVERS.keys() - set(needed):
        monkeypatch.setenv("DATABASE_URL", f"{DRIVERS[another]}://")
        said.append(refusal(snippet))
    # A text as the exit code is printed on stderr, and the process ends with 1.
    url = f"{DRIVERS[needed[0]]}://user:password@host/database"
    assert set(said) == {f"Set DATABASE_URL to a {' or '.join(needed)}: {url}"}


# The fixture with an empty database on each server that a demo may need.
DATABASES = {"postgresql": "postgres_database", "mariadb": "mariadb_database"}


def on_a_server() -> list[tuple[Snippet, str]]:
    """Return the snippets whose demo needs a server and may run in this process, each with that server."""
    words = ("fork", "multiprocessing", "subprocess", "import_module")
    return [
        (snippet, snippet.servers[0])
        for snippet in all_snippets()
        if snippet.servers[0] in DATABASES and not any(word in snippet.source for word in words)
    ]


@pytest.mark.parametrize(
    ("snippet", "server"), [pytest.param(*one, id=f"{one[0].key}-{one[1]}") for one in on_a_server()]
)
def test_it_leaves_the_server_as_it_was(
    snippet: Snippet,
    server: str,
    request: pytest.FixtureRequest,
    connections: Connections,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = request.getfixturevalue(DATABASES[server])
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr("sys.argv", [snippet.path.name])
    run_demo(snippet)
    assert normalize(capsys.readouterr().out) == snippet.kept_output(server).read_text(encoding="utf-8")
    assert connections.open == 0, LEFT_OPEN
    assert tables(url) == []
