"""As many pools as workers: counted by gunicorn's processes, and by PostgreSQL's."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from snippets.processes import singletons_per_worker
from snippets.processes.singletons_per_worker import engine, get, pools
from tests.servers.gunicorn import Gunicorn
from tests.servers.postgres import Postgres
from tests.servers.waiting import eventually

Start = Callable[..., AbstractContextManager[Gunicorn]]
FILE = Path(singletons_per_worker.__file__)


def processes(server: Postgres, url: str) -> set[int]:
    """Return PostgreSQL's own processes for the clients of a database."""
    with server.connect() as admin:
        rows = admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [make_url(url).database])
        return {pid for (pid,) in rows}


@pytest.mark.parametrize("preload", [False, True], ids=["loaded by each worker", "loaded before the fork"])
@pytest.mark.parametrize("workers", [1, 3])
def test_as_many_pools_as_workers(
    workers: int, preload: bool, gunicorn: Start, postgres_database: str, postgres_server: Postgres
) -> None:
    environment = {"DATABASE_URL": postgres_database}
    with gunicorn(FILE, workers=workers, preload=preload, environment=environment) as server:
        address = server.address.removeprefix("http://")
        found = pools(address, workers)
        # A sync worker does one thing at a time: it needs one connection, and no other worker has it.
        assert [len(connections) for connections in found.values()] == [1] * workers
        connections = set[int]().union(*found.values())
        assert len(connections) == workers
        assert processes(postgres_server, postgres_database) == connections
        assert server.pid not in found
    assert eventually(lambda: not processes(postgres_server, postgres_database))


def test_threads_of_a_worker_share_its_pool(gunicorn: Start, postgres_database: str, postgres_server: Postgres) -> None:
    environment = {"DATABASE_URL": postgres_database}
    with gunicorn(FILE, worker_class="gthread", workers=2, threads=8, environment=environment) as server:
        found = pools(server.address.removeprefix("http://"), 2)
        connections = processes(postgres_server, postgres_database)
    assert connections == set[int]().union(*found.values())
    # pool_size bounds each pool: eight threads take turns on two connections.
    assert (engine.pool.size(), engine.pool._max_overflow) == (2, 0)  # type: ignore[attr-defined]
    assert all(1 <= len(of_worker) <= 2 for of_worker in found.values())


def test_what_it_answers_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(singletons_per_worker, "text", lambda _: text("SELECT 7"))
    monkeypatch.setattr(singletons_per_worker, "engine", create_engine("sqlite://", poolclass=NullPool))
    started: list[object] = []
    assert singletons_per_worker.app({}, lambda *given: started.append(given)) == [b"[%d, 7]" % os.getpid()]
    assert started == [("200 OK", [("Content-Type", "application/json")])]


def test_it_does_not_wait_for_ever_for_a_worker(gunicorn: Start, postgres_database: str) -> None:
    with gunicorn(FILE, environment={"DATABASE_URL": postgres_database}) as server:
        address = server.address.removeprefix("http://")
        worker, _ = get(address)
        assert worker != server.pid
        with pytest.raises(TimeoutError, match=r"^1 of 2 workers answered$"):
            pools(address, workers=2, seconds=0.2)
