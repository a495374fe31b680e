"""The existing name closest to a misspelled one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

# Suggestions are for people. Past this many misses nobody reads them, and each costs a comparison with every name.
_SUGGESTIONS = 64
# Names in one message.
SHOWN = 8
# A longer name was not misspelled but pasted.
_LONGEST = 200


class Suggester:
    """Suggestions from ``names``, which maps what is compared to what is shown; asked for when first needed."""

    def __init__(self, names: Callable[[], Mapping[str, str]]) -> None:
        self._load = names
        self._names: Mapping[str, str] | None = None
        self._found: dict[str, str | None] = {}

    def __call__(self, wanted: str) -> str | None:
        """Return the name closest to ``wanted``, or None if nothing is close."""
        if wanted not in self._found:
            if len(self._found) == _SUGGESTIONS or len(wanted) > _LONGEST:
                return None
            if self._names is None:
                self._names = self._load()
            close = difflib.get_close_matches(wanted, self._names, n=1, cutoff=0.7)
            self._found[wanted] = self._names[close[0]] if close else None
        return self._found[wanted]


def did_you_mean(close: str | None, otherwise: str, form: str = "`{}`") -> str:
    """Return the question whether ``close`` is meant, written as ``form`` says; without one, ``otherwise``."""
    return f"did you mean {form.format(close)}?" if close else otherwise


def listing(things: Sequence[T], show: Callable[[T], str] = str) -> str:
    """Return in words the first few of ``things``, and how many there are besides."""
    more = len(things) - SHOWN
    return ", ".join(map(show, things[:SHOWN])) + (f" and {more} more" if more > 0 else "")
