"""What a site publishes of its pages besides them, once they are finished: Markdown, lists, a feed, redirects."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from garden.build import Built
from garden.links import redirects
from garden.links.reading_paths import PathStop
from garden.markdown.document import Document
from garden.model.note import Note
from garden.model.reference import Fragment, Link
from garden.model.report import Report
from garden.model.site import MARKDOWN, Site, beside, file
from garden.publish import citation, feed, llms_txt, reading_time, released_urls
from garden.publish.page_metadata import Breadcrumb, DatedEvent, PageMetadata, ReadingPathStep
from garden.publish.social_cards import SocialCards
from garden.snippets.library import CATALOG
from garden.source import urls
from garden.source.git_history import History


class Publication:
    """The pages of a finished build as parts of a ``site``. ``history`` tells when files changed.

    ``markdown`` are the pages as Markdown. ``redirects`` are the texts of files that lead from where a page was to
    where it is, by path.
    """

    def __init__(self, built: Built, site: Site, history: History, markdown: Mapping[str, str]) -> None:
        self._built = built
        self._site = site
        self._history = history
        self._markdown = markdown
        self.redirects = redirects.redirects(built.notes.values(), site)
        self._places = self._addresses()
        written = [note for note in built.notes.values() if not note.generated]
        self._feed = feed.atom(written, history.changes, site)

    @property
    def feed(self) -> str:
        """The path of the feed; empty if there is none."""
        return feed.FILE if self._feed else ""

    @property
    def paths(self) -> list[str]:
        """The paths of all files that `write` makes."""
        return [
            *self.redirects,
            *self._places,
            *llms_txt.FILES,
            *([self.feed] if self._feed else []),
            released_urls.FILE,
        ]

    def about(self, note: Note, cards: SocialCards | None = None) -> PageMetadata:
        """Return what the page of a note says of itself, with one of the ``cards`` if there are any."""
        change = self._history.changes.get(note.shown)
        day = change.changed.date() if change else note.meta.reviewed
        return PageMetadata(
            breadcrumbs=self._breadcrumbs(note),
            dates=tuple(DatedEvent(what, day) for what, day in self._days(note).items()),
            minutes=0 if note.generated else reading_time.minutes(self._markdown[note.path]),
            markdown=urls.relative(beside(note.url, MARKDOWN), note.url),
            citation=citation.citation(note, self._site, day, change.commit if change else ""),
            path_steps=tuple(self._path_step(stop, note) for stop in self._built.reading_paths.stops(note)),
            image=self._site.absolute(self._card(note, cards)) if cards else "",
        )

    def _card(self, note: Note, cards: SocialCards) -> str:
        """Return the path of a note's picture; pages of snippets share that of the home page."""
        shown = self._built.entry if note.generated and self._built.entry else note
        above = " › ".join(breadcrumb.title for breadcrumb in self._breadcrumbs(shown)[1:-1])
        return cards.path(shown.title, above)

    def write(self, folder: Path) -> None:
        """Write what is published beside the pages into the site's folder, one file after the other."""
        for path, parts in self.files():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w", encoding="utf-8", newline="\n") as written:
                written.writelines(parts)

    def files(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield the path and the parts of the text of each file."""
        notes = self._built.notes
        for path, text in self.redirects.items():
            yield path, [text]
        for path, note in self._places.items():
            yield path, self._page(note)
        yield llms_txt.LIST, [llms_txt.page_list(notes, self._site)]
        yield llms_txt.FULL, llms_txt.all_pages(notes, self._page, self._site)
        if self._feed:
            yield feed.FILE, [self._feed]
        yield released_urls.FILE, [self._listing()]

    def _addresses(self) -> dict[str, Note]:
        """Return the notes by the paths of their Markdown; where a page was, its Markdown was too."""
        found: dict[str, Note] = {}
        for note in self._built.notes.values():
            for address in (note.url, *note.meta.moved_from):
                found.setdefault(file(address, MARKDOWN), note)
        return {path: note for path, note in found.items() if path not in self.redirects}

    def _page(self, note: Note) -> list[str]:
        return [self._head(note), self._markdown[note.path]]

    def _listing(self) -> str:
        headings = {note.url: _headings(document) for note, document in self._built.documents.items()}
        stable = [path for path in self._built.assets if not path.startswith("assets/")]
        return released_urls.listing(headings, [*stable, *llms_txt.FILES])

    def check(self, report: Report) -> None:
        """Report what the last release had and this site does not."""
        built = self._built
        pages = {note.url: document.ids for note, document in built.documents.items()}
        for note in built.notes.values():
            pages |= {address: pages[note.url] for address in note.meta.moved_from if address not in pages}
        root, released = built.library.root, built.settings.released_urls
        report.extend(released_urls.problems(root, released, pages, {*built.published, *self.paths}))

    def _head(self, note: Note) -> str:
        """Return the front matter of a page's Markdown."""
        licenses = self._built.settings.licenses
        said: dict[str, object] = {
            "title": note.title,
            "description": note.meta.description,
            "url": self._site.absolute(note.url),
            **{what.lower(): day.isoformat() for what, day in self._days(note).items()},
            "license": licenses.snippets if note.generated else licenses.notes,
        }
        # A text in JSON is one in YAML, whatever it holds.
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items() if value]
        return f"---\n{''.join(lines)}---\n\n"

    def _days(self, note: Note) -> dict[str, datetime.date]:
        change = self._history.changes.get(note.shown)
        days = {"Reviewed": note.meta.reviewed, "Changed": change.changed.date() if change else None}
        return {what: day for what, day in days.items() if day}

    def _breadcrumbs(self, note: Note) -> tuple[Breadcrumb, ...]:
        """Return what leads from the top to a note: the home page, sections, the note. The home page has none."""
        if note is self._built.entry:
            return ()
        trail = [Breadcrumb("Home", urls.relative("", note.url))]
        catalog = self._built.notes.get(CATALOG)
        above = catalog if catalog and note.generated and note is not catalog else None
        trail += [Breadcrumb(title) for title in self._site.sections.get((above or note).path, ())]
        trail += [Breadcrumb(above.title, urls.relative(above.url, note.url))] if above else []
        return (*trail, Breadcrumb(note.title))

    def _path_step(self, stop: PathStop, note: Note) -> ReadingPathStep:
        path = stop.path
        top = Link(path.heading, path.home, Fragment(chain=(path.heading,)))
        return ReadingPathStep(
            name=f"{path.home.title} › {path.heading}",
            url=self._built.addresses.nearest(top, note),
            position=stop.index + 1,
            count=len(path.steps),
            previous=self._step(stop.previous, note),
            following=self._step(stop.following, note),
        )

    def _step(self, step: Link | None, note: Note) -> Breadcrumb | None:
        return Breadcrumb(step.note.title, self._built.addresses.nearest(step, note)) if step else None


def _headings(document: Document) -> list[str]:
    """Return the ids of the headings below the title of a note; a snippet's page has none that stay."""
    return [heading.ident for heading in document.headings if heading.level > 1 and not document.note.generated]
