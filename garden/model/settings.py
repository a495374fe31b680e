"""What a site decides for itself: the values below ``plugins: - garden:`` in its mkdocs.yml.

Every default suits a site on any subject. `garden.source.settings` reads and checks the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Length:
    """How many words of prose a note has; 0 sets no limit. ``exempt`` are the paths of notes of any length."""

    fewest: int = 0
    most: int = 0
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Licenses:
    """Under which licenses others may use the notes and the snippets; empty if the site names none.

    That of the snippets is an identifier of SPDX: each file begins with it.
    """

    notes: str = ""
    snippets: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """What a snippet needs to use a server.

    ``packages`` are what its header lists for it besides what it imports. ``variables`` are those of the environment
    that lead to the server, with a value that a reader can replace; a server without any comes with Python.
    """

    packages: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a site.

    ``repository`` is the address of the repository on its code host: pages then link to the file to edit. ``proofs``
    tells whether a snippet that the tests have not proved is a problem. ``entry`` is the path of the note that readers
    arrive at, ``glossary`` that of the note that defines words. ``servers`` are those that the tests of the snippets
    have, by the names that snippets call them.
    """

    repository: str = ""
    proofs: Literal["optional", "required"] = "optional"
    entry: str = "index.md"
    glossary: str = "glossary.md"
    length: Length = field(default_factory=Length)
    licenses: Licenses = field(default_factory=Licenses)
    servers: Mapping[str, Server] = field(default_factory=dict)
