"""A small process that owns servers and their folder, so that neither outlives the test run.

The run holds one end of a pipe and the supervisor reads the other. Whatever ends the run, `kill -9`
included, closes the pipe; the supervisor then stops what it started and removes the folder. A pipe
needs no signal, no timer and nothing that only Linux has.

This file is both ends: `Supervisor` is the run's end, and run as a program it is the supervisor.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STOP_SECONDS = 20.0
RUN_SECONDS = 120.0


class ServerError(Exception):
    """A server, or a command that prepares one, failed; the text says how."""


class Supervisor:
    """The run's end: starts a supervising process, and has it run commands in a folder of its own.

    `user` names the account that the commands run as (needs root); None keeps ours.
    """

    def __init__(self, name: str, user: str | None = None) -> None:
        # A session of its own: neither Ctrl-C nor a signal to the run's process group may end it
        # before it has cleaned up.
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__, name, user or ""],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._requests, self._replies = self._process.stdin, self._process.stdout
        # A forked child that outlives the run would hold the pipe open.
        os.register_at_fork(after_in_child=self._requests.close)
        self.folder = Path(self._reply())

    def run(self, command: Sequence[str | Path]) -> str:
        """Run a command to its end and return what it printed; ServerError if it fails."""
        return str(self._ask("run", command))

    def start(
        self,
        command: Sequence[str | Path],
        stop: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Start a server and return its process id; `stop` is the signal that ends it politely.

        What it prints goes to a file in the folder named after the program: `postgres.log`.
        `environment` is added to the little that it gets: a PATH and a locale.
        """
        return int(self._ask("start", command, stop=stop.value, environment=dict(environment or {})))

    def is_running(self, pid: int) -> bool:
        """Tell whether a server that `start` returned still runs."""
        return bool(self._ask("poll", pid=pid))

    def close(self) -> None:
        """Stop every server, remove the folder, and wait until that is done."""
        self._requests.close()
        self._process.wait()
        self._replies.close()

    def _ask(self, verb: str, command: Sequence[str | Path] = (), **values: object) -> Any:
        request = {"verb": verb, "command": [str(word) for word in command], **values}
        self._requests.write(json.dumps(request).encode() + b"\n")
        return self._reply()

    def _reply(self) -> Any:
        line = self._replies.readline()
        if not line:
            raise ServerError("the supervisor ended too early")
        reply = json.loads(line)
        if "error" in reply:
            raise ServerError(reply["error"])
        return reply["value"]


def supervise(name: str, user: str) -> None:
    """The supervisor's end: serve requests until the pipe closes, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit())
    account = pwd.getpwnam(user) if user else None
    # Not the user's TMPDIR: another account must reach the folder, and the path of a UNIX socket
    # has room for about 100 bytes.
    folder = Path(tempfile.mkdtemp(prefix=f"pooling-{name}-", dir="/tmp"))
    servers: list[tuple[subprocess.Popen[bytes], int]] = []
    child: dict[str, Any] = {
        "cwd": folder,
        "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        "start_new_session": True,
    }
    if account:
        child |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def answer(request: dict[str, Any]) -> str | int | bool:
        command = request["command"]
        match request["verb"]:
            case "run":
                done = subprocess.run(command, stdout=subprocess.PIPE, timeout=RUN_SECONDS, **child)
                text = str(done.stdout, errors="replace")
                if done.returncode:
                    raise ServerError(f"{command[0]} failed:\n{text}")
                return text
            case "start":
                with (folder / f"{Path(command[0]).name}.log").open("ab") as log:
                    environment = child["env"] | request["environment"]
                    server: subprocess.Popen[bytes] = subprocess.Popen(
                        command, stdout=log, **(child | {"env": environment})
                    )
                servers.append((server, request["stop"]))
                return int(server.pid)
            case _:
                alive = {server.pid for server, _ in servers if server.poll() is None}
                return request["pid"] in alive

    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        print(json.dumps({"value": str(folder)}), flush=True)
        for line in sys.stdin:
            try:
                reply = {"value": answer(json.loads(line))}
            except (ServerError, OSError, subprocess.SubprocessError) as error:
                reply = {"error": str(error)}
            print(json.dumps(reply), flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for server, stop in reversed(servers):
            _end(server, stop)
        shutil.rmtree(folder, ignore_errors=True)


def _end(server: subprocess.Popen[bytes], stop: int) -> None:
    """Ask a server to stop; if it does not, kill it with the processes of its group."""
    if server.poll() is None:
        server.send_signal(stop)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


if __name__ == "__main__":
    supervise(*sys.argv[1:])
