"""What is new and what has changed, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from garden.model.note import Note
from garden.model.site import Site
from garden.source.git_history import Change

FILE = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
# Readers fetch the feed often, and want what is new in it.
_ENTRIES = 40


def atom(notes: Iterable[Note], changes: Mapping[str, Change], site: Site) -> str:
    """Return the feed of the notes that changed last; empty if nothing is known of any.

    ``changes`` are by the path of a note's file. An entry keeps its id for ever: it is made of the day on which the
    note came to be, and of the first address that it had.
    """
    dated = [(change, note) for note in notes if (change := changes.get(note.shown))]
    dated.sort(key=lambda pair: (-pair[0].changed.timestamp(), pair[1].path))
    if not dated:
        return ""
    first = min(change.created for change, _ in dated)
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _text(feed, "title", site.name)
    if site.description:
        _text(feed, "subtitle", site.description)
    _text(feed, "id", _tag(site, first, ""))
    _text(feed, "updated", _time(dated[0][0].changed))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": site.absolute(FILE)})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": site.address})
    _text(SubElement(feed, "author"), "name", site.name)
    for change, note in dated[:_ENTRIES]:
        entry = SubElement(feed, "entry")
        _text(entry, "title", note.title)
        _text(entry, "id", _tag(site, change.created, (*note.meta.moved_from, note.url)[0]))
        _text(entry, "published", _time(change.created))
        _text(entry, "updated", _time(change.changed))
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": site.absolute(note.url)})
        _text(entry, "summary", note.meta.description or note.title)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _tag(site: Site, day: datetime.datetime, url: str) -> str:
    """Return an id in the form of RFC 4151, which is not an address and does not move with one."""
    return f"tag:{urlsplit(site.address).hostname},{_time(day)[:10]}:/{url}"


def _time(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
