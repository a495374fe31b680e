"""Waiting for what another process does: by asking, with a deadline."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

DEADLINE_SECONDS = 30.0
PAUSE_SECONDS = 0.005


def eventually(holds: Callable[[], bool]) -> bool:
    """Tell whether something becomes true before the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def is_alive(process: int) -> bool:
    """Tell whether a process exists. No event says when another's child has ended, so this is asked again."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
