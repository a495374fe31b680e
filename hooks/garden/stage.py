"""A stage of a build: what it does, from what, and what comes of it.

The list of them in `build` is what a build runs, in that order; the same list is drawn where a note has an empty block
of the language ``stages``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

PROBLEMS = "problems"


class When(Enum):
    """When a stage runs; the text is for readers."""

    BEGIN = "once, when the build begins"
    NOTE = "for each note"
    END = "once, when every note has been read"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. ``takes`` and ``gives`` are attributes of the build; `PROBLEMS` is among ``gives`` if it finds any.

    ``modules`` are those that do the work. ``run`` is the method of the build; one for each note also takes that note.
    """

    does: str
    run: Callable[..., object]
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    modules: tuple[str, ...]
    when: When = When.BEGIN


def shown(attribute: str) -> str:
    """Return what a reader is told of an attribute of the build."""
    return attribute.strip("_").replace("_", " ")
