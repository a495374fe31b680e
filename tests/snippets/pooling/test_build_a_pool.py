"""The hand-made pool: its bound, its line, and that no failure costs it a slot."""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Barrier, Event, Lock, get_ident
from time import monotonic
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import integers
from sqlalchemy import make_url

from snippets.pooling import build_a_pool
from snippets.pooling.build_a_pool import Pool, Slot
from tests.servers.postgres import Postgres
from tests.servers.waiting import DEADLINE_SECONDS, eventually


class ServerFault(Exception):
    """What a connection raises when its server is gone."""


@dataclass(eq=False)
class FakeConnection:
    """A connection that notices when two threads have it at once, or one that was not reset."""

    server: FakeServer
    alive: bool = True
    closed: bool = False
    transaction: str | None = None
    user: Lock = field(default_factory=Lock)

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Use it: alone, open and clean, or the test fails."""
        assert self.user.acquire(blocking=False), "lent to two threads at once"
        try:
            assert not self.closed, "closed while lent"
            assert self.transaction is None, "not clean"
            self.transaction = "begun"
            yield
        finally:
            self.user.release()

    def ask(self) -> None:
        """Get an answer from the server, or ServerFault."""
        if not self.alive or self.closed:
            raise ServerFault

    def rollback(self) -> None:
        self.ask()
        self.transaction = None

    def close(self) -> None:
        assert not self.closed, "closed twice"
        self.closed = True
        with self.server.lock:
            self.server.open -= 1
        self.ask()


@dataclass(eq=False)
class FakeServer:
    """Counts its connections; `before_connect` may wait, or raise."""

    opened: int = 0
    open: int = 0
    most: int = 0
    lock: Lock = field(default_factory=Lock)
    before_connect: Callable[[], object] = lambda: None

    def connect(self) -> FakeConnection:
        with self.lock:
            self.open += 1
            self.opened += 1
            self.most = max(self.most, self.open)
        try:
            self.before_connect()
        except BaseException:
            with self.lock:
                self.open -= 1
            raise
        return FakeConnection(self)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as executor:
        yield executor


def slots(pool: Pool[Any]) -> tuple[int, int, int]:
    """Return how many slots are out, how many hold an idle connection, and how many threads wait."""
    out, idle, waiting = (int(part.split()[0]) for part in str(pool).split(","))
    return out, idle, waiting


def waiting(pool: Pool[Any], number: int) -> bool:
    """Wait until so many threads stand in line; tell whether they did."""
    return eventually(lambda: slots(pool)[2] == number)


def lend(pool: Pool[FakeConnection]) -> tuple[AbstractContextManager[FakeConnection], FakeConnection]:
    """Borrow a connection until the caller leaves the lease."""
    lease = pool.connection()
    return lease, lease.__enter__()


def give_back(lease: AbstractContextManager[FakeConnection]) -> None:
    lease.__exit__(None, None, None)


def can_lend_all(pool: Pool[FakeConnection]) -> bool:
    """Tell whether every slot is there: as many leases at once as the pool has slots."""
    pool.timeout = 0
    with ExitStack() as leases:
        for _ in range(pool.size):
            leases.enter_context(pool.connection())
        with pytest.raises(TimeoutError), pool.connection():
            pass
    return slots(pool) == (0, pool.size, 0)


def test_it_connects_when_a_connection_is_needed_and_uses_it_again(server: FakeServer) -> None:
    pool = Pool(server.connect)
    assert server.opened == 0
    for _ in range(20):
        with pool.connection() as connection, connection.exclusively():
            assert slots(pool) == (1, 0, 0)
    assert server.opened == 1
    assert slots(pool) == (0, 1, 0)


def test_it_lends_the_connection_that_was_used_last(server: FakeServer) -> None:
    pool = Pool(server.connect, size=3)
    (a_lease, a), (b_lease, b) = lend(pool), lend(pool)
    give_back(b_lease)
    give_back(a_lease)
    for _ in range(3):
        with pool.connection() as again:
            assert again is a
    with pool.connection() as first, pool.connection() as second, pool.connection():
        assert (first, second) == (a, b)
    assert server.opened == 3


def test_the_defaults_are_those_of_sqlalchemy_without_overflow(server: FakeServer) -> None:
    pool = Pool(server.connect)
    assert (pool.size, pool.timeout) == (5, 30.0)
    assert can_lend_all(pool)
    assert server.most == 5


def test_fifty_threads_never_pass_the_bound_and_never_share(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    pool = Pool(server.connect, size=7)
    together = Barrier(50)

    def work(_: int) -> None:
        together.wait()
        for _ in range(40):
            with pool.connection() as connection, connection.exclusively():
                pass

    list(threads.map(work, range(50)))
    assert server.most <= 7
    assert slots(pool) == (0, server.open, 0)


def test_who_waits_is_served_in_the_order_of_arrival(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    pool = Pool(server.connect, size=1)
    served: list[int] = []

    def request(number: int) -> None:
        with pool.connection():
            served.append(number)

    with pool.connection():
        for number in range(20):
            threads.submit(request, number)
            assert waiting(pool, number + 1)
    assert eventually(lambda: len(served) == 20)
    assert served == list(range(20))


def test_who_gives_back_and_asks_again_does_not_overtake(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    pool = Pool(server.connect, size=1)
    served: list[str] = []

    def request(name: str) -> None:
        with pool.connection():
            served.append(name)

    with pool.connection():
        waiter = threads.submit(request, "waiter")
        assert waiting(pool, 1)
    # Even if the waiter has not run since: the connection is already its own.
    request("hog")
    waiter.result()
    assert served == ["waiter", "hog"]


def test_a_failed_connect_lets_the_next_in_line_try(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    connecting, refuse = Event(), Event()

    def silent_at_first() -> None:
        if server.opened == 1:
            connecting.set()
            assert refuse.wait(DEADLINE_SECONDS)
            raise ServerFault

    server.before_connect = silent_at_first
    pool = Pool(server.connect, size=1, timeout=2 * DEADLINE_SECONDS)

    def request() -> FakeConnection:
        with pool.connection() as connection:
            return connection

    first = threads.submit(request)
    assert connecting.wait(DEADLINE_SECONDS)
    second = threads.submit(request)
    assert waiting(pool, 1)
    refuse.set()
    with pytest.raises(ServerFault):
        first.result()
    # Long before its time in line is over.
    assert second.result(DEADLINE_SECONDS).alive
    assert slots(pool) == (0, 1, 0)


@pytest.mark.parametrize("slow", ["connect", "check", "reset"])
def test_nothing_slow_holds_the_others_up(slow: str, server: FakeServer, threads: ThreadPoolExecutor) -> None:
    entered, go_on = Event(), Event()
    stuck: list[FakeConnection] = []

    def once(connection: FakeConnection) -> None:
        if connection in stuck:
            entered.set()
            assert go_on.wait(DEADLINE_SECONDS)

    def connect() -> FakeConnection:
        connection = server.connect()
        if slow == "connect":
            stuck.append(connection) if server.opened == 1 else None
            once(connection)
        return connection

    pool = Pool(connect, size=2)
    if slow == "check":
        with pool.connection() as connection:
            stuck.append(connection)
        pool.check = once
    if slow == "reset":
        pool.reset = once

    def request() -> None:
        with pool.connection() as connection:
            if slow == "reset" and not stuck:
                stuck.append(connection)

    slow_one = threads.submit(request)
    assert entered.wait(DEADLINE_SECONDS)
    others: Future[None] = threads.submit(request)
    others.result(DEADLINE_SECONDS)
    assert not slow_one.done()
    go_on.set()
    slow_one.result()
    assert slots(pool) == (0, 2, 0)


def test_a_full_pool_gives_up_after_its_timeout_and_says_what_it_saw(server: FakeServer) -> None:
    pool = Pool(server.connect, size=2, timeout=0.01)
    with pool.connection(), pool.connection():
        with pytest.raises(TimeoutError, match=r"^waited 0\.01 s: 2 out, 0 idle, 0 waiting$"), pool.connection():
            pass
        assert slots(pool) == (2, 0, 0)
    assert can_lend_all(pool)


def test_however_short_the_timeout_it_ends(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    # Not so with queue.SimpleQueue before Python 3.13: it waits for ever if the timeout is over
    # before it has begun to wait.
    pool = Pool(server.connect, size=1, timeout=0.000_001)

    def ask() -> int:
        refused = 0
        for _ in range(4_000):
            try:
                with pool.connection():
                    break
            except TimeoutError:
                refused += 1
        return refused

    usual = sys.getswitchinterval()
    with ExitStack() as undo:
        undo.enter_context(pool.connection())
        undo.callback(sys.setswitchinterval, usual)
        sys.setswitchinterval(1e-6)
        asking = threads.submit(ask)
        deadline = monotonic() + DEADLINE_SECONDS
        while not asking.done() and monotonic() < deadline:
            pass  # Takes the interpreter away from the other thread, at any place.
        assert asking.done()
    assert asking.result() == 4_000


def test_who_gave_up_is_out_of_the_line(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    pool = Pool(server.connect, size=1, timeout=0.01)
    lease, _ = lend(pool)
    with pytest.raises(TimeoutError):
        lend(pool)
    pool.timeout = DEADLINE_SECONDS
    patient = threads.submit(lend, pool)
    assert waiting(pool, 1)
    give_back(lease)
    give_back(patient.result()[0])
    assert can_lend_all(pool)


@pytest.mark.parametrize(("interruption", "raised"), [(Empty, TimeoutError), (KeyboardInterrupt, KeyboardInterrupt)])
@pytest.mark.parametrize("too_late", [False, True])
def test_no_slot_is_lost_with_who_stops_waiting(
    interruption: type[BaseException],
    raised: type[BaseException],
    too_late: bool,
    server: FakeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Pool(server.connect, size=1)
    lease, _ = lend(pool)

    class Interrupted(Queue):  # type: ignore[type-arg]
        def get(self, block: bool = True, timeout: float | None = None) -> object:
            if timeout is None:
                return super().get(block)
            if too_late:
                give_back(lease)
            raise interruption

    monkeypatch.setattr(build_a_pool, "Queue", Interrupted)
    with pytest.raises(raised):
        lend(pool)
    if not too_late:
        assert slots(pool) == (1, 0, 0)
        give_back(lease)
    assert slots(pool) == (0, 1, 0)


def test_what_comes_too_late_goes_to_the_next_in_line(
    server: FakeServer, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool(server.connect, size=1)
    lease, connection = lend(pool)
    impatient = get_ident()
    next_in_line: list[Future[tuple[AbstractContextManager[FakeConnection], FakeConnection]]] = []

    class Late(Queue):  # type: ignore[type-arg]
        def get(self, block: bool = True, timeout: float | None = None) -> object:
            if timeout is None or get_ident() != impatient:
                return super().get(block, timeout)
            next_in_line.append(threads.submit(lend, pool))
            assert waiting(pool, 2)
            give_back(lease)
            raise Empty

    monkeypatch.setattr(build_a_pool, "Queue", Late)
    with pytest.raises(TimeoutError):
        lend(pool)
    second_lease, same = next_in_line[0].result(DEADLINE_SECONDS)
    assert same is connection
    give_back(second_lease)
    assert slots(pool) == (0, 1, 0)


def test_uncommitted_work_is_undone_and_the_blocks_error_is_kept(server: FakeServer) -> None:
    pool = Pool(server.connect, size=1)
    with pytest.raises(ZeroDivisionError), pool.connection() as first, first.exclusively():
        raise ZeroDivisionError
    assert first.transaction is None
    with pool.connection() as again, again.exclusively():
        assert again is first


@pytest.mark.parametrize("raised", [ServerFault, KeyboardInterrupt])
def test_a_connection_that_cannot_be_reset_is_not_lent_again(raised: type[BaseException], server: FakeServer) -> None:
    def reset(connection: FakeConnection) -> None:
        raise raised

    pool = Pool(server.connect, size=1, reset=reset)
    # A failed reset is not the block's fault: its work is done. Ctrl-C is no failure.
    expected = pytest.raises(raised) if raised is KeyboardInterrupt else nullcontext()
    with expected, pool.connection() as first:
        pass
    assert first.closed
    assert slots(pool) == (0, 0, 0)
    with expected, pool.connection() as second:
        assert second is not first
    assert server.most == 1


def test_a_dead_connection_is_found_and_replaced(server: FakeServer) -> None:
    pool = Pool(server.connect, size=1, check=FakeConnection.ask)
    with pool.connection() as first:
        pass
    first.alive = False
    with pool.connection() as second, second.exclusively():
        assert second is not first
    assert first.closed
    assert server.most == 1


def test_without_a_check_the_dead_connection_is_lent_once(server: FakeServer) -> None:
    pool = Pool(server.connect, size=1)
    with pool.connection() as first:
        pass
    first.alive = False
    with pool.connection() as second:
        assert second is first
    with pool.connection() as third:
        assert third.alive


def test_a_new_connection_is_not_checked(server: FakeServer) -> None:
    checked: list[FakeConnection] = []
    pool = Pool(server.connect, check=checked.append)
    with pool.connection() as connection:
        assert checked == []
    with pool.connection():
        assert checked == [connection]


def test_an_old_connection_is_replaced_when_it_is_asked_for(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(build_a_pool, "monotonic", lambda: now)
    pool = Pool(server.connect, max_lifetime=60.0)
    with pool.connection() as first:
        pass
    now += 59.0
    with pool.connection() as still_young:
        assert still_young is first
    now += 1.0
    assert server.opened == 1
    with pool.connection() as second:
        assert second is not first
    assert first.closed
    now += 59.0
    with pool.connection() as young_again:
        assert young_again is second


def test_close_turns_away_who_waits_and_closes_what_comes_back(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    pool = Pool(server.connect, size=2)
    (a_lease, a), (b_lease, b) = lend(pool), lend(pool)
    waiters = [threads.submit(lend, pool) for _ in range(3)]
    assert waiting(pool, 3)
    pool.close()
    for waiter in waiters:
        with pytest.raises(RuntimeError, match=r"^the pool was closed$"):
            waiter.result(DEADLINE_SECONDS)
    # Who has a connection may finish.
    assert not a.closed
    give_back(a_lease)
    give_back(b_lease)
    assert a.closed
    assert b.closed
    with pytest.raises(RuntimeError, match=r"^the pool is closed$"):
        lend(pool)
    assert slots(pool) == (0, 0, 0)
    assert server.open == 0


def test_close_closes_what_is_idle_even_if_that_fails(server: FakeServer) -> None:
    pool = Pool(server.connect, size=3)
    with pool.connection() as a, pool.connection() as b, pool.connection():
        pass
    a.alive = b.alive = False
    pool.close()
    pool.close()
    assert server.open == 0


def test_ten_thousand_random_failures_cost_no_slot(server: FakeServer, threads: ThreadPoolExecutor) -> None:
    chance = random.Random(7)

    def fails(odds: float) -> None:
        if chance.random() < odds:
            raise ServerFault

    def check(connection: FakeConnection) -> None:
        fails(0.3)
        connection.ask()

    def reset(connection: FakeConnection) -> None:
        fails(0.3)
        connection.rollback()

    server.before_connect = lambda: fails(0.3)
    pool = Pool(server.connect, size=3, check=check, reset=reset)

    def work(_: int) -> None:
        for _ in range(1250):
            failed = False
            while not failed:
                try:
                    with pool.connection() as connection, connection.exclusively():
                        connection.alive = chance.random() > 0.1
                        fails(0.3)
                except ServerFault:
                    failed = True

    list(threads.map(work, range(8)))  # Each of the eight fails 1250 times.
    assert server.most <= 3
    assert slots(pool) == (0, server.open, 0)
    server.before_connect, pool.check, pool.reset = lambda: None, FakeConnection.ask, FakeConnection.rollback
    assert can_lend_all(pool)


class OnePoolManyFates(RuleBasedStateMachine):
    """Whatever happens in whatever order: every slot is out or free, no connection is out twice."""

    def __init__(self) -> None:
        super().__init__()
        self.server = FakeServer()
        self.now = 0.0
        self.refuses = False
        self.pool = Pool(
            self.connect, size=3, timeout=0, max_lifetime=100.0, check=FakeConnection.ask, reset=self.reset
        )
        self.opened_at: dict[FakeConnection, float] = {}
        self.leases: list[tuple[AbstractContextManager[FakeConnection], FakeConnection]] = []
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(build_a_pool, "monotonic", lambda: self.now)
        self.closed = False

    def teardown(self) -> None:
        self.patch.undo()

    def connect(self) -> FakeConnection:
        if self.refuses:
            raise ServerFault
        connection = self.server.connect()
        self.opened_at[connection] = self.now
        return connection

    def reset(self, connection: FakeConnection) -> None:
        if self.refuses:
            raise ServerFault
        connection.rollback()

    @rule()
    def borrow(self) -> None:
        idle = slots(self.pool)[1]
        try:
            lease, connection = lend(self.pool)
        except TimeoutError:
            assert len(self.leases) == 3
        except RuntimeError:
            assert self.closed
        except ServerFault:
            assert self.refuses
            assert slots(self.pool)[1] <= max(0, idle - 1)
        else:
            assert not self.closed
            assert connection not in [out for _, out in self.leases]
            assert connection.alive
            assert not connection.closed
            assert connection.transaction is None
            assert self.now - self.opened_at[connection] < 100.0
            connection.transaction = "begun"
            self.leases.append((lease, connection))

    @precondition(lambda self: self.leases)
    @rule(which=integers(0, 2))
    def end_well(self, which: int) -> None:
        give_back(self.leases.pop(which % len(self.leases))[0])

    @precondition(lambda self: self.leases)
    @rule(which=integers(0, 2))
    def raise_in_the_block(self, which: int) -> None:
        lease, _ = self.leases.pop(which % len(self.leases))
        fault = ZeroDivisionError()
        assert not lease.__exit__(ZeroDivisionError, fault, None)

    @precondition(lambda self: self.opened_at)
    @rule(which=integers(0, 99))
    def kill(self, which: int) -> None:
        list(self.opened_at)[which % len(self.opened_at)].alive = False

    @rule()
    def the_server_goes_or_comes(self) -> None:
        self.refuses = not self.refuses

    @rule(seconds=integers(1, 80))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: len(self.opened_at) > 4)
    @rule()
    def close(self) -> None:
        self.pool.close()
        self.closed = True

    @invariant()
    def every_slot_is_out_or_free(self) -> None:
        out, idle, line = slots(self.pool)
        assert (out, line) == (len(self.leases), 0)
        assert out + len(self.pool._free) == 3
        # Every connection that the server has open is lent or idle, so none is forgotten.
        assert self.server.open == idle + sum(not connection.closed for _, connection in self.leases)
        assert self.server.most <= 3
        if self.closed:
            assert idle == 0


TestOnePoolManyFates = OnePoolManyFates.TestCase
TestOnePoolManyFates.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_it_serves_a_real_driver_and_heals_when_the_server_drops_it(
    postgres_database: str, postgres_server: Postgres
) -> None:
    url = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)

    def check(connection: psycopg.Connection) -> None:
        connection.execute("SELECT 1")
        connection.rollback()

    pool = Pool(lambda: psycopg.connect(url), size=2, check=check)
    with pool.connection() as connection:
        connection.execute("CREATE TABLE visit (page text)")
        connection.commit()
        connection.execute("INSERT INTO visit VALUES ('lost')")
    with pool.connection() as connection:
        assert connection.execute("SELECT count(*) FROM visit").fetchone() == (0,)
        backend = connection.info.backend_pid
    with pool.connection() as connection:
        assert connection.info.backend_pid == backend
    with postgres_server.connect() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
    with pool.connection() as connection:
        assert connection.info.backend_pid != backend
    pool.close()


class Guarded(deque[Any]):
    """What threads share: it may be touched only while the pool's lock is held."""

    def __init__(self, lock: Lock, found: Iterable[Any]) -> None:
        super().__init__(found)
        self._lock = lock

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            assert self._lock.locked(), f"{name} without the lock"
        return super().__getattribute__(name)

    def __len__(self) -> int:
        assert self._lock.locked(), "len without the lock"
        return super().__len__()

    def __iter__(self) -> Iterator[Any]:
        assert self._lock.locked(), "iteration without the lock"
        return super().__iter__()


def test_what_threads_share_is_touched_under_the_lock_only() -> None:
    pool = Pool(FakeServer().connect, size=1, timeout=0.01)
    vars(pool)["_free"] = Guarded(pool._lock, pool._free)
    vars(pool)["_line"] = Guarded(pool._lock, pool._line)
    with pool.connection():
        assert str(pool) == "1 out, 0 idle, 0 waiting"
        with pytest.raises(TimeoutError), pool.connection():
            pass
    assert str(pool) == "0 out, 1 idle, 0 waiting"
    pool.close()
    assert not pool._lock.locked()


def test_slots_and_pools_are_told_apart_by_identity() -> None:
    assert Slot[object]() != Slot[object]()
    connect = FakeServer().connect
    assert Pool(connect) != Pool(connect)
    assert len({Pool(connect), Pool(connect)}) == 2


def test_unless_told_otherwise_a_connection_may_live_an_hour_and_is_not_checked() -> None:
    pool = Pool(FakeServer().connect)
    assert (pool.size, pool.timeout, pool.max_lifetime) == (5, 30.0, 3600.0)
    with pool.connection() as connection:
        connection.alive = False
        assert pool.check(connection) is None
        connection.alive = True
