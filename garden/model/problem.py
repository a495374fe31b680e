"""A problem: where it is, what is wrong, what to write instead, and the rule that it breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from garden.model.rules import Rule, Severity, ToolRule

# Controls, line separators, marks that turn the direction of writing, what no encoding can print, and private marks.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff]+"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding, printed as ``docs/pooling.md:12: what is wrong; what to do [rule]``.

    ``file`` is the path as a contributor knows it, from the top of the repository. ``line`` counts from 1.
    ``instead`` is how serious it is where that differs from its rule: what is published has to be complete.
    """

    file: str
    line: int
    rule: Rule | ToolRule
    text: str
    instead: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        return self.instead or self.rule.severity

    @property
    def message(self) -> str:
        """What is wrong, and the rule; all on one line, whatever a hostile name holds."""
        return _plain(f"{self.text} [{self.rule}]")

    def __str__(self) -> str:
        return f"{_plain(self.file)}:{self.line}: {self.message}"


def _plain(text: str) -> str:
    """Return text that cannot move the cursor, forge a second line or reverse what follows."""
    return _UNPRINTABLE.sub(" ", text)
