# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]>=3.1"]
# ///
"""What each step of a connect to PostgreSQL costs.

Every connect opens a socket and starts a server process. A password adds the proof that both sides
know it (SCRAM, thousands of hashes on purpose), and TLS adds keys and a certificate. A pool pays for
all of this once. Use it to see which step is dear on your own machine; do not take one of the steps
away because of what you see: share connections instead.

Servers: PostgreSQL with TLS. `DATABASE_URL` names it. It needs a role that comes in without a password,
so let it be a laboratory's: `CREATE ROLE trusted LOGIN`, and as the first line of pg_hba.conf
`host all trusted 127.0.0.1/32 trust`.
"""

import os
import sys
from time import perf_counter

import psycopg
from sqlalchemy import make_url


# --8<-- [start:ways]
def ways_in(url: str) -> dict[str, str]:
    """Return the URL of the same database in three ways, each with one step more than the last."""
    app = make_url(url).set(drivername="postgresql")
    trusted = app.set(username="trusted", password="")
    ways = {
        "no password, no TLS": trusted.update_query_dict({"sslmode": "disable"}),
        "SCRAM, no TLS": app.update_query_dict({"sslmode": "disable"}),
        "SCRAM and TLS": app.update_query_dict({"sslmode": "require"}),
    }
    return {name: way.render_as_string(hide_password=False) for name, way in ways.items()}
# --8<-- [end:ways]


# --8<-- [start:measure]
def seconds_to_connect(url: str) -> float:
    """Return how long one connect and close takes."""
    started = perf_counter()
    psycopg.connect(url).close()
    return perf_counter() - started


def compare(url: str, rounds: int = 40) -> dict[str, float]:
    """Return how long each way takes at its best; 1.0 is the first way's time."""
    ways = ways_in(url)
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):  # In turns, so that what else the machine does slows all three.
        for name, way in ways.items():
            best[name] = min(best[name], seconds_to_connect(way))
    shortest = best["no password, no TLS"]
    return {name: seconds / shortest for name, seconds in best.items()}
# --8<-- [end:measure]


def demo() -> None:
    """Print how much longer than the barest connect the other two take."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgresql"):
        sys.exit("Set DATABASE_URL to a PostgreSQL: postgresql+psycopg://user:password@host/database")
    times = compare(url)
    bare, scram, tls = times
    print(f"{scram}: {times[scram]:.1f} times the connect with {bare}")
    print(f"{tls}: {times[tls]:.1f} times the connect with {bare}")
    print(f"each step costs something: {times[bare] < times[scram] < times[tls]}")


if __name__ == "__main__":
    demo()
