"""No snippet reaches out to other machines while it is tested: its tests pass on a train, and tell nobody anything."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.snippets.catalog import ROOT

_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class ReachedOut(BaseException):
    """A snippet asked for a host that is not this machine. No `except Exception` in it may hide that."""


class Guard:
    """Refuses what Python's sockets are asked to do beyond this machine. Python never lets go of an audit hook: one."""

    def __init__(self) -> None:
        self._test: str | None = None
        self._told: list[str] = []
        self._installed = False

    @contextmanager
    def during(self, test: str) -> Iterator[list[str]]:
        """Refuse it while a test runs; the list gets what was refused."""
        if not self._installed:
            sys.addaudithook(self._hear)
            self._installed = True
        before = self._test, self._told
        self._test, self._told = test, []
        try:
            yield self._told
        finally:
            self._test, self._told = before

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._test is None or (event not in _EVENTS and event not in _NAMES):
            return
        host = _host(event, arguments)
        if host is None or is_this_machine(host):
            return
        what = f"{_where(sys._getframe(1))}: reaches out to {host} in {self._test}; take a server of tests/servers/"
        self._told.append(what)
        raise ReachedOut(what)


def is_this_machine(host: str) -> bool:
    """Tell whether a name or an address is that of this machine."""
    if host in ("", "localhost", "localhost.localdomain", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _host(event: str, arguments: tuple[Any, ...]) -> str | None:
    """Return the host that an event is about; None if it is about none, as with sockets that are files."""
    given = arguments[0] if event in _NAMES else arguments[1]
    if isinstance(given, tuple):
        given = given[0]
    elif event in _EVENTS:
        return None
    return given.decode(errors="replace") if isinstance(given, bytes) else str(given or "")


def _where(frame: FrameType | None) -> str:
    """Return the file and line of a snippet, or else of its test, that an event comes from."""
    places = []
    while frame:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT):
            places.append(f"{path.relative_to(ROOT).as_posix()}:{frame.f_lineno}")
        frame = frame.f_back
    snippets = [place for place in places if place.startswith("snippets/")]
    tests = [place for place in places if place.startswith("tests/snippets/")]
    return next(iter(snippets or tests or places), "snippets")


GUARD = Guard()
