"""Empty databases on a PostgreSQL, one test after the other: to make and drop one costs more than most tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import psycopg
from sqlalchemy import make_url

from tests.servers.postgres import Postgres, fresh_database
from tests.servers.waiting import eventually, is_alive

# Somebody is still connected: their locks would stop the next statement.
IN_USE = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())
"""

# Nothing is there that was not there at first: no setting and no object, the superuser's included. What initdb makes
# has a number below 16384.
AS_MADE = """
SELECT datconnlimit = -1 AND datacl IS NULL AND NOT EXISTS (
    SELECT FROM pg_db_role_setting WHERE setdatabase = pg_database.oid
    UNION ALL SELECT FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT FROM pg_namespace WHERE oid >= 16384
    UNION ALL SELECT FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT FROM pg_default_acl
) FROM pg_database WHERE datname = current_database()
"""


@contextmanager
def databases(server: Postgres) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """Give a function that gives the URL of an empty database, owned by a plain role, for the length of a block.

    A database from which everything could be removed is given again; any other is dropped.
    """
    spare: list[tuple[str, ExitStack]] = []

    @contextmanager
    def empty_database() -> Iterator[str]:
        if spare:
            url, dropping = spare.pop()
        else:
            dropping = ExitStack()
            url = dropping.enter_context(fresh_database(server))
        try:
            yield url
        finally:
            if _is_emptied(server, url):
                spare.append((url, dropping))
            else:
                dropping.close()

    try:
        yield empty_database
    finally:
        for _, dropping in spare:
            dropping.close()


def _is_emptied(server: Postgres, url: str) -> bool:
    """Remove what the plain role has left in a database; tell whether it is as it was made, and nobody is there."""
    try:
        with server.connect(str(make_url(url).database)) as connection:
            if connection.execute(IN_USE).fetchone() == (True,):
                return False
            connection.execute("DROP OWNED BY app CASCADE")
            process = connection.info.backend_pid
            emptied = connection.execute(AS_MADE).fetchone() == (True,)
    except psycopg.Error:
        return False
    # The server's process outlives the connection a little, and counts as one until it has ended.
    return emptied and eventually(lambda: not is_alive(process))
