"""The guard against reaching out: it names file, line, host and test, and nothing can swallow it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.snippets import network
from tests.snippets.network import GUARD, ReachedOut, is_this_machine

ADVICE = "take a server of tests/servers/"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", ""])
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["example.org", "10.0.0.1", "169.254.169.254", "fe80::1%eth0", "2001:db8::1"])
def test_another_machine(host: str) -> None:
    assert not is_this_machine(host)


def by_address() -> None:
    with socket.socket() as connection:
        connection.connect(("10.255.255.1", 80))


def by_name() -> None:
    socket.create_connection(("example.org", 80), timeout=1)


@pytest.mark.parametrize(("call", "line", "host"), [(by_address, 2, "10.255.255.1"), (by_name, 1, "example.org")])
def test_a_connection_is_refused_and_a_name_is_not_even_looked_up(
    call: Callable[[], None], line: int, host: str
) -> None:
    with GUARD.during("test_x") as told, pytest.raises(ReachedOut) as refused:
        call()
    place = f"tests/snippets/test_network.py:{call.__code__.co_firstlineno + line}"
    assert str(refused.value) == f"{place}: reaches out to {host} in test_x; {ADVICE}"
    assert told == [str(refused.value)]


def test_a_datagram_is_refused() -> None:
    with (
        GUARD.during("test_x"),
        pytest.raises(ReachedOut),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection,
    ):
        connection.sendto(b"x", ("10.255.255.1", 53))


def test_a_snippet_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "snippets/a/b.py"
    file.parent.mkdir(parents=True)
    file.write_text("import socket\n\n\ndef call():\n    socket.getaddrinfo('example.org', 80)\n")
    monkeypatch.setattr(network, "ROOT", tmp_path)
    given: dict[str, object] = {}
    exec(compile(file.read_text(), str(file), "exec"), given)
    with GUARD.during("test_it"), pytest.raises(ReachedOut) as refused:
        given["call"]()  # type: ignore[operator]
    assert str(refused.value) == f"snippets/a/b.py:5: reaches out to example.org in test_it; {ADVICE}"


def test_what_is_swallowed_in_a_thread_is_told_all_the_same() -> None:
    def swallow() -> None:
        with suppress(BaseException):
            socket.create_connection(("example.org", 80))

    with GUARD.during("test_x") as told:
        thread = threading.Thread(target=swallow)
        thread.start()
        thread.join()
    assert len(told) == 1


def test_this_machine_is_reached() -> None:
    with GUARD.during("test_x") as told, socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(("localhost", server.getsockname()[1])):
            pass
        assert socket.getaddrinfo(None, 80, type=socket.SOCK_STREAM)
    assert told == []


def test_outside_a_test_nothing_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect(("127.0.0.1", 9))


def test_every_test_of_a_snippet_is_guarded(request: pytest.FixtureRequest) -> None:
    assert "_no_network" in request.fixturenames
