# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "pymysql>=1.2"]
# ///
"""PyMySQL builds a TLS context at every connect, unless you tell it otherwise.

Since 1.2 PyMySQL prefers TLS. It makes ready for it before it knows whether the server offers any: it
builds an `ssl.SSLContext` and loads the machine's certificate authorities, and most of a connect's time
goes into that. Use `without_tls` on a socket or network that you trust, `with_shared_context` everywhere
else; a pool makes either of them matter less. Do not use `without_tls` across a network that is not yours.

Servers: MariaDB. `DATABASE_URL` names it.
"""

import os
import ssl
import sys
from unittest.mock import patch

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError


# --8<-- [start:engines]
def by_default(url: str) -> Engine:
    """Return an engine that builds a TLS context for each connection that it opens."""
    return create_engine(url, poolclass=NullPool)


def without_tls(url: str) -> Engine:
    """Return an engine that builds none, and whose connections anybody on their way can read."""
    return create_engine(url, poolclass=NullPool, connect_args={"ssl_disabled": True})


def with_shared_context(url: str, ca_file: str | None = None) -> Engine:
    """Return an engine whose connections share one TLS context; it refuses a server without TLS.

    `ca_file` has the certificate to trust; without it, the machine's authorities are trusted.
    """
    context = ssl.create_default_context(cafile=ca_file)
    return create_engine(url, poolclass=NullPool, connect_args={"ssl": context})
# --8<-- [end:engines]


# --8<-- [start:count]
def contexts_built(engine: Engine, connects: int) -> int:
    """Check out so many connections in turn; return how many TLS contexts were built for them."""
    with patch.object(ssl, "create_default_context", wraps=ssl.create_default_context) as build:
        for _ in range(connects):
            engine.connect().close()
    return build.call_count
# --8<-- [end:count]


def demo() -> None:
    """Count the TLS contexts that five requests build."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("mariadb+pymysql"):
        sys.exit("Set DATABASE_URL to a MariaDB: mariadb+pymysql://user:password@host/database")
    pooled = create_engine(url)
    engines = {"by default": by_default(url), "by default, with a pool": pooled, "without TLS": without_tls(url)}
    for name, engine in engines.items():
        print(f"{name}: TLS contexts built for 5 requests: {contexts_built(engine, 5)}")
    pooled.dispose()
    try:
        built = contexts_built(with_shared_context(url), 5)
        print(f"with a shared context: TLS contexts built for 5 requests: {built}")
    except OperationalError as error:
        print(f"with a shared context: {error.orig}")


if __name__ == "__main__":
    demo()
