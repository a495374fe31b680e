"""A real PgBouncer in front of the run's PostgreSQL, in the mode that a test asks for."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import make_url

from tests.servers.accounts import server_account
from tests.servers.ports import start_on_free_port
from tests.servers.postgres import Postgres
from tests.servers.supervisor import Supervisor

MISSING = "PgBouncer is missing: `apt-get install pgbouncer`"

Mode = Literal["session", "transaction"]

SETTINGS = """\
[databases]
* = host={server.host} port={server.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
admin_users = app
pool_mode = {mode}
default_pool_size = {pool_size}
max_client_conn = 200
"""


@dataclass(frozen=True, slots=True)
class PgBouncer:
    """A running PgBouncer. `url` leads through it to a database of the PostgreSQL behind."""

    host: str
    port: int
    mode: Mode
    pool_size: int

    def url(self, direct: str) -> str:
        """Return the URL for a database whose URL on the server itself is `direct`."""
        url = make_url(direct).set(host=self.host, port=self.port)
        return url.render_as_string(hide_password=False)


def find() -> Path | None:
    """Return where a PgBouncer is, or None."""
    # It is a server: it may be where a plain user's PATH does not lead.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])
    found = shutil.which("pgbouncer", path=path)
    return Path(found) if found else None


def version(program: Path) -> str:
    """Return the version of the program: `1.18.0`."""
    shown = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True, check=True)
    return shown.stdout.split()[1]


@contextmanager
def running(program: Path, server: Postgres, mode: Mode, pool_size: int) -> Iterator[PgBouncer]:
    """Run one for the length of the block, with up to `pool_size` connections to each database."""
    with closing(Supervisor("pgbouncer", user=server_account("postgres"))) as supervisor:
        folder = supervisor.folder
        log = folder / f"{program.name}.log"
        (folder / "users.txt").write_text(f'"app" "{server.password}"\n')

        def command(port: int) -> list[str | Path]:
            settings = SETTINGS.format(server=server, port=port, folder=folder, mode=mode, pool_size=pool_size)
            (folder / "pgbouncer.ini").write_text(settings)
            return [program, "pgbouncer.ini"]

        port = start_on_free_port(
            supervisor,
            command,
            ready=lambda: "process up" in log.read_text(),
            taken="Address already in use",
        )
        yield PgBouncer("127.0.0.1", port, mode, pool_size)
