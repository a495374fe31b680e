"""What a link means: the note, heading, block or file that it names."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from garden.links.names import Names, key
from garden.model.note import Note
from garden.model.reference import Asset, Fault, Fragment, Link
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import urls
from garden.source.suggest import SHOWN, Suggester, did_you_mean, listing

_PIPE = re.compile(r"\\?\|")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ATTACHMENT = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|pdf|csv|zip|mp3|mp4|webm)$", re.IGNORECASE)
# Characters that mean something else in the address of a link.
_RESERVED = re.compile(r"[\s%#?()<>]")
_OUTSIDE = ("http:", "https:", "mailto:", "tel:")


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


class Resolver:
    """Everything that a link can lead to."""

    def __init__(self, notes: Iterable[Note], assets: Mapping[str, str], report: Report) -> None:
        """``assets`` maps the path of each file that is no note to its address on the site."""
        notes = list(notes)
        self.names = Names(notes, report)
        self._notes = {_composed(note.path): note for note in notes}
        self._assets = {_composed(path): url for path, url in assets.items()}
        self._asset_names: dict[str, list[str]] = {}
        for path in self._assets:
            parts = path.split("/")
            for start in range(len(parts)):
                self._asset_names.setdefault(key("/".join(parts[start:])), []).append(path)
        self._nearest_asset = Suggester(lambda: {key(name): name for name in map(posixpath.basename, self._assets)})

    @property
    def files(self) -> Mapping[str, str]:
        """The files that are no notes, by path, each with its address."""
        return self._assets

    def wikilink(self, link: Wikilink, origin: Note) -> Link | Asset:
        """Return what a wikilink in ``origin`` names; raise `Fault` if that is nothing, or more than one note."""
        written = f"[[{link.whole}]]"
        if not link.name:
            if not str(link.fragment):
                what = "this link names nothing; write a note's title, file name or alias between [[ and ]]"
                raise Fault(Rule.LINK_EMPTY, what)
            return Link(written, origin, link.fragment)
        if exact := self.names.find(link.whole, origin.folder):
            # A name that holds a `#` of its own.
            return Link(written, self._one(exact, written, link, whole=True), Fragment())
        for name in dict.fromkeys((link.name, link.name.removesuffix(".md"), unquote(link.name))):
            if found := self.names.find(name, origin.folder):
                note = self._one(found, written, link)
                return Link(written, note, _test(note, link.fragment))
            if files := self._files(name, origin.folder):
                if len(files) > 1:
                    spellings = " or ".join(f"[[{self._shortest(path)}]]" for path in files[:SHOWN])
                    raise Fault(Rule.LINK_AMBIGUOUS, f"{len(files)} files are called {written}; write {spellings}")
                return Asset(written, self._assets[files[0]] + _place(link.fragment))
        if _ATTACHMENT.search(link.name):
            advice = did_you_mean(self._nearest_asset(key(link.name)), "put it into the notes' folder", "[[{}]]")
            raise Fault(Rule.LINK_MISSING, f"no file is called [[{link.name}]]; {advice}")
        nearest = self.names.nearest(link.name) or self.names.nearest(posixpath.basename(link.name))
        advice = did_you_mean(nearest, "write the title, file name or alias of a note", "[[{}]]")
        what = f"no note is called [[{link.name}]]; {advice}"
        raise Fault(Rule.LINK_MISSING, what, self.names.find(nearest or ""))

    def _one(self, found: list[Note], written: str, link: Wikilink, *, whole: bool = False) -> Note:
        if len(found) == 1:
            return found[0]
        rest = "" if whole else str(link.fragment)
        spellings = " or ".join(f"[[{self.names.shortest(note)}{rest}]]" for note in found[:SHOWN])
        files = listing([note.shown for note in found])
        what = f"{len(found)} notes are called {written}: {files}; write {spellings}"
        raise Fault(Rule.LINK_AMBIGUOUS, what, found)

    def address(self, href: str, origin: Note) -> Link | Asset | None:
        """Return what the address of a plain Markdown link names; None if it leads out of the site."""
        if href.lower().startswith(_OUTSIDE) or href.startswith("//"):
            return None
        if _SCHEME.match(href):
            scheme = href.partition(":")[0]
            what = f"a link with `{scheme}:` is refused; links begin with https:, http:, mailto: or tel:, or are paths"
            raise Fault(Rule.LINK_SCHEME, what)
        if not href:
            raise Fault(Rule.LINK_EMPTY, "a link has no address; write one between its parentheses")
        path, _, ident = href.partition("#")
        ident = unquote(ident)
        if not path:
            return Link(href, origin, Fragment(ident=ident))
        plain = unquote(path.partition("?")[0])
        wanted = _composed(posixpath.normpath(posixpath.join(origin.folder, plain)))
        if plain.startswith("/"):
            close = self._closest(wanted[1:])
            advice = relative(close, origin) if close else "a path relative to this note"
            what = f"{href} counts from the top of the site, which may move; write {advice}"
            raise Fault(Rule.LINK_ABSOLUTE, what, self._notes_at(close))
        if wanted in self._notes:
            return Link(href, self._notes[wanted], Fragment(ident=ident))
        if wanted in self._assets:
            return Asset(href, self._assets[wanted] + _place(Fragment(ident=ident)))
        close = self._closest(wanted)
        advice = did_you_mean(close and relative(close, origin), "write a path relative to this note")
        raise Fault(Rule.LINK_MISSING, f"no file is at {href}; {advice}", self._notes_at(close))

    def _notes_at(self, path: str) -> list[Note]:
        return [self._notes[path]] if path in self._notes else []

    def _closest(self, wanted: str) -> str:
        """Return the path of what is most likely meant by another; empty if nothing is."""
        name = posixpath.basename(wanted).removesuffix(".md")
        if wanted in self._assets:
            found = [wanted]
        elif _ATTACHMENT.search(name):
            found = self._asset_names.get(key(self._nearest_asset(key(name)) or ""), [])
        else:
            notes = self.names.find(f"/{wanted}") or self.names.find(self.names.nearest(name) or "")
            found = [note.path for note in notes]
        return found[0] if found else ""

    def _files(self, name: str, folder: str) -> list[str]:
        """Return the paths of the files called ``name``, which may be a part of the path, or lead from a place."""
        if not name.startswith(("/", "./", "../")):
            return self._asset_names.get(key(name), [])
        wanted = key(posixpath.normpath(posixpath.join("/", folder, name))[1:])
        return [path for path in self._asset_names.get(wanted, []) if key(path) == wanted]

    def _shortest(self, path: str) -> str:
        return path if len(self._asset_names[key(path)]) == 1 else f"/{path}"


def relative(path: str, origin: Note) -> str:
    """Return the address of the file at ``path``, as a plain Markdown link in ``origin`` writes it."""
    return _RESERVED.sub(lambda m: quote(m[0]), posixpath.relpath(path, origin.folder or "."))


def _test(note: Note, fragment: Fragment) -> Fragment:
    """Return the place of a test on the page of its snippet; other fragments are returned as they are."""
    name = "#".join(fragment.chain)
    if not name.startswith("test_") or not note.generated:
        return fragment
    if name not in note.tests:
        nearest = Suggester(lambda: {test: test for test in note.tests})(name)
        advice = did_you_mean(nearest, f"its tests are {listing(list(note.tests)) or 'none'}")
        raise Fault(Rule.TEST_MISSING, f"{note.shown} has no test {name}; {advice}")
    return Fragment(ident=name)


def _place(fragment: Fragment) -> str:
    """Return what follows the address of a file, such as the page of a document."""
    return urls.fragment(str(fragment)[1:]) if str(fragment) else ""


def _composed(path: str) -> str:
    """Return a path in the one of Unicode's forms in which two of them can be compared."""
    return unicodedata.normalize("NFC", path)
