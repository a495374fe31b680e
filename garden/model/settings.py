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
class Folders:
    """Where a site keeps what belongs to its notes, counted from the top of the repository.

    ``snippets`` holds a folder for each topic, ``tests`` their tests in folders of the same names, ``records`` what
    measuring programs wrote, beside the programs. ``antipatterns`` is the topic of snippets that nobody should copy.
    """

    snippets: str = "snippets"
    tests: str = "tests/snippets"
    records: str = "records"
    antipatterns: str = "antipatterns"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a site.

    ``repository`` is the address of the repository on its code host: pages then link to the file to edit. ``proofs``
    tells whether a snippet that the tests have not proved is a problem. ``entry`` is the path of the note that readers
    arrive at, ``glossary`` that of the note that defines words. ``servers`` are those that the tests of the snippets
    have, by the names that snippets call them. ``common_tests`` are the files in the folder of tests that test every
    snippet: no snippet is proved without them. ``released_urls`` is the file with the addresses that the last release
    had, ``requirements`` are those with the versions that the site's programs use. ``synonyms`` is the path, in the
    notes' folder, of the file with other words for what the notes say; empty if there is none.
    """

    repository: str = ""
    proofs: Literal["optional", "required"] = "optional"
    entry: str = "index.md"
    glossary: str = "glossary.md"
    folders: Folders = field(default_factory=Folders)
    length: Length = field(default_factory=Length)
    licenses: Licenses = field(default_factory=Licenses)
    servers: Mapping[str, Server] = field(default_factory=dict)
    common_tests: tuple[str, ...] = ()
    released_urls: str = "released-urls.txt"
    requirements: tuple[str, ...] = ("requirements.txt",)
    synonyms: str = ""
