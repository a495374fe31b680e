"""The guide for programs that read: a list of its pages in the form of llmstxt.org, and all notes in one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from garden.model.note import Note
from garden.model.site import MARKDOWN, Site, beside

LIST, FULL = "llms.txt", "llms-full.txt"
_TOP = "Begin here"
# What may be left out by whoever has little room, as the form has it.
_OPTIONAL = "Optional"


def texts(notes: Mapping[str, Note], pages: Mapping[str, str], site: Site) -> dict[str, str]:
    """Return both files by path. ``pages`` have the Markdown of each page, by the path of its note."""
    written = [notes[path] for path in site.sections if path in notes and not notes[path].generated]
    listed: dict[str, list[Note]] = {}
    for note in written:
        listed.setdefault(" › ".join(site.sections[note.path]) or _TOP, []).append(note)
    others = [note for path, note in notes.items() if path not in site.sections or note.generated]
    head = f"# {site.name}\n\n" + (f"> {site.description}\n\n" if site.description else "")
    about = (
        f"Each page is Markdown at the address given here. All notes in one file: {site.absolute(FULL)}. "
        "Snippets have a page each, with source, output and tests.\n\n"
    )
    parts = [*listed.items(), *([(_OPTIONAL, others)] if others else [])]
    sections = [f"## {title}\n\n{''.join(_entries(found, site))}" for title, found in parts]
    full = "\n".join(pages[note.path] for note in written)
    return {LIST: head + about + "\n".join(sections), FULL: f"{head}{full}"}


def _entries(notes: Iterable[Note], site: Site) -> Iterable[str]:
    for note in notes:
        about = f": {note.meta.description}" if note.meta.description else ""
        title = note.title.replace("[", "\\[").replace("]", "\\]")
        yield f"- [{title}]({site.absolute(beside(note.url, MARKDOWN))}){about}\n"
