"""Addresses from one page to another."""

from __future__ import annotations

from urllib.parse import quote


def relative(target: str, page: str) -> str:
    """Return the address of ``target`` as seen from ``page``; both count from the top of the site, percent-encoded.

    The result begins with a dot or a name and never with what a browser could take for a scheme.
    """
    if target == page:
        return "./" if page.endswith("/") or not page else page.rpartition("/")[2]
    there, here = target.split("/"), page.split("/")[:-1]
    shared = 0
    while shared < min(len(there) - 1, len(here)) and there[shared] == here[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"


def fragment(ident: str) -> str:
    """Return ``#ident``, percent-encoded."""
    return "#" + quote(ident, safe="/?:@!$&'()*+,;=-._~")
