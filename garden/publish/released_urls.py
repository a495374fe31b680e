"""The addresses that a release has published, one a line: each has to lead somewhere for ever.

    /folder/name/
    /folder/name/#heading

Every build writes those of its own site; those of the last release are kept in the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path

from garden.model.problem import Problem
from garden.model.rules import Rule

FILE = "addresses.txt"


def listing(pages: Mapping[str, Iterable[str]], files: Iterable[str]) -> str:
    """Return the text of the list: pages by their address, each with the ids of its headings, and files."""
    lines = []
    for url, idents in sorted(pages.items()):
        lines += [f"/{url}", *(f"/{url}#{ident}" for ident in idents)]
    return "\n".join([*lines, *(f"/{path}" for path in sorted(files))]) + "\n"


def problems(root: Path, released: str, pages: Mapping[str, Set[str]], files: Set[str]) -> Iterator[Problem]:
    """Yield a problem for each address in the file ``released`` below ``root`` that leads nowhere in this build.

    ``pages`` have the ids that an address may end in, by the page's address; that of a page that has moved is one of
    them, with the ids of where it leads. A heading that is gone stops no release: its page is still there.
    """
    file = root / released
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for number, line in enumerate(lines, 1):
        page, _, ident = line.strip().removeprefix("/").partition("#")
        if page in pages:
            if ident and ident not in pages[page]:
                what = f"{line} was published, and no heading leads there now; end the one that took its place with"
                yield Problem(released, number, Rule.RELEASED_HEADING, f"{what} {{ #{ident} }}")
        elif page not in files and not ident:
            is_page = not page or page.endswith(("/", ".html"))
            advice = f"add `moved_from: [{page}]` to the note that took its place" if is_page else "publish it again"
            what = f"/{page} was published and is gone; {advice}, or remove this line if nobody can miss it"
            yield Problem(released, number, Rule.RELEASED_ADDRESS, what)
