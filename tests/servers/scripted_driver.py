"""A DB-API driver for tests: it counts what it is asked, and fails or waits on cue.

Behind it is SQLite in memory, so that SQLAlchemy takes it for the real thing and statements have real
answers: `create_engine("sqlite://", creator=driver.connect, poolclass=QueuePool)`. A pool alone takes
it as well: `QueuePool(driver.connect)`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, deque
from threading import Event, Lock
from typing import Any, Literal

Verb = Literal["connect", "execute", "commit", "rollback", "close"]

WAIT_SECONDS = 30.0


class ScriptedDriver:
    """`calls` counts each verb; `cue` says what the next calls of a verb meet."""

    def __init__(self) -> None:
        self.calls: Counter[Verb] = Counter()
        self.open = 0
        self.most = 0
        self._cues: dict[Verb, deque[Exception | Event | None]] = {}
        self._lock = Lock()

    def cue(self, verb: Verb, *cues: Exception | Event | None) -> None:
        """Have the next calls of a verb, in turn, raise (an exception), wait (an event), or succeed (None)."""
        with self._lock:
            self._cues.setdefault(verb, deque()).extend(cues)

    def connect(self) -> Connection:
        """Open a connection, unless the script says otherwise."""
        self.play("connect")
        connection = sqlite3.connect(":memory:", factory=Connection, check_same_thread=False)
        connection.driver = self
        with self._lock:
            self.open += 1
            self.most = max(self.most, self.open)
        return connection

    def play(self, verb: Verb) -> None:
        """Count a call, and do what the script has for it."""
        with self._lock:
            self.calls[verb] += 1
            cues = self._cues.get(verb)
            cue = cues.popleft() if cues else None
        # Not under the lock: the call that gives the cue may come from another thread.
        if isinstance(cue, Event) and not cue.wait(WAIT_SECONDS):
            raise TimeoutError(f"nobody gave the cue for {verb!r}")
        if isinstance(cue, Exception):
            raise cue

    def closed(self) -> None:
        """Count one connection less that is open."""
        with self._lock:
            self.open -= 1


class Connection(sqlite3.Connection):
    """A connection that asks the script first. `die` is what the server does to it."""

    driver: ScriptedDriver
    _closed = False

    def cursor(self, factory: Any = None) -> Any:
        """Return a cursor that asks the script, too."""
        return super().cursor(factory or Cursor)

    def commit(self) -> None:
        """Commit."""
        self.driver.play("commit")
        super().commit()

    def rollback(self) -> None:
        """Roll back."""
        self.driver.play("rollback")
        super().rollback()

    def close(self) -> None:
        """Close; what was counted as open is counted once."""
        self.driver.play("close")
        self.die()

    def die(self) -> None:
        """End as if the server had: whatever comes next, SQLAlchemy takes it for a disconnect."""
        super().close()
        if not self._closed:
            self._closed = True
            self.driver.closed()


class Cursor(sqlite3.Cursor):
    """A cursor that asks the script before each statement."""

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        """Execute."""
        assert isinstance(self.connection, Connection)
        self.connection.driver.play("execute")
        super().execute(statement, parameters)
        return self
