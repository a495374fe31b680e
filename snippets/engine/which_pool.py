# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""Which pool a URL gets.

The URL decides: by the database, by the driver, and for SQLite by whether there is a file.
`explain` asks SQLAlchemy, without connecting and without the driver being installed.
Use it in a start-up log, or in a test that guards your configuration. Not needed where you name a
`poolclass`: then the URL no longer decides.

Servers: SQLite.
"""

from sqlalchemy import URL, make_url
from sqlalchemy import pool as pools
from sqlalchemy.exc import NoSuchModuleError

# --8<-- [start:explain]
MEANING = {
    pools.QueuePool: "5 connections, 10 more under load, then threads wait",
    pools.AsyncAdaptedQueuePool: "5 connections, 10 more under load, then tasks wait",
    pools.SingletonThreadPool: "a connection, and so a database, for each thread",
    pools.StaticPool: "one connection for everybody",
    pools.NullPool: "no pool: a connection for each checkout",
}


def explain(url: str | URL) -> str:
    """Return the driver and the pool that `create_engine(url)` takes, and what that pool does."""
    parsed = make_url(url)
    try:
        dialect = parsed.get_dialect()
    except NoSuchModuleError:
        return f"SQLAlchemy knows no {parsed.drivername}"
    pool = dialect.get_pool_class(parsed)  # type: ignore[attr-defined]
    meaning = MEANING.get(pool, "see its documentation")
    return f"{dialect.name} with {dialect.driver}: {pool.__name__}, {meaning}"
# --8<-- [end:explain]


def demo() -> None:
    """Explain eight URLs."""
    for url in (
        "sqlite:///shop.db",
        "sqlite://",
        "sqlite+aiosqlite:///shop.db",
        "sqlite+aiosqlite://",
        "postgresql+psycopg://server/shop",
        "postgresql+asyncpg://server/shop",
        "postgres://server/shop",
        "mariadb+pymysql://server/shop",
    ):
        print(url)
        print(f"  {explain(url)}")


if __name__ == "__main__":
    demo()
