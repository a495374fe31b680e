"""A run that is killed leaves nothing of any kind of server behind: no process, no folder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.waiting import eventually

ROOT = Path(__file__).parents[2]

# A run that starts servers, names their folders, and waits to be ended, by us or with us.
RUN = """
import sys
from contextlib import ExitStack
from pathlib import Path
from tests.servers import gunicorn, mariadb, pgbouncer, postgres, supervisor

begin = supervisor.Supervisor.__init__

def begin_and_say_where(self, *arguments, **options):
    begin(self, *arguments, **options)
    print(self.folder)

supervisor.Supervisor.__init__ = begin_and_say_where
with ExitStack() as servers:
    {start}
    print("all are up", flush=True)
    sys.stdin.read()
"""

APP = """
def app(environ, start_response):
    start_response("200 OK", [])
    return []
"""

STARTS = {
    "mariadb": "servers.enter_context(mariadb.running(mariadb.find()))",
    "pgbouncer": """server = servers.enter_context(postgres.running(postgres.find()))
    servers.enter_context(pgbouncer.running(pgbouncer.find(), server, "session", 1))""",
    "gunicorn": "servers.enter_context(gunicorn.running(Path(sys.argv[1]), workers=2))",
}
NEEDED = {"mariadb": "mariadb_server", "pgbouncer": "pgbouncer", "gunicorn": "gunicorn"}


def processes_in(folders: list[Path]) -> set[int]:
    """Return the processes that work in one of these folders, be it removed or not. Linux only."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = str((process / "cwd").readlink())
        except OSError:
            continue
        if any(where.startswith(str(folder)) for folder in folders):
            found.add(int(process.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="there is no /proc to look for processes")
@pytest.mark.parametrize("kind", STARTS)
def test_nothing_is_left_of_a_killed_run(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    request.getfixturevalue(NEEDED[kind])
    app = tmp_path / "telling.py"
    app.write_text(APP)
    with subprocess.Popen(
        [sys.executable, "-c", RUN.format(start=STARTS[kind]), app],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        folders = []
        while (line := run.stdout.readline().strip()) and line != "all are up":
            folders.append(Path(line))
        assert line == "all are up"
        assert folders
        assert all(folder.exists() for folder in folders)
        # gunicorn's processes work in the application's folder.
        places = [*folders, tmp_path] if kind == "gunicorn" else folders
        assert len(processes_in(places)) >= len(folders)
        run.send_signal(signal.SIGKILL)
    assert eventually(lambda: not any(folder.exists() for folder in folders))
    assert eventually(lambda: not processes_in(places))
