"""Highlighted code, kept for the next build of the same process: it is a third of the work, and little changes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markdown import Markdown
from pymdownx.highlight import Highlight, HighlightExtension  # type: ignore[import-untyped]  # it has no types

# Three times the blocks of the guide.
_MOST = 1500


def install(md: Markdown) -> None:
    """Have ``md`` make each block of code once."""
    for extension in md.registeredExtensions:
        if isinstance(extension, HighlightExtension):
            extension.get_pymdownx_highlighter = lambda: _Highlight


class _Highlight(Highlight):  # type: ignore[misc]  # nor has its base
    """Highlights a block, unless one with the same text and settings was before."""

    def highlight(self, src: str, language: str, css_class: str, **options: Any) -> str:
        """Return the HTML of a block."""
        # A title with markup is put aside by its page, under a number of its own.
        if self.title_mode == "html":
            return str(super().highlight(src, language, css_class, **options))
        # Its number on the page is in the names of its lines, if they have any.
        number = options.get("code_block_count") if self.line_spans or self.line_anchors else 0
        settings = sorted((name, value) for name, value in vars(self).items() if name != "md")
        kept = _place(repr((src, language, css_class, options | {"code_block_count": number}, settings)))
        if not kept:
            kept.append(str(super().highlight(src, language, css_class, **options)))
        return kept[0]


@lru_cache(maxsize=_MOST)
def _place(_key: str) -> list[str]:
    """Return what is kept for a key: nothing at first."""
    return []
