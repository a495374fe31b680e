"""A PostgreSQL with TLS, SCRAM, and a role that needs no password: for what each of them costs.

The wheel's PostgreSQL is built without TLS, so this one comes from the machine.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers import postgres
from tests.servers.certificate import make_certificate
from tests.servers.postgres import Binaries, Postgres, fresh_database
from tests.servers.supervisor import Supervisor

__all__ = ["MISSING", "find", "fresh_database", "running"]

MISSING = "a PostgreSQL built with TLS is missing: `apt-get install postgresql`"

SETTINGS = """
ssl = on
ssl_cert_file = '../server.crt'
ssl_key_file = '../server.key'
"""
TRUSTED = "host all trusted 127.0.0.1/32 trust\n"


def find() -> Binaries | None:
    """Return the first PostgreSQL that was built with TLS, or None."""
    return next(filter(_has_tls, postgres.find_all()), None)


@contextmanager
def running(binaries: Binaries) -> Iterator[Postgres]:
    """Run a new server that offers TLS, with a role `trusted` beside the plain one."""
    with postgres.running(binaries, _prepare) as server:
        with server.connect() as connection:
            connection.execute("CREATE ROLE trusted LOGIN")
        yield server


def _has_tls(binaries: Binaries) -> bool:
    """Ask the server's program; it wants some folder for its data, but reads none."""
    words = ["-C", "ssl_library", "-D", "/", "-c", "config_file=/dev/null"]
    asked = subprocess.run([binaries.folder / "postgres", *words], capture_output=True, text=True, check=False)
    return asked.stdout.strip() == "OpenSSL"


def _prepare(supervisor: Supervisor) -> None:
    """Switch TLS on, and let the role `trusted` in without a password."""
    make_certificate(supervisor)
    data = supervisor.folder / "data"
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    rules = data / "pg_hba.conf"
    # The first rule that fits decides.
    rules.write_text(TRUSTED + rules.read_text())
