"""A real MariaDB: the machine's own, on a data folder made for the run."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import Cursor

from tests.servers.accounts import server_account
from tests.servers.certificate import make_certificate
from tests.servers.ports import start_on_free_port
from tests.servers.supervisor import Supervisor

MISSING = "MariaDB is missing: `apt-get install mariadb-server`"

# The server's own root accounts have no password, and an account without a name would match first.
ACCOUNTS = """\
DELETE FROM mysql.global_priv WHERE User IN ('', 'root');
FLUSH PRIVILEGES;
CREATE USER root@'%' IDENTIFIED BY '{password}';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
CREATE USER app@'%' IDENTIFIED BY '{password}';
"""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The two programs that a server takes."""

    install_db: Path
    mariadbd: Path


@dataclass(frozen=True, slots=True)
class MariaDB:
    """A running server. `url` is a plain account's, as in production. `certificate` is the file to trust."""

    host: str
    port: int
    password: str
    version: str
    origin: str
    certificate: str | None

    def url(self, database: str) -> str:
        """Return the URL, in SQLAlchemy's form, with the PyMySQL driver."""
        return f"mariadb+pymysql://app:{self.password}@{self.host}:{self.port}/{database}"

    def connect(self) -> Connection[Cursor]:
        """Connect as the superuser, in autocommit mode."""
        return pymysql.connect(
            host=self.host, port=self.port, user="root", password=self.password, autocommit=True, ssl_disabled=True
        )


def find() -> Binaries | None:
    """Return where a MariaDB is, or None."""
    # The server itself is where a plain user's PATH does not lead.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])
    install_db, mariadbd = shutil.which("mariadb-install-db", path=path), shutil.which("mariadbd", path=path)
    return Binaries(Path(install_db), Path(mariadbd)) if install_db and mariadbd else None


@contextmanager
def running(binaries: Binaries, *, tls: bool = False) -> Iterator[MariaDB]:
    """Run a new, empty server for the length of the block; one that offers TLS, if asked for."""
    with closing(Supervisor("mariadb", user=server_account("mysql"))) as supervisor:
        folder = supervisor.folder
        password = secrets.token_hex(16)
        (folder / "accounts.sql").write_text(ACCOUNTS.format(password=password))
        # In a folder that servers share, one that starts removes the temporary tables of the others.
        supervisor.run(["mkdir", "tmp"])
        places = f"--no-defaults --datadir={folder}/data --tmpdir={folder}/tmp"
        # The data need not survive a power cut.
        places += " --debug-no-sync"
        words = f"{places} --auth-root-authentication-method=normal --skip-test-db"
        supervisor.run([binaries.install_db, *words.split()])
        # Names are not resolved, so the clients are 127.0.0.1.
        settings = f"{places} --socket={folder}/mariadb.sock --bind-address=127.0.0.1"
        settings += f" --init-file={folder}/accounts.sql --skip-name-resolve --skip-log-bin"
        settings += " --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=16M"
        if tls:
            make_certificate(supervisor)
            settings += f" --ssl-cert={folder}/server.crt --ssl-key={folder}/server.key"
        else:
            settings += " --skip-ssl"
        log = folder / f"{binaries.mariadbd.name}.log"
        port = start_on_free_port(
            supervisor,
            lambda port: [binaries.mariadbd, *settings.split(), f"--port={port}"],
            ready=lambda: "ready for connections" in log.read_text(errors="replace"),
            taken="Bind on TCP/IP port",
        )
        certificate = f"{folder}/server.crt" if tls else None
        server = MariaDB("127.0.0.1", port, password, "", str(binaries.mariadbd), certificate)
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            (shown,) = cursor.fetchone() or ("",)
        yield replace(server, version=shown.split("-")[0])


@contextmanager
def fresh_database(server: MariaDB) -> Iterator[str]:
    """Give the URL of an empty database for a plain account; drop it at the end of the block."""
    name = f"test_{secrets.token_hex(6)}"
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        cursor.execute(f"GRANT ALL ON {name}.* TO app@'%'")
    try:
        yield server.url(name)
    finally:
        with server.connect() as connection, connection.cursor() as cursor:
            # A test that failed may have left connections open, and their locks would stop the DROP.
            cursor.execute("KILL USER app")
            cursor.execute(f"DROP DATABASE {name}")
            cursor.execute(f"REVOKE ALL ON {name}.* FROM app@'%'")
