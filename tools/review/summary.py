"""The differences of two sites as Markdown, as the summary of a CI run shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tools.review.differences import Differences, LinkChange, PageChange, SnippetChange

# A list of more helps nobody, and a summary has a limit of its own.
_MOST = 60
_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#|!~@&])")


def written(differences: Differences) -> str:
    """Return the summary. What comes from a page is shown as text: it may have been written to mislead."""
    if not (differences.pages or differences.snippets or differences.links):
        return "No page, no snippet and no link has changed.\n"
    new = [link for link in differences.links if link.new]
    lost = [link for link in differences.links if not link.new]
    parts = [
        *_list("Pages", map(_page, differences.pages)),
        *_list("Snippets", map(_snippet, differences.snippets)),
        *_list("New links", map(_link, new)),
        *_list("Lost links", map(_link, lost)),
    ]
    return "\n".join(parts)


def _list(title: str, found: Iterable[str]) -> list[str]:
    lines = list(found)
    if not lines:
        return []
    more = [f"- and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return [f"## {title}: {len(lines)}", "", *(f"- {line}" for line in lines[:_MOST]), *more, ""]


def _page(change: PageChange) -> str:
    words = f", {change.words:+} words" if change.words and change.kind == "changed" else ""
    return f"{change.kind}: {_text(change.title or change.address)} ({_text(change.address)}){words}"


def _snippet(change: SnippetChange) -> str:
    proof = f": {_text(change.proof)}" if change.proof else ""
    return f"{change.kind}: {_text(change.path)}{proof}"


def _link(change: LinkChange) -> str:
    return f"{_text(change.title or change.address)} → {_text(change.target)}"


def _text(text: str) -> str:
    """Return a line of text in which no sign means anything; an address in it is no link."""
    plain = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return plain.replace("://", ":&#8203;//").replace("www.", "www&#8203;.")
