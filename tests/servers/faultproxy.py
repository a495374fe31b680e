"""A bad network on loopback: a TCP proxy that delays, cuts, goes silent, or resets after n bytes.

Why not a library: toxiproxy is a program in Go that no Python package carries, and its Python client is
of 2019; `faulty`, the one such proxy in Python that we found, is a young alpha without silence or
resets, and its losses leave holes in the byte stream, which TCP never does. What is needed fits here.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

CHUNK = 65536
# Linger for no time at all: closing the socket then sends RST, not FIN.
RESET = struct.pack("ii", 1, 0)


class FaultProxy:
    """Listens at `host` and `port` and passes everything on to another address, both ways.

    It runs in a thread of its own, so that a test changes the weather while its client waits; when a
    method returns, the change is in force.
    """

    def __init__(self, target_host: str, target_port: int) -> None:
        self._target = (target_host, target_port)
        self._delay = 0.0
        self._bytes_left: int | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._requests: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy")
        self._thread.start()
        self._road = asyncio.Event()
        self._road.set()
        self._server = self._await(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.host, self.port = self._server.sockets[0].getsockname()

    def delay(self, seconds: float) -> None:
        """Hold back what arrives, in either direction, for so long: a round trip gains twice that."""
        self._do(lambda: setattr(self, "_delay", seconds))

    def go_silent(self) -> None:
        """Pass nothing on and close nothing: to its client the server just does not answer."""
        self._do(self._road.clear)

    def resume(self) -> None:
        """End a silence: pass on what was held back, then the rest."""
        self._do(self._road.set)

    def cut(self) -> None:
        """Close all connections politely, as a server does that shuts down; serve new ones."""
        self._do(self._cut)

    def reset(self) -> None:
        """Reset all connections, as a firewall does that has forgotten them; serve new ones."""
        self._do(self._reset)

    def reset_after(self, count: int) -> None:
        """Let `count` more bytes of answers through, all connections together; then reset all."""
        self._do(lambda: setattr(self, "_bytes_left", count))

    def close(self) -> None:
        """Stop listening, close all connections and end the thread."""
        self._await(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _await(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the proxy's thread, and wait for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _do(self, change: Callable[[], object]) -> None:
        async def in_the_thread() -> None:
            change()

        self._await(in_the_thread())

    async def _serve(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """Serve one client until either side closes."""
        task = asyncio.current_task()
        assert task
        self._requests.add(task)
        self._clients.add(to_client)
        try:
            with suppress(OSError, asyncio.CancelledError):
                from_server, to_server = await asyncio.open_connection(*self._target)
                try:
                    pumps = [
                        asyncio.ensure_future(self._pump(from_client, to_server)),
                        asyncio.ensure_future(self._pump(from_server, to_client, answers=True)),
                    ]
                    await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for pump in pumps:
                        pump.cancel()
                    await asyncio.gather(*pumps, return_exceptions=True)
                    to_server.close()
        finally:
            self._clients.discard(to_client)
            self._requests.discard(task)
            to_client.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False) -> None:
        """Pass on one direction, in whatever weather there is."""
        while chunk := await source.read(CHUNK):
            await asyncio.sleep(self._delay)
            await self._road.wait()
            if answers and self._bytes_left is not None:
                chunk = chunk[: self._bytes_left]
                self._bytes_left -= len(chunk)
            sink.write(chunk)
            await sink.drain()
            if answers and self._bytes_left == 0:
                self._bytes_left = None
                self._reset()

    def _cut(self) -> None:
        for client in self._clients:
            client.close()

    def _reset(self) -> None:
        for client in self._clients:
            client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        requests = list(self._requests)
        for request in requests:
            request.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
