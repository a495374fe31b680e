"""Nothing outlives a run: no process, no folder, whatever ended the run."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import postgres, supervisor
from tests.servers.supervisor import ServerError, Supervisor
from tests.servers.waiting import eventually, is_alive

ROOT = Path(__file__).parents[2]

# A run that starts a server, says where it is, and waits to be ended, by us or with us.
RUN = """
import signal, sys
from pathlib import Path
from tests.servers import postgres
# A run that was started in the background inherits that SIGINT is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
binaries = postgres.Binaries(Path(sys.argv[1]), "")
with postgres.running(binaries) as server, server.connect() as connection:
    folder, = connection.execute("SHOW unix_socket_directories").fetchone()
    print(folder, (Path(folder) / "data" / "postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.read()
"""


def postgres_binaries() -> Path:
    """Return where the run's PostgreSQL is; the fixture has found one before."""
    binaries = postgres.find()
    assert binaries
    return binaries.folder


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_of_a_run_that_was_ended(postgres: str, number: signal.Signals) -> None:
    binaries = postgres_binaries()
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(binaries)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as run:
        assert run.stdout
        folder_text, pid_text = run.stdout.readline().split()
        folder, pid = Path(folder_text), int(pid_text)
        assert folder.exists()
        assert is_alive(pid)
        run.send_signal(number)
    assert eventually(lambda: not folder.exists())
    assert not is_alive(pid)


def test_a_server_that_ignores_its_signal_is_killed_with_its_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stubborn = """if True:
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("ready", flush=True)
        time.sleep(600)
    """
    process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout
    assert process.stdout.readline()
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.1)
    supervisor._end(process, signal.SIGTERM)
    assert process.returncode == -signal.SIGKILL
    process.stdout.close()


def test_two_supervisors_have_nothing_in_common() -> None:
    with closing(Supervisor("test")) as one, closing(Supervisor("test")) as other:
        assert one.folder != other.folder
        pid = one.start(["sleep", "600"])
        assert one.is_running(pid)
        assert not other.is_running(pid)
    assert not is_alive(pid)
    assert not one.folder.exists()
    assert not other.folder.exists()


def test_a_command_that_fails_says_how() -> None:
    with closing(Supervisor("test")) as one:
        assert one.run(["echo", "hello"]) == "hello\n"
        with pytest.raises(ServerError, match=r"ls failed:\n.*nowhere"):
            one.run(["ls", "nowhere"])
        with pytest.raises(ServerError, match="no-such-program"):
            one.start(["no-such-program"])
