"""How to cite a page: what it is, which version of it, and where."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from garden.model.note import Note
from garden.model.site import Site

_TEX = re.compile(r"[\\{}$&#%_~^]")
_SPELLED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_KEY = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence, and an entry for BibTeX."""

    plain: str
    bibtex: str


def citation(note: Note, site: Site, day: datetime.date | None, commit: str) -> Citation:
    """Return the citation of a note as it was on ``day``, in ``commit``; without them it says no version."""
    address = site.absolute(note.url)
    version = f"version of {in_words(day)}" + (f" (commit {commit})" if commit else "") if day else ""
    plain = ", ".join(filter(None, [f"“{note.title}”", site.name, version]))
    fields = {
        "title": f"{{{_tex(note.title)}}}",
        "author": f"{{{_tex(site.name)}}}",
        "year": str(day.year) if day else "",
        "month": str(day.month) if day else "",
        "note": _tex(version[:1].upper() + version[1:]),
        "url": address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    key = _KEY.sub("-", note.path.removesuffix(".md")).strip("-")
    return Citation(f"{plain}, {address}", "\n".join([f"@misc{{{key},", *lines, "}"]))


def in_words(day: datetime.date) -> str:
    """Return a day as it is written in a sentence."""
    return f"{day.day} {day:%B} {day.year}"


def _tex(text: str) -> str:
    return _TEX.sub(lambda sign: _SPELLED.get(sign[0], f"\\{sign[0]}"), text)
