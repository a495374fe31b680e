"""What a page says, for readers without a browser and for the search: its HTML is taken apart once for both."""

from __future__ import annotations

from dataclasses import dataclass

from garden.build import Built
from garden.model.site import Site
from garden.publish import markdown, page_tokens, search_text
from garden.publish.search_text import Section


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as Markdown, and as sections of plain text."""

    markdown: str
    sections: tuple[Section, ...]


def read(html: str, address: str) -> PageText:
    """Return what the HTML of a page says, which is published at ``address``."""
    tokens = page_tokens.read(html)
    return PageText(markdown.page(tokens, address), search_text.sections(tokens))


def of_all(built: Built, site: Site) -> dict[str, PageText]:
    """Return what each page of a build says, by the path of its note."""
    return {path: read(page.html, site.absolute(built.notes[path].url)) for path, page in built.pages.items()}
