"""What comes of a connection that is shared after a fork: right answers, wrong rows, errors, no answer at all."""

from __future__ import annotations

import logging
import os
import select
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import Engine, create_engine, make_url, text

from measurements.program import Program, Round
from measurements.servers import maria, postgresql
from snippets.antipatterns import preload_wrong_answers
from snippets.antipatterns.fork_wrong_rows import fork
from snippets.postgresql.connect_steps import ways_in
from tests.servers import gunicorn, mariadb, postgres

CHILDREN = 4
QUESTIONS = 10
ASKED = CHILDREN * QUESTIONS
SILENCE = 1.5  # After so many seconds without an answer nobody waits any longer.
APP = Path(preload_wrong_answers.__file__)
ROWS = {
    "psycopg": "psycopg",
    "psycopg_autocommit": "psycopg, AUTOCOMMIT",
    "psycopg_tls": "psycopg, TLS",
    "pymysql": "PyMySQL",
    "psycopg_cured": "psycopg, dispose(close=False)",
    "psycopg_tls_cured": "psycopg, TLS, dispose(close=False)",
    "pymysql_cured": "PyMySQL, dispose(close=False)",
    "preload": "gunicorn --preload",
    "preload_hook": "gunicorn --preload, with the hook",
    "no_preload": "gunicorn without --preload",
}
COLUMNS = {"right": "right", "wrong": "wrong rows", "error": "errors", "none": "no answer"}


def ask(engine: Engine, question: str, number: int) -> str:
    """Ask for a number, and return what came."""
    try:
        with engine.connect() as connection:
            answers = connection.scalars(text(question), {"number": number}).all()
    except Exception:  # Whichever error it is.
        return "error"
    return "right" if answers == [number] else "wrong"


def child(engine: Engine, question: str, cured: bool, first: int, report: int) -> None:
    """Ask for some numbers, as a worker that was forked."""
    logging.disable()
    if cured:
        engine.dispose(close=False)
    for number in range(first, first + QUESTIONS):
        os.write(report, f"{ask(engine, question, number)}\n".encode())


def forked(url: Any, question: str, options: dict[str, Any], *, cured: bool) -> Counter[str]:
    """Connect, fork, and let the children ask at once; count what they got."""
    engine = create_engine(url, pool_size=1, max_overflow=0, **options)
    engine.connect().close()
    reports, report = os.pipe()
    pids = [fork(partial(child, engine, question, cured, 1000 * number, report)) for number in range(CHILDREN)]
    os.close(report)
    heard = b""
    while select.select([reports], [], [], SILENCE)[0] and (more := os.read(reports, 4096)):
        heard += more
    os.close(reports)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    engine.dispose()
    return Counter(heard.decode().split())


def served(url: str, **settings: Any) -> Counter[str]:
    """Let as many clients at once ask an application that connects as it is loaded; count what they got."""
    environment = {"DATABASE_URL": url, "PYTHONPATH": str(APP.parent)}
    settings = {"call": "create_app()", "workers": CHILDREN, "environment": environment, **settings}
    outcomes = SimpleQueue[str]()
    count = Counter[str]()
    # The server ends before the clients do: whoever still waits then is told so.
    with ThreadPoolExecutor(ASKED) as clients, gunicorn.running(APP, **settings) as server:
        get(server.address, 0)  # A worker is up.
        for number in range(ASKED):
            clients.submit(lambda n: outcomes.put(get(server.address, n)), number)
        with suppress(Empty):
            while count.total() < ASKED:
                count[outcomes.get(timeout=SILENCE)] += 1
    return count


def get(address: str, number: int) -> str:
    """Ask the application for a number, and return what came."""
    try:
        with urlopen(f"{address}/v/{number}", timeout=60) as response:  # noqa: S310 - gunicorn on this machine
            body = response.read()
    except HTTPError as error:
        error.close()
        return "error"
    except (OSError, HTTPException):
        return "none"
    return "right" if body == str(number).encode() else "wrong"


def shares(count: Counter[str]) -> dict[str, float]:
    """Return percentages of what was asked; what nobody answered is no answer."""
    told = {name: 100 * count[name] / ASKED for name in ("right", "wrong", "error")}
    return {**told, "none": 100 - sum(told.values())}


@contextmanager
def prepared(versions: dict[str, str]) -> Iterator[Callable[[], Round]]:
    """Start the servers."""
    logging.disable()  # What pools and workers log as their connections break is what is counted here.
    with ExitStack() as stack:
        stack.callback(logging.disable, logging.NOTSET)
        postgresql_server = stack.enter_context(postgresql(versions, tls=True))
        mariadb_server = stack.enter_context(maria(versions))
        postgresql_url = stack.enter_context(postgres.fresh_database(postgresql_server))
        mariadb_url = stack.enter_context(mariadb.fresh_database(mariadb_server))
        versions |= {name: version(name) for name in ("sqlalchemy", "psycopg", "pymysql", "gunicorn")}
        _, plain, tls = (make_url(way).set(drivername="postgresql+psycopg") for way in ways_in(postgresql_url).values())
        sleep, pg_sleep = "SELECT :number + SLEEP(0.01)", "SELECT :number FROM pg_sleep(0.01)"
        no_tls = {"connect_args": {"ssl_disabled": True}}
        for_gunicorn = plain.render_as_string(hide_password=False)
        ways: dict[str, Callable[[], Counter[str]]] = {
            "psycopg": partial(forked, plain, pg_sleep, {}, cured=False),
            "psycopg_autocommit": partial(forked, plain, pg_sleep, {"isolation_level": "AUTOCOMMIT"}, cured=False),
            "psycopg_tls": partial(forked, tls, pg_sleep, {}, cured=False),
            "pymysql": partial(forked, mariadb_url, sleep, no_tls, cured=False),
            "psycopg_cured": partial(forked, plain, pg_sleep, {}, cured=True),
            "psycopg_tls_cured": partial(forked, tls, pg_sleep, {}, cured=True),
            "pymysql_cured": partial(forked, mariadb_url, sleep, no_tls, cured=True),
            "preload": partial(served, for_gunicorn, preload=True),
            "preload_hook": partial(served, for_gunicorn, preload=True, config=f"python:{APP.stem}"),
            "no_preload": partial(served, for_gunicorn),
        }
        yield lambda: {row: shares(outcome()) for row, outcome in ways.items()}


PROGRAM = Program(
    name="fork_outcomes",
    title="What came of 40 questions to four forked processes, in %",
    header="what is forked",
    rows=ROWS,
    columns=COLUMNS,
    spread=6.0,
    rounds=15,
    prepared=prepared,
    shares=True,
)
