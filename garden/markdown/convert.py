"""From the text of a note to its document: Python-Markdown with the engine's extension, one note after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from markdown.extensions import Extension
from pymdownx.slugs import slugify  # type: ignore[import-untyped]

from garden.markdown.document import Document, GardenMarkdown
from garden.markdown.extension import GardenExtension
from garden.model.reference import Fault
from garden.model.rules import Rule

# What the pages of snippets are written in, and what includes, glossary and headings need. A site that sets options for
# one of them has its own.
_NEEDED: Mapping[str, Mapping[str, Any]] = {
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "md_in_html": {},
    "tables": {"use_align_attribute": True},
    "toc": {"permalink": "#", "permalink_title": "Link to this section", "slugify": slugify(case="lower")},
    "pymdownx.details": {},
    "pymdownx.highlight": {"anchor_linenums": False, "pygments_lang_class": True},
    "pymdownx.snippets": {"check_paths": True, "dedent_subsections": True},
    "pymdownx.superfences": {},
}


@dataclass(frozen=True, slots=True)
class MarkdownSettings:
    """The site's own Markdown extensions, by name, and the options of each. The engine adds those that it needs."""

    extensions: Sequence[str | Extension] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Converter:
    """Converts the notes of one build. Making a Python-Markdown costs a third of a note, so all share one."""

    def __init__(self, settings: MarkdownSettings, extension: GardenExtension, snippets: Path) -> None:
        """``snippets`` is the folder that includes are read from: the one in which the engine has checked them."""
        self._settings = settings
        self._extension = extension
        self._snippets = snippets
        self._markdown = self._made()

    def _made(self) -> GardenMarkdown:
        options = {**_NEEDED, **{name: values for name, values in self._settings.options.items() if values}}
        own: dict[str, dict[str, Any]] = {
            "pymdownx.snippets": {"base_path": [str(self._snippets)]},
            "pymdownx.superfences": {"custom_fences": self._extension.fences()},
        }
        for name, values in own.items():
            options[name] = {**options[name], **values}
        names = [*self._settings.extensions, *(name for name in _NEEDED if name not in self._settings.extensions)]
        return GardenMarkdown(extensions=[*names, self._extension], extension_configs=options)

    def read(self, document: Document, text: str) -> None:
        """Fill ``document`` from the text of its note; one that nests deeper than can be followed is shown as it is."""
        markdown = self._markdown
        markdown.document = document
        markdown.reset()
        try:
            document.html = markdown.convert(text)
            document.toc = getattr(markdown, "toc_tokens", [])
        except RecursionError:
            # Where it stopped, it keeps parts of this text.
            self._markdown = self._made()
            what = "nests deeper than Markdown can follow; flatten its lists, quotations or brackets"
            document.discard(Fault(Rule.MARKDOWN_TOO_DEEP, what))
            document.html = f"<pre>{escape(text)}</pre>"
