"""Which snippets run in the reader's browser, and what the others need."""

from __future__ import annotations

from html import escape

from garden.snippets.code_blocks import ShownSnippet
from garden.snippets.proofs import Proof
from garden.snippets.snippet import Snippet


def runs_here(snippet: Snippet, proof: Proof | None) -> bool:
    """Whether to offer to run a snippet in the browser: as the tests have measured; else, if it needs no server."""
    if proof and proof.browser:
        return proof.browser.runs
    return not snippet.server


def needs(snippet: Snippet, proof: Proof | None) -> str:
    """Return what a snippet needs that a browser's Python does not have."""
    if proof and proof.browser:
        return proof.browser.needs
    return snippet.server


def attributes(snippet: Snippet, shown: list[ShownSnippet]) -> str:
    """Return the attributes of a block that can be run: the file, and the lines of it that the block shows."""
    named = f' data-runs="{escape(snippet.path, quote=True)}"'
    if [part.region for part in shown] == [""]:
        return named
    part = snippet.parts.get(shown[0].region) if len(shown) == 1 else None
    lines = f"{part.first}-{part.last}" if part else ""
    return f'{named} data-lines="{lines}" data-indent="{part.indent if part else 0}"'
