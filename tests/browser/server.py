"""A web server for the built site, as a real one has it: the headers it asks for, a folder, compression."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from garden.publish import csp

# What hosts compress without being told to.
_COMPRESSED = {".html", ".js", ".css", ".json", ".wasm", ".svg", ".txt"}


@dataclass
class Site:
    """A site that is being served: its address, and the paths that were asked for, with the bytes of each answer."""

    address: str = ""
    asked: list[tuple[str, int]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)


@contextmanager
def serving(
    folder: Path,
    *,
    under: str = "/",
    compress: str = "",
    brotli: Path | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """Serve ``folder`` below the path ``under``, with compression ``gzip`` or ``br`` (from the files in ``brotli``).

    ``headers`` are sent with every answer; unless told otherwise, those that the site asks for.
    A request for what ``site.refuse`` names fails, and one for what ``site.cut`` names ends half-way.
    """
    site = Site()
    sent = csp.headers() if headers is None else headers
    packed: dict[Path, bytes] = {}

    def body_of(file: Path) -> tuple[bytes, str]:
        if file.suffix not in _COMPRESSED or not compress:
            return file.read_bytes(), ""
        if compress == "br":
            kept = (brotli or folder) / f"{file.name}.br"
            return (kept.read_bytes(), "br") if kept.is_file() else (file.read_bytes(), "")
        if file not in packed:
            packed[file] = gzip.compress(file.read_bytes(), 6)
        return packed[file], "gzip"

    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = folder / path.removeprefix(under).lstrip("/")
            if path.endswith("/"):
                file = file / "index.html"
            name = file.name
            if not path.startswith(under) or name in site.refuse or not file.is_file():
                self.send_error(404)
                return
            body, encoding = body_of(file)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(file)))
            self.send_header("Content-Length", str(len(body)))
            for header, value in sent.items():
                self.send_header(header, value)
            if encoding:
                self.send_header("Content-Encoding", encoding)
            self.end_headers()
            if name in site.cut:
                body = body[: len(body) // 2]
                self.close_connection = True
            site.asked.append((path, len(body)))
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        site.address = f"http://127.0.0.1:{server.server_port}{under}"
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
