"""The table of what a child does and what its parent gets, cell by cell, for each driver.

Each test forks from a process of its own: pytest has threads, and a fork copies only one of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from snippets.processes import fork_matrix
from tests.conftest import missing
from tests.servers import mysqlclient
from tests.snippets.catalog import ROOT

HELPERS = """
import gc, json, signal, sys
from sqlalchemy import Pool, create_engine, event, text
from snippets.processes import fork_matrix
from snippets.processes.fork_matrix import ACTIONS, ask, ask_and_die, forget, in_a_child, parent_gets
url = sys.argv[1]
"""

RIGHT, WRONG, CLOSED = "the right row", "a wrong row", "OperationalError"
NORMAL_ENDS = {
    "nothing, and ends normally",
    "dispose(close=False), and ends normally",
    "dispose(close=False), and collects garbage",
}
TABLE = {
    "nothing": RIGHT,
    **dict.fromkeys(NORMAL_ENDS, RIGHT),
    "dispose()": CLOSED,
    "dispose(close=False)": RIGHT,
    "asks, and reads the answer": RIGHT,
    "asks, and is killed before it reads": WRONG,
}


def run(program: str, url: str) -> Any:
    """Run a program that leaves its finding in `found`; return that."""
    # A child that forgets its connections is told so by psycopg, if anybody listens.
    warnings = ["-W", "error", "-W", "ignore::ResourceWarning"]
    done = subprocess.run(
        [sys.executable, *warnings, "-c", f"{HELPERS}{program}\nprint(json.dumps(found))", url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def table(url: str) -> Any:
    """Return the table for the driver of a URL."""
    # What is garbage is collected when the table says so.
    return run("gc.disable()\nfound = {name: parent_gets(url, work) for name, work in ACTIONS.items()}", url)


@pytest.fixture
def mysqlclient_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty MariaDB database, for mysqlclient."""
    if not mysqlclient.is_installed():
        missing(mysqlclient.MISSING)
    return mysqlclient.url(request.getfixturevalue("mariadb_database"))


def test_psycopg(postgres_database: str) -> None:
    assert table(postgres_database) == TABLE


def test_pymysql(mariadb_database: str) -> None:
    # It gets the wrong row, too; but the rollback at the end of the block reads a packet that is none of its own.
    assert table(mariadb_database) == {**TABLE, "asks, and is killed before it reads": CLOSED}


def test_mysqlclient_says_goodbye_for_what_is_thrown_away(mysqlclient_url: str) -> None:
    assert table(mysqlclient_url) == {**TABLE, **dict.fromkeys(NORMAL_ENDS, CLOSED)}


FIRST_ROW = """
engine = create_engine(url, pool_size=1, max_overflow=0, isolation_level=ISOLATION)
ask(engine, 0)
in_a_child(ask_and_die, engine)
connection = engine.connect()
try:
    found = connection.scalars(text("SELECT 1")).all()
except Exception as error:
    found = type(error).__name__
connection.invalidate()
"""
AUTOCOMMIT = FIRST_ROW.replace("ISOLATION", "'AUTOCOMMIT'")
DEFAULT = FIRST_ROW.replace("ISOLATION", "None").replace(", isolation_level=None", "")


def test_psycopg_takes_it_for_the_row_in_autocommit_and_for_the_answer_to_begin_in_a_transaction(
    postgres_database: str,
) -> None:
    assert run(AUTOCOMMIT, postgres_database) == [99]
    # Then the answer to BEGIN comes while nobody waits, and is dropped, or it is taken for the row: that is chance.
    assert run(DEFAULT, postgres_database) in ([1], "ResourceClosedError")


def test_drivers_of_mariadb_send_no_begin_so_a_transaction_gets_the_wrong_row(mariadb_database: str) -> None:
    assert run(DEFAULT, mariadb_database) == run(AUTOCOMMIT, mariadb_database) == [99]


def test_so_does_mysqlclient(mysqlclient_url: str) -> None:
    assert run(DEFAULT, mysqlclient_url) == run(AUTOCOMMIT, mysqlclient_url) == [99]


def test_the_parent_loses_one_question_when_its_connection_was_closed(postgres_database: str) -> None:
    program = """
engine = create_engine(url)
ask(engine, 0)
in_a_child(ACTIONS["dispose()"], engine)
found = [ask(engine, number) for number in range(3)]
"""
    assert run(program, postgres_database) == [CLOSED, RIGHT, RIGHT]


def test_the_child_has_the_connection_of_its_parent(postgres_database: str) -> None:
    program = """
engine = create_engine(url)
def process():
    with engine.connect() as connection:
        return connection.scalars(text("SELECT pg_backend_pid()")).one()
def expect(_):
    assert process() == mine
mine = process()
in_a_child(expect, engine)
def expect_another(_):
    forget(engine)
    assert process() != mine
in_a_child(expect_another, engine)
found = process() == mine
"""
    assert run(program, postgres_database) is True


def test_a_question_connects_once_and_is_cleaned_up(postgres_database: str) -> None:
    program = """
found = []
event.listen(Pool, "connect", lambda *_: found.append("connect"))
event.listen(Pool, "close", lambda *_: found.append("close"))
parent_gets(url, lambda engine: None)
"""
    assert run(program, postgres_database) == ["connect", "close"]


def test_a_child_that_hangs_is_ended() -> None:
    program = """
alarm = signal.alarm
signal.alarm = lambda seconds: alarm(seconds // 20)
try:
    in_a_child(lambda engine: signal.pause(), None)
except ChildProcessError as error:
    found = str(error)
"""
    assert run(program, "no server") == "the child ended with -14"


def test_a_child_that_ends_normally_prints_nothing_again() -> None:
    program = """
print("[1, 2,")
in_a_child(lambda engine: sys.exit(), None)
print("3]")
json.dumps = lambda found: ""
found = None
"""
    assert run(program, "no server") == [1, 2, 3]


def test_what_an_answer_is_worth() -> None:
    class Other:
        """An engine and a connection that answer with these rows."""

        def __init__(self, rows: list[int]) -> None:
            self.rows = rows

        def connect(self) -> AbstractContextManager[Other]:
            return nullcontext(self)

        def scalars(self, statement: object) -> Other:
            assert str(statement) == "SELECT 7"
            return self

        def all(self) -> list[int]:
            return self.rows

    found = [fork_matrix.ask(Other(rows), 7) for rows in ([7], [8], [], [7, 7])]  # type: ignore[arg-type]
    assert found == [RIGHT, WRONG, WRONG, WRONG]
