"""What a link means: the note, heading, block or file that it names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from .names import Names, key
from .note import Note

_PIPE = re.compile(r"\\?\|")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OUTSIDE = ("http:", "https:", "mailto:", "tel:")


class Fault(ValueError):
    """A link that leads nowhere, or to more than one place; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A place in a note: a chain of headings, or an id as it stands in the page (``^name`` for a block)."""

    chain: tuple[str, ...] = ()
    ident: str = ""

    def __str__(self) -> str:
        return "".join(f"#{part}" for part in self.chain or (self.ident,) if part)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a note or a place in it. ``written`` is how the author wrote it."""

    written: str
    note: Note
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class Embed:
    """A note, or a part of one, shown in the place of the embed."""

    link: Link


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is no note; ``url`` counts from the top of the site."""

    written: str
    url: str


@dataclass(frozen=True, slots=True)
class Query:
    """A list computed from the notes. ``source`` is its text."""

    source: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that is shown as text."""

    written: str


Slot = Link | Embed | Asset | Query | Broken


@dataclass(frozen=True, slots=True)
class Wikilink:
    """The parts of ``[[name#chain|label]]``."""

    whole: str
    name: str
    fragment: Fragment
    labels: tuple[str, ...]


def parse(inner: str) -> Wikilink:
    r"""Split what stands between ``[[`` and ``]]``. In a table the pipe is written ``\|``."""
    target, *labels = _PIPE.split(" ".join(inner.split()))
    name, _, rest = target.partition("#")
    parts = tuple(part.strip() for part in rest.split("#") if part.strip())
    fragment = Fragment(ident=parts[-1]) if parts and parts[-1].startswith("^") else Fragment(parts)
    return Wikilink(target.strip(), name.strip(), fragment, tuple(label.strip() for label in labels))


class Targets:
    """Everything that a link can lead to."""

    def __init__(self, notes: Iterable[Note], assets: dict[str, str]) -> None:
        """``assets`` maps the path of each file that is no note to its address on the site."""
        notes = list(notes)
        self.names = Names(notes)
        self._notes = {note.path: note for note in notes}
        self._assets = assets
        self._asset_names: dict[str, list[str]] = {}
        for path in assets:
            parts = path.split("/")
            for start in range(len(parts)):
                self._asset_names.setdefault(key("/".join(parts[start:])), []).append(path)

    def wikilink(self, link: Wikilink, origin: Note) -> Link | Asset:
        """Return what a wikilink in ``origin`` names; raise `Fault` if that is nothing, or more than one note."""
        written = f"[[{link.whole}]]"
        if not link.name:
            if not str(link.fragment):
                raise Fault(f"{written} names nothing; write a title, file name or alias of a note in it")
            return Link(written, origin, link.fragment)
        if exact := self.names.find(link.whole, origin.folder):
            # A name that holds a `#` of its own.
            return Link(written, self._one(exact, written, link, whole=True), Fragment())
        for name in dict.fromkeys((link.name, link.name.removesuffix(".md"), unquote(link.name))):
            if found := self.names.find(name, origin.folder):
                return Link(written, self._one(found, written, link), link.fragment)
        if files := self._asset_names.get(key(link.name.removeprefix("/"))):
            if len(files) > 1:
                raise Fault(f"{len(files)} files are called {written}: {', '.join(files)}; write more of the path")
            return Asset(written, self._assets[files[0]])
        nearest = self.names.nearest(link.name)
        advice = f"did you mean [[{nearest}]]?" if nearest else "write the title, file name or alias of a note"
        raise Fault(f"no note is called [[{link.name}]]; {advice}")

    def _one(self, found: list[Note], written: str, link: Wikilink, *, whole: bool = False) -> Note:
        if len(found) == 1:
            return found[0]
        rest = "" if whole else str(link.fragment)
        spellings = " or ".join(f"[[{self.names.shortest(note)}{rest}]]" for note in found)
        files = ", ".join(note.shown for note in found)
        raise Fault(f"{len(found)} notes are called {written}: {files}; write {spellings}")

    def address(self, href: str, origin: Note) -> Link | Asset | None:
        """Return what the address of a plain Markdown link names; None if it leads out of the site."""
        if href.lower().startswith(_OUTSIDE) or href.startswith("//"):
            return None
        if _SCHEME.match(href):
            scheme = href.partition(":")[0]
            raise Fault(
                f"a link with `{scheme}:` is refused; links begin with https:, http:, mailto: or tel:, or are paths"
            )
        path, _, ident = href.partition("#")
        ident = unquote(ident)
        if not path:
            return Link(href, origin, Fragment(ident=ident))
        plain = unquote(path.partition("?")[0])
        if plain.startswith("/"):
            raise Fault(f"{href} counts from the top of the site, which may move; write a path relative to this note")
        wanted = posixpath.normpath(posixpath.join(origin.folder, plain))
        if wanted in self._notes:
            return Link(href, self._notes[wanted], Fragment(ident=ident))
        if wanted in self._assets:
            return Asset(href, self._assets[wanted])
        raise Fault(self._nowhere(href, plain, wanted, origin))

    def _nowhere(self, href: str, plain: str, wanted: str, origin: Note) -> str:
        found = self.names.find("/" + wanted.removesuffix("/")) if not wanted.startswith("..") else []
        if not found:
            nearest = self.names.nearest(posixpath.basename(plain.rstrip("/")).removesuffix(".md"))
            found = self.names.find(nearest) if nearest else []
        if not found:
            return f"no file is at {href}; write the path of a file below the notes' folder, relative to this note"
        path = posixpath.relpath(found[0].path, origin.folder or ".")
        return f"no file is at {href}; did you mean {path.replace(' ', '%20')}?"
