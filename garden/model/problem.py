"""A problem: where it is, what is wrong, what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Controls, line separators, marks that turn the direction of writing, what no encoding can print, and private marks.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff]+"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding, printed as ``docs/pooling.md:12: what is wrong; what to do``.

    ``file`` is the path as a contributor knows it, from the top of the repository. ``line`` counts from 1.
    ``fatal`` tells whether a strict build fails because of it. If it does not, the tests of this repository do,
    unless it is only ``advice``.
    """

    file: str
    line: int
    text: str
    fatal: bool = True
    advice: bool = False

    def __str__(self) -> str:
        # A name from a hostile note must not move the cursor, forge a second line or reverse the text.
        return _UNPRINTABLE.sub(" ", f"{self.file}:{self.line}: {self.text}")
