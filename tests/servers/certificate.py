"""A certificate for a server on loopback, made on the fly by the `openssl` program.

Wherever a PostgreSQL or MariaDB with TLS comes from a package, that program is there too; a wheel that
makes certificates (trustme) would bring a compiled library along for the same two files.
"""

from __future__ import annotations

import shutil

from tests.servers.supervisor import Supervisor

MISSING = "openssl is missing: `apt-get install openssl`"


def has_openssl() -> bool:
    """Tell whether a certificate can be made."""
    return shutil.which("openssl") is not None


def make_certificate(supervisor: Supervisor) -> None:
    """Write `server.crt` and `server.key` into the supervisor's folder, for its account alone."""
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    words += " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext keyUsage=digitalSignature,keyCertSign"
    supervisor.run(["openssl", *words.split(), "-keyout", "server.key", "-out", "server.crt"])
