"""The Firefox that the machine has, driven by the protocol that it speaks itself: JSON over a socket."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import missing

PROGRAMS = ("firefox-esr", "firefox")
MISSING = "Firefox is not on this machine; on Debian: apt-get install firefox-esr"
SECONDS = 300  # to start, and for one answer, on a busy machine


class Firefox:
    """A window of a Firefox that has never been anywhere."""

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")
        self._sent = 0
        self._received()  # it says hello
        self._ask("WebDriver:NewSession", {})
        self._ask("WebDriver:SetTimeouts", {"script": 1000 * SECONDS, "pageLoad": 1000 * SECONDS})

    def goto(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._ask("WebDriver:Navigate", {"url": address})

    def evaluate(self, function: str, *arguments: object) -> Any:
        """Return what a JavaScript function in the page returns; a promise is awaited."""
        script = f"const done = arguments[arguments.length - 1]; Promise.resolve(({function})(...arguments)).then(done)"
        return self._ask("WebDriver:ExecuteAsyncScript", {"script": script, "args": arguments})["value"]

    def _ask(self, command: str, parameters: dict[str, object]) -> Any:
        self._sent += 1
        text = json.dumps([0, self._sent, command, parameters]).encode()
        self._stream.write(b"%d:%b" % (len(text), text))
        self._stream.flush()
        _, number, error, answer = self._received()
        assert (number, error) == (self._sent, None), error
        return answer

    def _received(self) -> Any:
        digits = b""
        while not digits.endswith(b":"):
            digits += self._stream.read(1)
        return json.loads(self._stream.read(int(digits[:-1])))


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Start a Firefox without a window, and close it in the end."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        missing(MISSING)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # It writes down which port it was given.
        Path(profile, "user.js").write_text('user_pref("marionette.port", 0);\n')
        command = [program, "--headless", "--marionette", "--no-remote", "--profile", profile]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                with socket.create_connection(("127.0.0.1", _port(Path(profile))), timeout=SECONDS) as connection:
                    yield Firefox(connection)
            finally:
                process.terminate()


def _port(profile: Path) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        file = profile / "MarionetteActivePort"
        if file.is_file() and file.read_text():
            return int(file.read_text())
        time.sleep(0.1)
    raise AssertionError("Firefox did not start")
