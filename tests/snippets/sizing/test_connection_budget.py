"""The budget: arithmetic, real pools that fill it to the last connection, and what servers say beyond it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import FrozenInstanceError

import psycopg
import pymysql
import pytest
from psycopg import sql
from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from snippets.sizing.connection_budget import Budget, connection_budget
from tests.servers import postgres
from tests.servers.mariadb import MariaDB
from tests.servers.postgres import Postgres
from tests.servers.supervisor import Supervisor
from tests.servers.waiting import eventually
from tests.snippets.catalog import ROOT

# The arithmetic


def test_workers_times_pool_and_overflow_times_copies_against_what_is_granted() -> None:
    found = connection_budget(
        workers=3, pool_size=4, max_overflow=2, copies=2, max_connections=200, reserved=5, share=15, others=60
    )
    assert found == Budget(asked=36, granted=120, left=84, largest=18)


def test_the_defaults_are_those_of_sqlalchemy_and_postgresql() -> None:
    by_default = connection_budget(workers=1)
    assert by_default == connection_budget(
        workers=1, pool_size=5, max_overflow=10, copies=2, max_connections=100, reserved=3, share=10, others=0
    )
    pool = create_engine("postgresql+psycopg://").pool
    assert (pool.size(), pool._max_overflow) == (5, 10)  # type: ignore[attr-defined]


@pytest.mark.parametrize("workers", [1, 3, 4, 11])
@pytest.mark.parametrize("max_overflow", [0, 3])
def test_the_largest_fits_and_one_more_does_not(workers: int, max_overflow: int) -> None:
    def left(pool_size: int) -> int:
        return connection_budget(workers=workers, max_overflow=max_overflow, pool_size=pool_size).left

    largest = connection_budget(workers=workers, max_overflow=max_overflow).largest
    assert largest == 0 or left(largest) >= 0
    assert left(largest + 1) < 0


def test_a_result_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        connection_budget(workers=1).left = 0  # type: ignore[misc]


def test_where_none_fits_the_largest_is_zero() -> None:
    assert connection_budget(workers=50).largest == 0
    assert connection_budget(workers=1, max_connections=10, share=100) == Budget(30, -93, -123, 0)


def test_what_one_service_asks_for_is_taken_from_the_next() -> None:
    jobs = connection_budget(workers=2, pool_size=3, max_overflow=0)
    web = connection_budget(workers=4, others=jobs.asked)
    assert web.granted == jobs.granted - jobs.asked


LEAST = {
    "workers": 1,
    "pool_size": 1,
    "max_overflow": 0,
    "copies": 1,
    "max_connections": 1,
    "reserved": 0,
    "share": 0,
    "others": 0,
}


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_it_says_what_it_does_not_take(name: str, least: int) -> None:
    connection_budget(**LEAST)
    for bad in (least - 1, 2.5, float("nan"), "5", None):
        text = re.escape(f"{name} must be a whole number, {least} or more, not {bad!r}")
        with pytest.raises(ValueError, match=f"^{text}$"):
            connection_budget(**(LEAST | {name: bad}))  # type: ignore[arg-type]


# The servers

LIMIT, RESERVED = 12, 3
FATAL = "FATAL:  "
FULL = f"{FATAL}sorry, too many clients already"
FOR_SUPERUSERS = f"{FATAL}remaining connection slots are reserved for roles with the SUPERUSER attribute"
BEFORE_16 = f"{FATAL}remaining connection slots are reserved for non-replication superuser connections"
FOR_A_ROLE = (
    f"{FATAL}remaining connection slots are reserved for roles with privileges of the "
    '"pg_use_reserved_connections" role'
)
MARIADB = "Too many connections"
# What the note quotes; the tests below assert each of them as a server says it.
TEXTS = {FULL, FOR_SUPERUSERS, BEFORE_16, FOR_A_ROLE, MARIADB}


def few_slots(supervisor: Supervisor, *others: str) -> None:
    """Let a server take twelve connections."""
    with (supervisor.folder / "data" / "postgresql.conf").open("a") as settings:
        lines = (f"max_connections = {LIMIT}", f"superuser_reserved_connections = {RESERVED}", *others)
        settings.write("\n" + "\n".join(lines) + "\n")


@pytest.fixture(scope="module", params=[0, -1], ids=["the first", "the last"])
def small_server(request: pytest.FixtureRequest, postgres_server: Postgres) -> Iterator[Postgres]:
    """A server with few slots, of the first and of the last PostgreSQL on this machine: their words may differ."""
    with postgres.running(list(postgres.find_all())[request.param], few_slots) as server:
        yield server


def major(server: Postgres) -> int:
    """Return 15 for 15.18."""
    return int(server.version.partition(".")[0])


def plain(server: Postgres, role: str = "app") -> psycopg.Connection:
    """Connect as a role that is no superuser."""
    return psycopg.connect(server.url(role).replace("+psycopg", ""))


def drop_role(server: Postgres, role: str) -> None:
    """Drop a role."""
    with server.connect() as admin:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def until_refused(stack: ExitStack, connect: Callable[[], psycopg.Connection]) -> tuple[int, psycopg.OperationalError]:
    """Connect for as long as the server lets somebody in; return how often it did, and its refusal."""
    for let_in in range(LIMIT + 1):
        try:
            stack.enter_context(closing(connect()))
        except psycopg.OperationalError as refusal:
            return let_in, refusal
    raise AssertionError("nobody was refused")


@contextmanager
def alone(server: Postgres) -> Iterator[ExitStack]:
    """Take the one connection that a server has, once it has no other; give what closes others at the end."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with closing(server.connect()) as ours, ExitStack() as stack:
        # A process whose client has gone stays for a moment.
        assert eventually(lambda: ours.execute(others).fetchone() == (0,))
        yield stack


OURS = 1  # The connection of `alone`.


def test_what_a_plain_role_and_then_a_superuser_is_told(small_server: Postgres) -> None:
    with alone(small_server) as stack:
        let_in, refusal = until_refused(stack, lambda: plain(small_server))
        assert let_in == LIMIT - OURS - RESERVED
        assert str(refusal).endswith(FOR_SUPERUSERS if major(small_server) >= 16 else BEFORE_16)
        let_in, refusal = until_refused(stack, small_server.connect)
        assert let_in == RESERVED
        assert str(refusal).endswith(FULL)
        # Now that superusers have taken theirs, a plain role is told the same.
        _, refusal = until_refused(stack, lambda: plain(small_server))
        assert str(refusal).endswith(FULL)


def test_an_application_that_is_a_superuser_leaves_nothing(small_server: Postgres) -> None:
    with alone(small_server) as stack:
        let_in, refusal = until_refused(stack, small_server.connect)
        assert let_in == LIMIT - OURS
        assert str(refusal).endswith(FULL)


def test_what_the_exception_carries(small_server: Postgres) -> None:
    with alone(small_server) as stack:
        _, refusal = until_refused(stack, lambda: plain(small_server))
        # No SQLSTATE and no diagnosis: it was refused before there was a connection to ask.
        assert type(refusal) is psycopg.OperationalError
        assert refusal.sqlstate is None
        assert (refusal.diag.sqlstate, refusal.diag.message_primary) == (None, None)
        engine = create_engine(small_server.url("app"), poolclass=NullPool)
        with pytest.raises(OperationalError) as wrapped:
            engine.connect()
        assert str(wrapped.value.orig) == str(refusal)


def test_since_16_a_share_can_be_kept_for_a_role(postgres_server: Postgres) -> None:
    newest = list(postgres.find_all())[-1]
    with postgres.running(newest, few_slots) as server, closing(server.connect()) as connection:
        if major(server) < 16:
            with pytest.raises(psycopg.errors.UndefinedObject):
                connection.execute("SHOW reserved_connections")
            return
        assert connection.execute("SHOW reserved_connections").fetchone() == ("0",)
    with postgres.running(newest, lambda folder: few_slots(folder, "reserved_connections = 2")) as server:
        with server.connect() as connection:
            role = "CREATE ROLE monitoring LOGIN PASSWORD {} IN ROLE pg_use_reserved_connections"
            connection.execute(sql.SQL(role).format(server.password))
        with alone(server) as stack:
            let_in, refusal = until_refused(stack, lambda: plain(server))
            assert let_in == LIMIT - OURS - RESERVED - 2
            assert str(refusal).endswith(FOR_A_ROLE)
            share: list[int] = []

            def is_used_up() -> bool:
                share.append(until_refused(stack, lambda: plain(server, "monitoring"))[0])
                return sum(share) == 2

            # The process that refused somebody holds its slot for a moment.
            assert eventually(is_used_up)
            assert until_refused(stack, server.connect)[0] == RESERVED


NOTE = (ROOT / "docs/connection-budget.md").read_text(encoding="utf-8")
WHO_HAS_THEM, LIMIT_OF_A_ROLE = re.findall(r"```sql\n(.*?)```", NOTE, re.DOTALL)


def test_who_has_the_connections_and_who_may_see_it(small_server: Postgres) -> None:
    with alone(small_server) as stack:
        with small_server.connect() as admin:
            role = "CREATE ROLE curious LOGIN PASSWORD {}"
            admin.execute(sql.SQL(role).format(small_server.password))
            stack.callback(drop_role, small_server, "curious")
        for _ in range(2):
            stack.enter_context(closing(plain(small_server)))
        superuser = stack.enter_context(closing(small_server.connect()))
        reader = stack.enter_context(closing(plain(small_server)))  # `app` is a member of pg_read_all_stats.
        curious = stack.enter_context(closing(plain(small_server, "curious")))

        def seen(connection: psycopg.Connection) -> dict[str, int]:
            counts: dict[str, int] = {}
            for role, *_, count in connection.execute(WHO_HAS_THEM.encode()).fetchall():
                counts[role] = counts.get(role, 0) + count
            return counts

        everything = {"app": 3, "postgres": 1 + OURS, "curious": 1}
        assert eventually(lambda: seen(superuser) == everything)  # A process whose client has gone stays for a moment.
        assert seen(reader) == everything
        assert seen(curious) == {"curious": 1}


def test_a_limit_for_a_role_refuses_that_role_and_no_superuser(small_server: Postgres) -> None:
    with alone(small_server) as stack, closing(small_server.connect()) as admin:
        for statement in (LIMIT_OF_A_ROLE.replace("40", "1"), "ALTER ROLE postgres CONNECTION LIMIT 1"):
            admin.execute(statement.encode())
        try:
            let_in, refusal = until_refused(stack, lambda: plain(small_server))
            assert let_in == 1
            assert str(refusal).endswith('too many connections for role "app"')
            stack.enter_context(closing(small_server.connect()))
        finally:
            for role in ("app", "postgres"):
                admin.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT -1").format(sql.Identifier(role)))


def test_pools_take_what_they_ask_for_and_the_next_is_refused(small_server: Postgres) -> None:
    # Two workers, of which a deployment makes four; four pools stand for them.
    shape = {"workers": 2, "copies": 2, "max_connections": LIMIT, "reserved": RESERVED, "share": OURS}
    with alone(small_server) as stack:
        assert connection_budget(pool_size=1, max_overflow=1, **shape) == Budget(8, 8, left=0, largest=1)
        for _ in range(4):
            engine = create_engine(small_server.url("app"), pool_size=1, max_overflow=1)
            stack.callback(engine.dispose)
            for _ in range(2):
                stack.enter_context(engine.connect())
        # They fit, and nothing is left over.
        let_in, refusal = until_refused(stack, lambda: plain(small_server))
        assert let_in == 0
        assert "connection slots are reserved" in str(refusal)


def test_what_postgresql_grants_as_it_comes(postgres_server: Postgres) -> None:
    with postgres_server.connect() as connection:
        for name, value in {"max_connections": "100", "superuser_reserved_connections": "3"}.items():
            assert connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone() == (value,)
        context = "SELECT context FROM pg_settings WHERE name = 'max_connections'"
        assert connection.execute(context).fetchone() == ("postmaster",)  # It changes with a restart only.


def test_what_mariadb_grants_and_says(mariadb_server: MariaDB, mariadb_database: str) -> None:
    limit, url = 10, make_url(mariadb_database)  # The least that it can be set to.

    def account() -> pymysql.Connection[pymysql.cursors.Cursor]:
        return pymysql.connect(
            host=url.host, port=url.port or 0, user=url.username, password=url.password or "", ssl_disabled=True
        )

    with closing(mariadb_server.connect()) as root, root.cursor() as cursor, ExitStack() as stack:

        def one(query: str) -> int:
            cursor.execute(query)
            return int((cursor.fetchone() or (0,))[0])

        assert one("SELECT @@max_connections") == 151
        stack.callback(cursor.execute, "SET GLOBAL max_connections = 151")
        assert eventually(lambda: one("SELECT count(*) FROM information_schema.processlist") == 1)
        cursor.execute(f"SET GLOBAL max_connections = {limit}")
        for _ in range(limit - 1):  # Ours counts too.
            stack.enter_context(closing(account()))
        with pytest.raises(pymysql.err.OperationalError) as refusal:
            account()
        assert refusal.value.args == (1040, MARIADB)

        def is_let_in() -> bool:
            try:
                stack.enter_context(closing(account()))
            except pymysql.err.OperationalError:
                return False
            return True

        # One more is let in who has the privilege, and not a second one; who was refused is one for a moment longer.
        cursor.execute("GRANT CONNECTION ADMIN ON *.* TO app@'%'")
        try:
            assert eventually(is_let_in)
        finally:
            cursor.execute("REVOKE CONNECTION ADMIN ON *.* FROM app@'%'")
        with pytest.raises(pymysql.err.OperationalError, match=MARIADB):
            mariadb_server.connect()
        with pytest.raises(OperationalError) as wrapped:
            create_engine(url, poolclass=NullPool, connect_args={"ssl_disabled": True}).connect()
        assert wrapped.value.orig is not None
        assert wrapped.value.orig.args == (1040, MARIADB)
