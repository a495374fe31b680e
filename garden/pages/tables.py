"""Tables as pages carry them: in a frame that can scroll, and aligned by classes instead of an outdated attribute."""

from __future__ import annotations

import re

_TAG = re.compile(r'<(?:table(?=[ >])|/table>|t[hd] align="(left|center|right)")')


def scrollable(html: str) -> str:
    """Return ``html`` with every table in a frame of its own: on a narrow page it scrolls, and the page does not."""
    return _TAG.sub(_replaced, html) if "<table" in html else html


def _replaced(match: re.Match[str]) -> str:
    if match[1]:
        return f'{match[0][:3]} class="align-{match[1]}"'
    return match[0] + "</div>" if match[0].startswith("</") else f'<div class="table-frame">{match[0]}'
