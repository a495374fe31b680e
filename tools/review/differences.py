"""What has changed between two built sites."""

from __future__ import annotations

from dataclasses import dataclass

from tools.review.built_site import Page, Site


@dataclass(frozen=True, slots=True)
class SnippetChange:
    """A snippet that is new, changed or removed; ``kind`` says which, ``proof`` what is proved of it now."""

    path: str
    kind: str
    page: str
    proof: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page that is new, changed or removed; ``words`` is by how many words it grew."""

    address: str
    title: str
    kind: str
    words: int


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link that is new or lost, on a page with this title."""

    title: str
    address: str
    target: str
    new: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that has changed, each kind in the order of addresses or paths."""

    pages: tuple[PageChange, ...]
    snippets: tuple[SnippetChange, ...]
    links: tuple[LinkChange, ...]


def compare(before: Site, after: Site) -> Differences:
    """Return what ``after`` has that ``before`` has not, and the other way round."""
    return Differences(tuple(_pages(before, after)), tuple(_snippets(before, after)), tuple(_links(before, after)))


def _pages(before: Site, after: Site) -> list[PageChange]:
    changes = []
    for address in sorted(before.pages | after.pages):
        old, new = before.pages.get(address), after.pages.get(address)
        if old == new or (old and new and (old.title, old.text) == (new.title, new.text)):
            continue
        kind = "changed" if old and new else "new" if new else "removed"
        title = (new.title if new else "") or (old.title if old else "")
        changes.append(PageChange(address, title, kind, _words(new) - _words(old)))
    return changes


def _words(page: Page | None) -> int:
    return len(page.text.split()) if page else 0


def _snippets(before: Site, after: Site) -> list[SnippetChange]:
    changes = []
    for path in sorted(before.snippets | after.snippets):
        old, new = before.snippets.get(path), after.snippets.get(path)
        if new is None:
            changes.append(SnippetChange(path, "removed", "", ""))
        elif old is None or old.digest != new.digest:
            changes.append(SnippetChange(path, "changed" if old else "new", new.page, new.proof))
    return changes


def _links(before: Site, after: Site) -> list[LinkChange]:
    nothing = Page("", "", frozenset())
    changes = []
    for address in sorted(before.pages | after.pages):
        old, new = before.pages.get(address, nothing), after.pages.get(address, nothing)
        title = new.title or old.title
        changes += [LinkChange(title, address, target, new=True) for target in sorted(new.links - old.links)]
        changes += [LinkChange(title, address, target, new=False) for target in sorted(old.links - new.links)]
    return changes
