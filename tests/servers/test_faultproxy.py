"""The bad network: each kind of weather, and that nothing of it stays."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from time import monotonic

import pytest

from tests.servers.faultproxy import FaultProxy


def echo(listener: socket.socket) -> None:
    """Send back what comes, to each client, until the listener closes."""

    def serve(client: socket.socket) -> None:
        with client:
            while data := client.recv(1024):
                client.sendall(data)

    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=[client], daemon=True).start()


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    """A proxy in front of a server that sends everything back."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=echo, args=[listener])
        server.start()
        with closing(FaultProxy(*listener.getsockname())) as proxy:
            yield proxy
        listener.shutdown(socket.SHUT_RDWR)
        server.join()


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[socket.socket]:
    """A client of it."""
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as client:
        yield client


def test_in_fair_weather_everything_comes_through(client: socket.socket) -> None:
    sent = bytes(range(256)) * 2000
    threading.Thread(target=client.sendall, args=[sent]).start()
    received = b""
    while len(received) < len(sent):
        received += client.recv(65536)
    assert received == sent


def test_an_end_is_passed_on(client: socket.socket) -> None:
    client.shutdown(socket.SHUT_WR)
    assert client.recv(10) == b""


def test_delay_lengthens_a_round_trip_by_twice_its_seconds(proxy: FaultProxy, client: socket.socket) -> None:
    proxy.delay(0.1)
    started = monotonic()
    client.sendall(b"hello")
    assert client.recv(10) == b"hello"
    assert monotonic() - started >= 0.2


def test_silence_ends_with_what_was_held_back(proxy: FaultProxy, client: socket.socket) -> None:
    proxy.go_silent()
    client.sendall(b"hello")
    client.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.recv(10)
    proxy.resume()
    client.settimeout(10)
    assert client.recv(10) == b"hello"


def test_cut_is_an_end_and_new_clients_are_served(proxy: FaultProxy, client: socket.socket) -> None:
    client.sendall(b"hello")
    assert client.recv(10) == b"hello"
    proxy.cut()
    assert client.recv(10) == b""
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as new:
        new.sendall(b"again")
        assert new.recv(10) == b"again"


def test_reset_is_an_error(proxy: FaultProxy, client: socket.socket) -> None:
    client.sendall(b"hello")
    assert client.recv(10) == b"hello"
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        client.recv(10)


@pytest.mark.parametrize("count", [0, 3])
def test_reset_after_so_many_bytes_of_answer(count: int, proxy: FaultProxy, client: socket.socket) -> None:
    proxy.reset_after(count)
    client.sendall(b"hello")
    if count:
        assert client.recv(10) == b"hello"[:count]
    with pytest.raises(ConnectionResetError):
        client.recv(10)
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as new:
        new.sendall(b"again")
        assert new.recv(10) == b"again"


def test_it_ends_with_clients_connected_and_in_any_weather() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with closing(FaultProxy(*listener.getsockname())) as proxy:
            client = socket.create_connection((proxy.host, proxy.port), timeout=10)
            server, _ = listener.accept()
            proxy.go_silent()
            client.sendall(b"hello")
        assert client.recv(10) == b""
        assert server.recv(10) == b""
        client.close()
        server.close()
    assert "fault proxy" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((proxy.host, proxy.port), timeout=10)


def test_a_target_that_is_not_there_is_an_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nowhere = listener.getsockname()
    with (
        closing(FaultProxy(*nowhere)) as proxy,
        socket.create_connection((proxy.host, proxy.port), timeout=10) as client,
    ):
        assert client.recv(10) == b""
