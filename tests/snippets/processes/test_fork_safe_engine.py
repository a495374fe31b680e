"""The engine that survives a fork: each process has connections of its own, and the parent keeps its.

Each test forks from a process of its own: pytest has threads, and a fork copies only one of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.snippets.catalog import ROOT

# A child lets go of connections that it must not close. Whenever their memory is freed, psycopg warns of that, in a way
# that Python shows only to who asks for it.
WARNINGS = ["-W", "error", "-W", "ignore::ResourceWarning"]
HELPERS = """
import gc, json, sys, weakref
from sqlalchemy import create_engine
from snippets.processes.fork_safe_engine import fork_safe_engine, in_a_child, server_process
url = sys.argv[1]
"""


def run(program: str, url: str) -> Any:
    """Run a program that leaves its finding in `found`; return that."""
    done = subprocess.run(
        [sys.executable, *WARNINGS, "-c", f"{HELPERS}{program}\nprint(json.dumps(found))", url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_each_process_connects_for_itself(postgres_database: str) -> None:
    program = """
engine = fork_safe_engine(url)
before = server_process(engine)
children = [in_a_child(lambda: server_process(engine)) for _ in range(3)]
found = [before, *children, server_process(engine)]
engine.dispose()
"""
    before, *children, after = run(program, postgres_database)
    assert after == before
    assert len({before, *children}) == 4


def test_without_the_hook_the_child_has_the_connection_of_the_parent(postgres_database: str) -> None:
    program = """
engine = create_engine(url)
found = [server_process(engine), in_a_child(lambda: server_process(engine))]
engine.dispose()
"""
    parent, child = run(program, postgres_database)
    assert child == parent


def test_the_child_begins_with_an_empty_pool(postgres_database: str) -> None:
    program = """
engine = fork_safe_engine(url, pool_size=3)
held = [engine.connect() for _ in range(3)]
for connection in held:
    connection.close()
found = [engine.pool.checkedin(), in_a_child(lambda: engine.pool.checkedin()), engine.pool.size()]
engine.dispose()
"""
    assert run(program, postgres_database) == [3, 0, 3]


def test_a_grandchild_is_safe_too(postgres_database: str) -> None:
    program = """
engine = fork_safe_engine(url)
def child():
    mine = server_process(engine)
    return int(in_a_child(lambda: server_process(engine)) != mine)
found = in_a_child(child)
"""
    assert run(program, postgres_database) == 1


def test_the_hook_lets_the_engine_go(postgres_database: str) -> None:
    program = """
engine = fork_safe_engine(url)
gone = weakref.ref(engine)
del engine
gc.collect()
found = [gone() is None, in_a_child(lambda: 7)]
"""
    assert run(program, postgres_database) == [True, 7]
