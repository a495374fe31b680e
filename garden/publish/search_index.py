"""What the search in the browser reads: every section, snippet and error message, as one script.

It is a script and no data file, since a page that was opened from a folder may load the one and not the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from garden.build import Built
from garden.model.note import Note, Search
from garden.pages.error_messages import LIST
from garden.publish import search_text
from garden.publish.search_text import Section
from garden.snippets.snippet import Snippet
from garden.theme.bundle import FINDER

INDEX = "assets/search-index.js"
_PLAIN = Search()


def addresses(assets: Mapping[str, str], script: str) -> dict[str, str]:
    """Return the addresses of what finds and of the index, which change with what is in them: browsers keep both."""
    return {
        "finder": f"{FINDER}?{_version(assets.get(FINDER, ''))}",
        "index": f"{INDEX}?{_version(script)}",
    }


def _version(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def script(built: Built, sections: Mapping[str, Sequence[Section]]) -> str:
    """Return the script that hands the index to the search."""
    found = index(built, sections)
    return f"guideIndex({json.dumps(found, ensure_ascii=False, separators=(',', ':'))});\n"


def index(built: Built, sections: Mapping[str, Sequence[Section]]) -> dict[str, Any]:
    """Return the ``notes`` that can be found, their ``parts``, and the ``errors`` that they explain.

    Parts and errors name their note by its place in the list; ``list`` is that of the note with all messages. ``words``
    are those that the search asks for besides what is typed.
    """
    snippets = {snippet.page: snippet for snippet in built.library.snippets.values()}
    made: dict[str, Any] = {"notes": [], "parts": [], "errors": [], "list": None, "words": dict(built.synonyms)}
    for note in built.notes.values():
        search = note.meta.search or _PLAIN
        if search.exclude:
            continue
        number = len(made["notes"])
        snippet = snippets.get(note.path)
        page = built.pages[note.path]
        made["notes"].append(_note(note, search.boost, snippet) | {"links": page.inbound})
        found = (_snippet(snippet),) if snippet else sections[note.path]
        made["parts"] += [_part(number, section) for section in found]
        made["errors"] += [{"note": number, "text": message} for message in note.meta.errors]
        if LIST in page.html:
            made["list"] = number
    return made


def _note(note: Note, boost: float, snippet: Snippet | None) -> dict[str, Any]:
    return {
        "title": note.title,
        "url": note.url,
        "names": list(note.meta.aliases),
        "about": "" if snippet else note.meta.description,
        "boost": boost,
        "kind": "snippet" if snippet else "note",
    }


def _part(number: int, section: Section) -> dict[str, Any]:
    said = {"note": number, **asdict(section), "code": " ".join(section.code)}
    return {key: value for key, value in said.items() if value or key == "note"}


def _snippet(snippet: Snippet) -> Section:
    """Return a snippet as one section: what it is for, and the names in its code, its output and its tests."""
    code = [snippet.copied, *(output.text for output in snippet.outputs), *snippet.functions]
    return Section(text=" ".join(snippet.about).replace("`", ""), code=search_text.names("\n".join(code)))
