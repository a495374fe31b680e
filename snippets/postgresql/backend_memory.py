# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["psycopg[binary]>=3.1"]
# ///
"""What an idle connection holds in the server's memory.

Behind each connection is a process of PostgreSQL. It remembers what it has read of the catalog for each
table that it has touched, and each prepared statement, and it keeps all of that while it is idle.
`DISCARD ALL` gives back the statements, but not the tables: a connection becomes small again when it is
replaced, as `pool_recycle` does. Use it to see how large your connections become with your own tables.
Not as a full account: it leaves out shared buffers, the program and its libraries, and what the process
has freed but not given back to the operating system. The first connection after a VACUUM of the catalog
holds more, since it writes the file that later ones read it from.

Servers: PostgreSQL. `DATABASE_URL` names it, 15 or later. The role needs more than most have:
`GRANT pg_read_all_stats TO app`.
"""

import os
import sys

import psycopg
from psycopg import Connection, sql


# --8<-- [start:held]
def bytes_held(connection: Connection) -> int:
    """Return how many bytes the process behind the connection has allocated for itself."""
    [(held,)] = connection.execute("SELECT sum(total_bytes) FROM pg_backend_memory_contexts")
    return int(held)
# --8<-- [end:held]


# --8<-- [start:touch]
def readable(connection: Connection) -> list[sql.Identifier]:
    """Return the tables and views that the role may read, but for temporary ones."""
    found = connection.execute("""
        SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm') AND relpersistence <> 't'
        AND has_schema_privilege(pg_namespace.oid, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT')
    """)
    return [sql.Identifier(schema, name) for schema, name in found]


def touch(connection: Connection, tables: list[sql.Identifier]) -> None:
    """Plan a query of each table and run none: planning is what reads the catalog."""
    for table in tables:
        connection.execute(sql.SQL("EXPLAIN SELECT FROM {}").format(table))


def prepare(connection: Connection, tables: list[sql.Identifier]) -> None:
    """Prepare a query of each table."""
    for number, table in enumerate(tables):
        name = sql.Identifier(f"demo_{number}")
        connection.execute(sql.SQL("PREPARE {} AS SELECT FROM {}").format(name, table))
# --8<-- [end:touch]


def demo() -> None:
    """Print how a connection grows, what makes it smaller, and how a new one begins."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    url = url.replace("+psycopg", "", 1)
    with psycopg.connect(url) as another:  # Reading this list makes a connection grow, too.
        tables = readable(another)
    with psycopg.connect(url, autocommit=True) as connection:
        fresh = bytes_held(connection)
        touch(connection, tables)
        touched = bytes_held(connection)
        prepare(connection, tables)
        prepared = bytes_held(connection)
        connection.execute("DISCARD ALL")
        discarded = bytes_held(connection)
    with psycopg.connect(url) as replacement:
        replaced = bytes_held(replacement)
    print(f"a fresh connection holds more than a megabyte: {fresh > 1_000_000}")
    print(f"with every table touched: {touched / fresh:.1f} times as much")
    print(f"with a statement prepared for each: {prepared / fresh:.1f} times as much")
    print(f"after DISCARD ALL: {discarded / fresh:.1f} times as much")
    print(f"  the statements are gone: {discarded < 1.1 * touched}; so are the tables: {discarded < 1.1 * fresh}")
    print(f"a new connection in its place is small again: {replaced < 1.1 * fresh}")


if __name__ == "__main__":
    demo()
