"""The doctor: one verdict for each kind of snapshot, made up and taken from real exhausted pools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from threading import Event

import psycopg
import pytest
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text

from snippets.engine.pool_doctor import Cause, Lease, Snapshot, diagnose
from snippets.engine.queuepool_limit import holds, leaks, seen
from tests.servers.postgres import Postgres
from tests.servers.waiting import DEADLINE_SECONDS, eventually

# What the server says of each connection: its state, and what kind of thing it waits for.
States = Callable[[], list[tuple[str, str | None]]]
SHORT, LONG, FOR_EVER = 0.05, 5.0, 600.0
ACTIVE, IDLE = "active", "idle in transaction"


def snapshot(*leases: Lease, connecting: int = 0, room: int = 0, waiting: str = "") -> Snapshot:
    """A snapshot with these leases, and so many connections being opened or not open at all."""
    out = len(leases) + connecting
    return Snapshot(out + room, out, leases, frozenset(waiting))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (snapshot(Lease(LONG, "a", IDLE), room=1), {Cause.ROOM: 1}),
        (snapshot(connecting=2), {Cause.CONNECTING: 2}),
        (snapshot(Lease(FOR_EVER, "a", IDLE)), {Cause.LEAK: 1}),
        (snapshot(Lease(FOR_EVER, "a", "idle")), {Cause.LEAK: 1}),
        (snapshot(Lease(LONG, "a", IDLE)), {Cause.HOLD: 1}),
        (snapshot(Lease(LONG, "a", "idle")), {Cause.HOLD: 1}),
        (snapshot(Lease(LONG, "a", IDLE), waiting="a"), {Cause.NESTED: 1}),
        (snapshot(Lease(FOR_EVER, "a", IDLE), waiting="a"), {Cause.NESTED: 1}),
        (snapshot(Lease(LONG, "a", IDLE), waiting="b"), {Cause.HOLD: 1}),
        (snapshot(Lease(LONG, "a", ACTIVE)), {Cause.SLOW: 1}),
        (snapshot(Lease(FOR_EVER, "a", ACTIVE)), {Cause.SLOW: 1}),
        (snapshot(Lease(LONG, "a", ACTIVE, "IO")), {Cause.SLOW: 1}),
        (snapshot(Lease(LONG, "a", ACTIVE, "Lock")), {Cause.LOCK: 1}),
        (snapshot(Lease(SHORT, "a", ACTIVE, "Lock")), {Cause.DEMAND: 1}),
        (snapshot(Lease(SHORT, "a", ACTIVE)), {Cause.DEMAND: 1}),
        (snapshot(Lease(SHORT, "a", IDLE)), {Cause.DEMAND: 1}),
        (
            snapshot(Lease(FOR_EVER, "a"), Lease(FOR_EVER, "b"), Lease(SHORT, "c"), connecting=1),
            {Cause.LEAK: 2, Cause.DEMAND: 1, Cause.CONNECTING: 1},
        ),
    ],
)
def test_the_table(seen: Snapshot, expected: dict[Cause, int]) -> None:
    assert diagnose(seen) == expected


@pytest.mark.parametrize(
    ("age", "expected"), [(0.1, Cause.DEMAND), (0.11, Cause.HOLD), (60, Cause.HOLD), (61, Cause.LEAK)]
)
def test_its_limits(age: float, expected: Cause) -> None:
    assert diagnose(snapshot(Lease(age, "a"))) == {expected: 1}


def test_an_active_lease_has_the_same_limit() -> None:
    assert diagnose(snapshot(Lease(0.1, "a", ACTIVE))) == {Cause.DEMAND: 1}
    assert diagnose(snapshot(Lease(0.11, "a", ACTIVE))) == {Cause.SLOW: 1}


def test_a_lease_that_says_no_more_is_idle_in_transaction() -> None:
    assert Lease(1, "a").state == IDLE


@pytest.mark.parametrize(("record", "field"), [(Lease(1, "a"), "age"), (snapshot(Lease(1, "a")), "out")])
def test_what_was_seen_does_not_change(record: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(record, field, 2)


def test_its_limits_are_yours() -> None:
    lease = snapshot(Lease(2.0, "a"))
    assert diagnose(lease, usual=3.0) == {Cause.DEMAND: 1}
    assert diagnose(lease, usual=1.0) == {Cause.HOLD: 1}
    assert diagnose(lease, usual=1.0, longest=1.5) == {Cause.LEAK: 1}


@pytest.fixture
def engine(postgres_database: str) -> Iterator[Engine]:
    """A pool of two on a real server."""
    engine = create_engine(postgres_database, pool_size=2, max_overflow=0, pool_timeout=DEADLINE_SECONDS)
    yield engine
    while seen:
        seen.pop().close()
    engine.dispose()


@pytest.fixture
def states(postgres_database: str, postgres_server: Postgres) -> Iterator[States]:
    """What the server says that the connections of the test do."""
    query = "SELECT state, wait_event_type FROM pg_stat_activity WHERE datname = %s AND usename = 'app'"
    database = postgres_database.rsplit("/", 1)[1]
    with postgres_server.connect() as admin:
        yield lambda: admin.execute(query, [database]).fetchall()


def taken(engine: Engine, age: float, states: list[tuple[str, str | None]]) -> Snapshot:
    """A snapshot of the real pool, with leases of an age that a test need not wait for."""
    assert isinstance(engine.pool, QueuePool)
    leases = [Lease(age, str(number), *state) for number, state in enumerate(states)]
    return Snapshot(2, engine.pool.checkedout(), tuple(leases))


def test_a_real_leak(engine: Engine, states: States) -> None:
    leaks(engine, lambda: None)
    assert diagnose(taken(engine, FOR_EVER, states())) == {Cause.ROOM: 1}
    leaks(engine, lambda: None)
    assert diagnose(taken(engine, FOR_EVER, states())) == {Cause.LEAK: 2}


def test_a_real_hold(engine: Engine, states: States) -> None:
    seen_while_calling: list[Snapshot] = []
    holds(engine, lambda: holds(engine, lambda: seen_while_calling.append(taken(engine, LONG, states()))))
    assert diagnose(seen_while_calling[0]) == {Cause.HOLD: 2}


def test_real_lock_waits(engine: Engine, states: States, postgres_server: Postgres) -> None:
    def wait_for_the_lock(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(7)"))

    url = engine.url.set(drivername="postgresql", username="postgres", password=postgres_server.password)
    with (
        engine.connect() as a,
        engine.connect() as b,
        ThreadPoolExecutor(2) as threads,
        psycopg.connect(url.render_as_string(hide_password=False)) as blocker,
    ):
        blocker.execute("SELECT pg_advisory_xact_lock(7)")
        waiting = [threads.submit(wait_for_the_lock, connection) for connection in (a, b)]
        blocked = [(ACTIVE, "Lock")] * 2
        assert eventually(lambda: states() == blocked)
        assert diagnose(taken(engine, LONG, states())) == {Cause.LOCK: 2}
        blocker.rollback()
        # They take the lock one after the other, so one has to end before the other goes on.
        assert eventually(lambda: any(one.done() for one in waiting))
        for connection, one in zip((a, b), waiting, strict=True):
            if one.done():
                connection.rollback()
        for one in waiting:
            one.result(DEADLINE_SECONDS)


def test_real_slow_statements(engine: Engine, states: States, postgres_server: Postgres) -> None:
    def sleep() -> None:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(600)"))

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(sleep) for _ in range(2)]
        assert eventually(lambda: [state for state, _ in states()] == [ACTIVE] * 2)
        assert diagnose(taken(engine, LONG, states())) == {Cause.SLOW: 2}
        with postgres_server.connect() as admin:
            admin.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
        for one in running:
            assert "canceling statement" in str(one.exception(DEADLINE_SECONDS))


def test_a_real_connect_that_hangs(engine: Engine, states: States) -> None:
    go_on, connecting = Event(), []

    def hang(*_: object) -> None:
        connecting.append(True)
        assert go_on.wait(DEADLINE_SECONDS)

    engine.connect().close()  # The first connect of an engine is made under a lock.
    event.listen(engine, "do_connect", hang)
    with engine.connect(), ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(engine.connect)
        assert eventually(lambda: bool(connecting))
        assert diagnose(taken(engine, LONG, states())) == {Cause.HOLD: 1, Cause.CONNECTING: 1}
        go_on.set()
        hanging.result(DEADLINE_SECONDS).close()
