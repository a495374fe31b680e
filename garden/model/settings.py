"""What a site decides for itself: the values below ``plugins: - garden:`` in its mkdocs.yml.

Every default suits a site on any subject. `garden.source.settings` reads and checks the values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Length:
    """How many words of prose a note has; 0 sets no limit. ``exempt`` are the paths of notes of any length."""

    fewest: int = 0
    most: int = 0
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a site.

    ``repository`` is the address of the repository on its code host: pages then link to the file to edit. ``proofs``
    tells whether a snippet that the tests have not proved is a problem. ``entry`` is the path of the note that readers
    arrive at, ``glossary`` that of the note that defines words.
    """

    repository: str = ""
    proofs: Literal["optional", "required"] = "optional"
    entry: str = "index.md"
    glossary: str = "glossary.md"
    length: Length = field(default_factory=Length)
