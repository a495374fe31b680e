"""Children that share a warm pool: harm without a cure, none with it, and what each cure does to the parent.

Each test forks from a process of its own: pytest has threads, and a fork copies only one of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from snippets.antipatterns import fork_wrong_rows
from tests.snippets.catalog import ROOT

PROGRAM = """
import json, sys
from sqlalchemy import Engine, create_engine
from snippets.antipatterns.fork_wrong_rows import answers, ask, warm_engine
url, begin, pre_ping = json.loads(sys.argv[1])
begins = {
    "nothing": lambda engine: None,
    "dispose()": Engine.dispose,
    "dispose(close=False)": lambda engine: engine.dispose(close=False),
}
engine = None if pre_ping else warm_engine(url)
if engine is None:
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)
    engine.connect().close()
count = answers(engine, begins[begin])
print(json.dumps([count, ask(engine, 0) if set(count) == {"right"} else None]))
engine.dispose()
"""


def run(url: str, begin: str, *, pre_ping: bool = False) -> tuple[Counter[str], str | None]:
    """Return the children's answers and, if these are right, the parent's after that."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, json.dumps([url, begin, pre_ping])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    count, parent = json.loads(done.stdout)
    return Counter(count), parent


@pytest.mark.parametrize("pre_ping", [False, True], ids=["no ping", "pre_ping"])
def test_without_a_cure_not_every_answer_is_right(pre_ping: bool, postgres_database: str) -> None:
    # Wrong rows, errors or none at all: which of them is chance.
    counts = (run(postgres_database, "nothing", pre_ping=pre_ping)[0] for _ in range(3))
    assert any(set(count) != {"right"} for count in counts)


def test_tls_does_not_protect_either(tls_postgres_database: str) -> None:
    # The children have the same keys, so one can read the answer to another. The second question to
    # arrive has a number that the server has seen, and ends the connection.
    counts = (run(f"{tls_postgres_database}?sslmode=require", "nothing")[0] for _ in range(3))
    assert any(set(count) != {"right"} for count in counts)


def test_the_cure_and_the_parent_keeps_its_connection(postgres_database: str) -> None:
    count, parent = run(postgres_database, "dispose(close=False)")
    assert count == {"right": 40}
    assert parent == "right"


def test_a_plain_dispose_closes_the_connection_of_the_parent(postgres_database: str) -> None:
    count, parent = run(postgres_database, "dispose()")
    assert count == {"right": 40}
    assert parent == "OperationalError"


@pytest.fixture
def engine_that_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """An engine on SQLite whose answer to every question is 7."""
    monkeypatch.setattr(fork_wrong_rows, "QUESTION", text("SELECT 7 WHERE :number = :number"))
    return create_engine(f"sqlite:///{tmp_path}/test.db", poolclass=NullPool)


def test_an_answer_is_right_only_if_it_is_the_number_that_was_asked_for(engine_that_answers: Engine) -> None:
    assert fork_wrong_rows.ask(engine_that_answers, 7) == "right"
    assert fork_wrong_rows.ask(engine_that_answers, 8) == "wrong"


def test_an_error_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fork_wrong_rows, "QUESTION", text("SELECT nothing"))
    assert fork_wrong_rows.ask(create_engine("sqlite://", poolclass=NullPool), 7) == "OperationalError"


HUNG = """
import signal
from snippets.antipatterns.fork_wrong_rows import answers
from sqlalchemy import create_engine
print(dict(answers(create_engine("sqlite://"), lambda _: signal.raise_signal(signal.SIGALRM))))
"""

FAILED = """
import os
from snippets.antipatterns.fork_wrong_rows import fork
pid = fork(lambda: 1 / 0)
print("the parent goes on;", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def printed(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_a_child_that_waits_for_ever_is_counted_as_no_answer() -> None:
    assert printed(HUNG) == "{'no answer': 4}\n"


def test_whatever_a_child_does_it_ends_there() -> None:
    assert printed(FAILED) == "the parent goes on; 0\n"
