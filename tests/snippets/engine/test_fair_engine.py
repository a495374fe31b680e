"""psycopg's pool below SQLAlchemy: in order, nothing lost, and the errors that it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as QueuePoolTimeout

from snippets.engine import fair_engine as snippet
from snippets.engine.failed_connect_waiter import stands_in_line
from snippets.engine.fair_engine import fair_engine, fair_pool, no_room, refused
from tests.servers.postgres import Postgres, fresh_database
from tests.servers.waiting import DEADLINE_SECONDS, eventually

SHORT = 0.2


@contextmanager
def fair(url: str, size: int = 1, timeout: float = DEADLINE_SECONDS) -> Iterator[Engine]:
    """An engine on top of a fair pool."""
    with fair_pool(url, size, timeout) as pool:
        yield fair_engine(pool)


def backend(connection: Connection) -> int:
    """Return which of the server's processes serves a connection."""
    return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


@pytest.fixture(scope="module")
def postgres_database(postgres_server: Postgres) -> Iterator[str]:
    """One database for all of these tests, since none leaves anything in it."""
    with fresh_database(postgres_server) as url:
        yield url


def lose(engine: Engine, kill: Callable[[int], object]) -> int:
    """Borrow a connection, have it die, and use it; return which it was."""
    with engine.connect() as connection:
        lost = backend(connection)
        kill(lost)
        with pytest.raises(DBAPIError) as error:
            connection.execute(text("SELECT 1"))
        assert error.value.connection_invalidated
    return lost


@pytest.fixture
def kill(postgres_server: Postgres) -> Iterator[Callable[[int], object]]:
    """Make the server end one of its processes."""
    with psycopg.connect(postgres_server.url().replace("+psycopg", ""), autocommit=True) as admin:
        yield lambda pid: admin.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def test_nobody_is_refused_where_queuepool_refuses(postgres_database: str) -> None:
    def holds() -> bool:
        engine = create_engine(postgres_database, pool_size=2, max_overflow=0, pool_timeout=1.0)
        from_queuepool = refused(engine)
        engine.dispose()
        with fair(postgres_database, size=2, timeout=1.0) as engine:
            return from_queuepool > 0 and refused(engine) == 0

    assert any(holds() for _ in range(3))


def test_who_has_waited_longest_is_next_and_who_gives_back_comes_last(postgres_database: str) -> None:
    served: list[int] = []
    with fair(postgres_database) as engine:

        def request(number: int) -> None:
            with engine.connect():
                served.append(number)

        threads = [Thread(target=request, args=[number]) for number in range(5)]
        with engine.connect():
            for thread in threads:
                thread.start()
                assert eventually(lambda thread=thread: stands_in_line(thread))  # type: ignore[misc]
        request(5)
        for thread in threads:
            thread.join(DEADLINE_SECONDS)
    assert served == [0, 1, 2, 3, 4, 5]


def test_a_connection_goes_back_clean_also_from_a_block_that_fails(postgres_database: str) -> None:
    with fair(postgres_database) as engine:
        with engine.connect() as connection:
            first = backend(connection)
            connection.execute(text("CREATE TABLE never_committed (id integer)"))
        with pytest.raises(ProgrammingError), engine.connect() as connection:
            connection.execute(text("CREATE TABLE never_committed AS SELECT 1; SELECT nothing"))
        with engine.connect() as connection:
            assert backend(connection) == first
            assert connection.scalar(text("SELECT to_regclass('never_committed')")) is None


def test_it_lends_so_many_and_no_more(postgres_database: str) -> None:
    with fair(postgres_database, size=3, timeout=SHORT) as engine:
        connections = [engine.connect() for _ in range(3)]
        assert len({backend(connection) for connection in connections}) == 3
        with pytest.raises(OperationalError, match=r"couldn't get a connection after 0\.20 sec"):
            engine.connect()
        for connection in connections:
            connection.close()


def test_five_connections_and_half_a_minute_unless_told_otherwise(postgres_database: str) -> None:
    pool = fair_pool(postgres_database)
    assert (pool.min_size, pool.max_size, pool.timeout) == (5, 5, 30.0)


def test_only_the_name_of_the_driver_is_taken_off_the_url() -> None:
    assert fair_pool("postgresql+psycopg://us:a://b@host/db").conninfo == "postgresql://us:a://b@host/db"


def test_before_it_is_opened_it_lends_nothing(postgres_database: str) -> None:
    engine = fair_engine(fair_pool(postgres_database, 1))
    with pytest.raises(OperationalError) as refusal:
        engine.connect()
    assert isinstance(refusal.value.orig, PoolClosed)


def test_one_that_died_while_lent_is_replaced(postgres_database: str, kill: Callable[[int], object]) -> None:
    with fair(postgres_database) as engine:
        lost = {lose(engine, kill) for _ in range(3)}
        with engine.connect() as connection:
            assert backend(connection) not in lost
    assert len(lost) == 3


def test_so_is_one_that_dies_without_anybody_noticing(postgres_database: str, kill: Callable[[int], object]) -> None:
    with fair(postgres_database) as engine:
        for _ in range(2):
            with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                kill(backend(connection))
        with engine.connect() as connection:
            assert backend(connection)


def test_and_one_that_died_while_idle_before_anybody_gets_it(
    postgres_database: str, kill: Callable[[int], object]
) -> None:
    with fair(postgres_database) as engine:
        with engine.connect() as connection:
            first = backend(connection)
        kill(first)
        with engine.connect() as connection:
            assert backend(connection) != first


def test_one_that_is_invalidated_is_not_lent_again(postgres_database: str) -> None:
    with fair(postgres_database) as engine:
        with engine.connect() as connection:
            first = backend(connection)
            connection.invalidate()
        with engine.connect() as connection:
            assert backend(connection) != first


@contextmanager
def bare(url: str, **options: Any) -> Iterator[Engine]:
    """The same without listeners and without a check: what psycopg's documentation shows."""
    plain = url.replace("+psycopg", "")
    with ConnectionPool[Any](plain, min_size=1, timeout=SHORT, close_returns=True, open=True) as pool:
        yield create_engine("postgresql+psycopg://", creator=pool.getconn, poolclass=NullPool, **options)


def test_without_the_listeners_a_place_is_lost_with_each_that_dies_while_lent(
    postgres_database: str, kill: Callable[[int], object]
) -> None:
    with bare(postgres_database) as engine:
        lose(engine, kill)
        with pytest.raises(OperationalError) as refusal:
            engine.connect()
        assert no_room(refusal.value)


def test_without_them_one_that_is_invalidated_is_lent_again(postgres_database: str) -> None:
    with bare(postgres_database) as engine:
        with engine.connect() as connection:
            first = backend(connection)
            connection.invalidate()
        with engine.connect() as connection:
            assert backend(connection) == first


def test_pre_ping_does_nothing_here(postgres_database: str, kill: Callable[[int], object]) -> None:
    with bare(postgres_database, pool_pre_ping=True) as engine:
        with engine.connect() as connection:
            first = backend(connection)
        kill(first)
        with engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1"))


def test_sqlalchemys_connect_event_comes_with_every_checkout(postgres_database: str) -> None:
    events: list[object] = []
    with fair(postgres_database) as engine:
        event.listen(engine, "connect", lambda connection, _: events.append(connection))
        for _ in range(3):
            with engine.connect():
                pass
    assert len(events) == 3
    assert len(set(map(id, events))) == 1


def test_dispose_leaves_the_pool_as_it_is(postgres_database: str) -> None:
    with fair(postgres_database) as engine:
        with engine.connect() as connection:
            first = backend(connection)
        engine.dispose()
        with engine.connect() as connection:
            assert backend(connection) == first


def test_drain_replaces_what_it_has(postgres_database: str) -> None:
    with fair_pool(postgres_database, 1) as pool:
        engine = fair_engine(pool)
        with engine.connect() as connection:
            first = backend(connection)
        pool.drain()
        with engine.connect() as connection:
            assert backend(connection) != first


def test_it_tells_how_many_wait(postgres_database: str) -> None:
    with fair_pool(postgres_database, 1) as pool:
        engine = fair_engine(pool)
        thread = Thread(target=lambda: engine.connect().close())
        with engine.connect():
            assert pool.get_stats()["requests_waiting"] == 0
            thread.start()
            assert eventually(lambda: pool.get_stats()["requests_waiting"] == 1)
        thread.join(DEADLINE_SECONDS)


def test_no_room_knows_the_errors_of_both_pools(postgres_database: str) -> None:
    # Long enough for the one connection to be opened on a busy machine.
    with fair(postgres_database, timeout=1.0) as engine, engine.connect():
        with pytest.raises(OperationalError) as wrapped:
            engine.connect()
        with pytest.raises(PoolTimeout) as plain:
            engine.raw_connection()
    assert isinstance(wrapped.value.orig, PoolTimeout)
    assert not wrapped.value.connection_invalidated
    engine = create_engine(postgres_database, pool_size=1, max_overflow=0, pool_timeout=SHORT)
    with engine.connect() as connection:
        with pytest.raises(QueuePoolTimeout) as from_queuepool:
            engine.connect()
        with pytest.raises(ProgrammingError) as other:
            connection.execute(text("SELECT nothing"))
    engine.dispose()
    assert [no_room(one.value) for one in (wrapped, plain, from_queuepool)] == [True, True, True]
    assert not no_room(other.value)
    assert not no_room(None)


def test_what_is_sent(postgres_database: str) -> None:
    statements: list[str] = []
    with fair(postgres_database, size=8) as engine:
        event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        assert refused(engine, 5) == 0
    assert statements == ["SELECT pg_sleep(0.01)"] * 5


def test_the_demo_gives_each_pool_two_connections_and_a_second(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = []

    def ask(engine: Engine) -> int:
        with engine.connect(), engine.connect(), pytest.raises(Exception, match=r"\b1\.00"):
            engine.connect()
        pools.append(type(engine.pool))
        return 0

    monkeypatch.setattr(snippet, "refused", ask)
    monkeypatch.setenv("DATABASE_URL", postgres_database)
    snippet.demo()
    assert pools == [QueuePool, NullPool]


@pytest.mark.parametrize("counts", [(1, 0), (0, 1)])
def test_what_it_prints(
    counts: tuple[int, int], postgres_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left = list(counts)
    monkeypatch.setattr(snippet, "refused", lambda _: left.pop(0))
    monkeypatch.setenv("DATABASE_URL", postgres_database)
    snippet.demo()
    assert left == []
    assert capsys.readouterr().out == (
        f"QueuePool refuses requests: {counts[0] > 0}\nthe fair pool refuses requests: {counts[1] > 0}\n"
    )
