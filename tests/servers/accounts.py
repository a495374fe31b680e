"""The account that a server runs as, where it refuses to run as root."""

from __future__ import annotations

import os
import pwd

from tests.servers.supervisor import ServerError


def server_account(preferred: str) -> str | None:
    """Return `preferred` or `nobody`, whichever this machine has; None, our own, if we are not root."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name for account in pwd.getpwall()}
    for name in (preferred, "nobody"):
        if name in accounts:
            return name
    raise ServerError(f"the server refuses to run as root, and there is no user `{preferred}` or `nobody`")
