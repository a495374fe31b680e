"""What a note refers to: links, embeds, files and computed blocks, and where a link stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from garden.model.note import Note
from garden.model.rules import Rule


class Fault(ValueError):
    """A link, an include or a computed block that cannot be followed; the text says what to write instead.

    ``rule`` is the one that it breaks; ``meant`` are the notes to which what to write leads.
    """

    def __init__(self, rule: Rule, text: str, meant: Iterable[Note] = ()) -> None:
        super().__init__(text)
        self.rule = rule
        self.meant = tuple(meant)


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

    @property
    def written(self) -> str:
        """How the author wrote it."""
        return f"!{self.link.written}"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is no note; ``url`` counts from the top of the site."""

    written: str
    url: str


@dataclass(frozen=True, slots=True)
class Query:
    """A list computed from the notes."""

    written: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """A form that computes what a snippet computes; ``written`` is its path."""

    written: str


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The map of all notes; ``written`` is the name of what is in no topic."""

    written: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link that is shown as text. ``meant`` are the notes to which it should probably lead."""

    written: str
    meant: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorList:
    """The list of all error messages that notes explain."""

    written: str


Slot = Link | Embed | Asset | Query | Calculation | SiteMap | ErrorList | BrokenLink


@dataclass(frozen=True, slots=True)
class Excerpt:
    """HTML in which the character `marks.HREF` stands for the address of the link's place."""

    html: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a note links to another: the excerpt, and the id of the link in the page."""

    target: Note
    ident: str
    excerpt: Excerpt
