"""A lease ends once, however its block ends; without that, one connection is lent to two."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from snippets.pooling.lease import Lease, LeaseEnded, Pool


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool on a file with one table; its idle connections are closed in the end."""
    pool = Pool(f"{tmp_path}/test.db")
    with pool.lease() as lease:
        lease.connection.execute("CREATE TABLE visit (page)")
        lease.connection.commit()
    yield pool
    while not pool._idle.empty():
        pool._idle.get().close()


def visits(pool: Pool) -> list[tuple[str]]:
    with pool.lease() as lease:
        return lease.connection.execute("SELECT page FROM visit").fetchall()


def test_the_connection_is_given_back_at_the_end_of_the_block(pool: Pool) -> None:
    with pool.lease() as first:
        connection = first.connection
    with pool.lease() as second:
        assert second.connection is connection


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, sqlite3.OperationalError])
def test_it_is_given_back_when_the_block_raises(error: type[BaseException], pool: Pool) -> None:
    def request() -> None:
        with pool.lease() as lease:
            used.append(lease.connection)
            lease.connection.execute("INSERT INTO visit VALUES ('half done')")
            raise error

    used: list[sqlite3.Connection] = []
    with pytest.raises(error):
        request()
    with pool.lease() as second:
        assert [second.connection] == used
        assert not second.connection.in_transaction
    assert visits(pool) == []


def test_what_is_committed_stays_and_the_rest_is_undone(pool: Pool) -> None:
    with pool.lease() as lease:
        lease.connection.execute("INSERT INTO visit VALUES ('kept')")
        lease.connection.commit()
        lease.connection.execute("INSERT INTO visit VALUES ('lost')")
    assert visits(pool) == [("kept",)]


def test_an_ended_lease_opens_nothing(pool: Pool) -> None:
    with pool.lease() as lease:
        pass
    with pytest.raises(LeaseEnded):
        _ = lease.connection


def test_a_second_release_is_refused_and_lends_nothing_twice(pool: Pool) -> None:
    lease = pool.acquire()
    pool.release(lease)
    with pytest.raises(LeaseEnded):
        pool.release(lease)
    with pool.lease() as a, pool.lease() as b:
        assert a.connection is not b.connection


def test_a_second_release_leaves_the_next_borrower_alone(pool: Pool) -> None:
    lease = pool.acquire()
    pool.release(lease)
    with pool.lease() as other:
        other.connection.execute("INSERT INTO visit VALUES ('other')")
        with pytest.raises(LeaseEnded):
            pool.release(lease)
        # A rollback in the second release would have undone it.
        other.connection.commit()
    assert visits(pool) == [("other",)]


def test_released_within_its_block_is_released_twice(pool: Pool) -> None:
    with pytest.raises(LeaseEnded), pool.lease() as lease:
        pool.release(lease)


def test_a_connection_that_cannot_be_undone_is_not_lent_again(pool: Pool) -> None:
    lease = pool.acquire()
    dead = lease.connection
    dead.close()
    with pytest.raises(sqlite3.ProgrammingError):
        pool.release(lease)
    with pytest.raises(LeaseEnded):
        _ = lease.connection
    with pool.lease() as other:
        assert other.connection is not dead


def test_without_the_check_two_requests_share_a_connection(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lease, "end", lambda lease: lease.connection)
    lease = pool.acquire()
    pool.release(lease)
    pool.release(lease)
    with pool.lease() as a, pool.lease() as b:
        assert a.connection is b.connection
    while not pool._idle.empty():
        pool._idle.get().close()


def test_threads_never_hold_the_same_connection(pool: Pool) -> None:
    together = Barrier(8)

    def hold() -> int:
        with pool.lease() as lease:
            together.wait()
            return id(lease.connection)

    with ThreadPoolExecutor(8) as threads:
        held = [threads.submit(hold) for _ in range(8)]
    assert len({lease.result() for lease in held}) == 8
