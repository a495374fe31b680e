"""The site around the notes: what it is called, where it is published, and the sections of its navigation."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule

_NO_NAME = re.compile(r"[^a-z0-9]+")
# Names of the machine that a program runs on.
_NOWHERE = ("localhost", "127.0.0.1", "::1")
# The Markdown of a page.
MARKDOWN = "index.md"
# The configuration, at the top of the repository.
CONFIG = "mkdocs.yml"


@dataclass(frozen=True, slots=True)
class Site:
    """``address`` ends in a slash. ``sections`` are the titles that each note stands below, outermost first, by path.

    They are in the order of the navigation; a note that is not in it is in none.
    """

    name: str
    address: str
    description: str = ""
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The site's name as that of a file."""
        return _NO_NAME.sub("-", self.name.lower()).strip("-") or "site"

    def check(self, report: Report) -> None:
        """Report an address under which no reader would find the site."""
        host = urlsplit(self.address).hostname
        if not host or host in _NOWHERE:
            what = f"pages would say that they stand at {self.address}; set SITE_URL to the address that readers use"
            report.add(Problem(CONFIG, 1, Rule.SITE_ADDRESS, what))

    def absolute(self, url: str) -> str:
        """Return the whole address of what counts from the top of the site."""
        return urljoin(self.address, url) if url else self.address


def file(url: str, name: str = "index.html") -> str:
    """Return the path of the file that is served at ``url``; or, of the same page, the one called ``name``.

    A page with a file name of its own, such as ``a/b.html``, has ``a/b.md`` for ``index.md``.
    """
    return unquote(beside(url, name))


def beside(url: str, name: str) -> str:
    """Return the address of another form of the page at ``url``: for ``index.md``, ``a/b/index.md`` or ``a/b.md``."""
    if not url or url.endswith("/"):
        return url + name
    return posixpath.splitext(url)[0] + posixpath.splitext(name)[1]
