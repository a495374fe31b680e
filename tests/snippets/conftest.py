"""What the snippets' tests run on: the databases, and a count of the connections that they open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import pytest
from sqlalchemy import Pool, event

from garden.lint.snippet_contract import requirement_name
from garden.snippets.catalog import Snippet
from tests.conftest import SERVERS_USED
from tests.snippets.catalog import all_snippets
from tests.snippets.network import GUARD


def uses_sqlite(snippet: Snippet) -> bool:
    """Tell whether a snippet uses the SQLite that comes with Python."""
    packages = map(requirement_name, snippet.header.get("dependencies", ()))
    return "sqlite" in snippet.servers and ("sqlalchemy" in packages or "sqlite3" in snippet.source)


WITH_SQLITE = {snippet.test for snippet in all_snippets() if uses_sqlite(snippet)}


@pytest.fixture(autouse=True)
def _servers_of_the_test(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Iterator[None]:
    """Tell the report of each test which servers it used: its snippet's proof names them."""
    yield
    used = request.config.stash[SERVERS_USED]
    for name in used.keys() & set(request.fixturenames):
        record_property("server", used[name].partition(" (")[0])  # without where it is installed
    if request.path in WITH_SQLITE:
        record_property("server", f"SQLite {sqlite3.sqlite_version}")


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Refuse what a snippet asks of other machines, and fail its test even if it has swallowed the refusal."""
    with GUARD.during(request.node.name) as told:
        yield
    if told:
        pytest.fail("\n".join(told), pytrace=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: each test that takes it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db"
    return str(request.getfixturevalue("postgres_database"))


@dataclass
class Connections:
    """How many connections SQLAlchemy has opened in this test, by whichever engine or thread."""

    opened: int = 0
    open: int = 0
    most: int = 0
    _lock: Lock = field(default_factory=Lock)

    def on_connect(self, connection: object, record: object) -> None:
        """Count one more."""
        with self._lock:
            self.opened += 1
            self.open += 1
            self.most = max(self.most, self.open)

    def on_close(self, connection: object, record: object) -> None:
        """Count one less that is open."""
        with self._lock:
            self.open -= 1


@pytest.fixture
def connections() -> Iterator[Connections]:
    """A count of the connections that the test opens: the drivers' own, not what a snippet says."""
    count = Connections()
    listeners = {"connect": count.on_connect, "close": count.on_close}
    for name, listener in listeners.items():
        event.listen(Pool, name, listener)
    yield count
    for name, listener in listeners.items():
        event.remove(Pool, name, listener)
