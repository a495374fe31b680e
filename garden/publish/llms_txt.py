"""The guide for programs that read: a list of its pages in the form of llmstxt.org, and all notes in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from garden.model.note import Note
from garden.model.site import MARKDOWN, Site, beside

LIST, FULL = "llms.txt", "llms-full.txt"
FILES = (LIST, FULL)
_TOP = "Begin here"
# What may be left out by whoever has little room, as the form has it.
_OPTIONAL = "Optional"


def page_list(notes: Mapping[str, Note], site: Site) -> str:
    """Return the list of the pages."""
    written = _written(notes, site)
    sections: dict[str, list[Note]] = {}
    for note in written:
        sections.setdefault(" › ".join(site.sections[note.path]) or _TOP, []).append(note)
    others = [note for path, note in notes.items() if path not in site.sections or note.generated]
    about = (
        f"Each page is Markdown at the address given here. All notes in one file: {site.absolute(FULL)}. "
        "Snippets have a page each, with source, output and tests.\n\n"
    )
    parts = [*sections.items(), *([(_OPTIONAL, others)] if others else [])]
    return _head(site) + about + "\n".join(f"## {title}\n\n{''.join(_entries(found, site))}" for title, found in parts)


def all_pages(notes: Mapping[str, Note], page: Callable[[Note], Iterable[str]], site: Site) -> Iterator[str]:
    """Yield the parts of the file with all notes. ``page`` returns those of the Markdown of one."""
    yield _head(site)
    for number, note in enumerate(_written(notes, site)):
        yield "\n" if number else ""
        yield from page(note)


def _written(notes: Mapping[str, Note], site: Site) -> list[Note]:
    """Return the notes that somebody wrote, in the order of the navigation."""
    return [notes[path] for path in site.sections if path in notes and not notes[path].generated]


def _head(site: Site) -> str:
    return f"# {site.name}\n\n" + (f"> {site.description}\n\n" if site.description else "")


def _entries(notes: Iterable[Note], site: Site) -> Iterable[str]:
    for note in notes:
        about = f": {note.meta.description}" if note.meta.description else ""
        title = note.title.replace("[", "\\[").replace("]", "\\]")
        yield f"- [{title}]({site.absolute(beside(note.url, MARKDOWN))}){about}\n"
