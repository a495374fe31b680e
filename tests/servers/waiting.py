"""Waiting for what another process does: by asking, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE_SECONDS = 30.0


def eventually(holds: Callable[[], bool], *, pause: float = 0.02) -> bool:
    """Tell whether something becomes true before the deadline; ask again after each ``pause``, in seconds."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
