"""The snippets as the tests see them: their text, their header, the servers they name."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from garden.model.settings import Settings

if sys.version_info >= (3, 11):  # pragma: no branch
    import tomllib
else:  # pragma: no cover  (where the matrix runs the oldest Python)
    import tomli as tomllib  # comes with pytest there

MARKER = re.compile(r"^# --8<-- \[(?P<kind>start|end):(?P<name>[a-z][a-z0-9_]*)\]$")
# As PEP 723 gives it.
HEADER = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
SERVERS = re.compile(r"(?m)^Servers: (?P<names>[^.]+)\.")


@dataclass(frozen=True)
class Snippet:
    """One file under snippets/, in a site with these settings."""

    path: Path
    settings: Settings = field(compare=False)

    @property
    def root(self) -> Path:
        """The top of the repository."""
        return self.path.parents[self.settings.folders.snippets.count("/") + 2]

    @property
    def key(self) -> str:
        """Its name everywhere: `topic/name`."""
        return "/".join(self.path.with_suffix("").parts[-2:])

    @property
    def is_antipattern(self) -> bool:
        """Whether it shows what not to do."""
        return self.path.parent.name == self.settings.folders.antipatterns

    @property
    def source(self) -> str:
        """The file's text, as it is now."""
        return self.path.read_text(encoding="utf-8")

    @property
    def pasted(self) -> str:
        """What a reader gets who copies the whole file: all but the lines that mark regions."""
        return "".join(line for line in self.source.splitlines(keepends=True) if not MARKER.match(line.rstrip("\n")))

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.source)

    @property
    def docstring(self) -> str:
        """The module's docstring."""
        return ast.get_docstring(self.tree) or ""

    @property
    def header(self) -> dict[str, Any]:
        """The PEP 723 header."""
        found = HEADER.search(self.source)
        if not found:
            return {}
        return tomllib.loads("".join(line[2:] or "\n" for line in found["content"].splitlines(keepends=True)))

    @property
    def named_servers(self) -> list[str]:
        """The servers that its docstring names, as it writes them."""
        found = SERVERS.search(self.docstring)
        return [" ".join(name.split()) for name in found["names"].split(",")] if found else []

    @property
    def servers(self) -> list[str]:
        """The servers that its docstring names, in small letters; the first is its default."""
        return [name.lower() for name in self.named_servers]

    def kept_output(self, server: str) -> Path:
        """Where its output on a server is kept: `name.out`, `name.server.out`.

        Without a name, it is that of a snippet that names no server.
        """
        return self.path.with_suffix(".out" if server in ("", *self.servers[:1]) else f".{server}.out")

    @property
    def test(self) -> Path:
        """The file with its tests."""
        return self.root / self.settings.folders.tests / self.path.parent.name / f"test_{self.path.stem}.py"

    def shown(self, file: Path) -> str:
        """Return the path of a file of this repository as messages show it: `snippets/topic/name.py`."""
        return file.relative_to(self.root).as_posix()


def all_snippets(root: Path, settings: Settings) -> list[Snippet]:
    """Return every snippet of the repository at ``root``, in the order of their keys."""
    return [Snippet(path, settings) for path in sorted((root / settings.folders.snippets).glob("*/*.py"))]
