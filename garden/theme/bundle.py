"""What every page loads, in one request each: the theme's scripts and styles, joined.

What stands in ``head/`` runs before anything is drawn; the scripts, once the page has been read; what stands in
``search/``, once somebody searches.
"""

from __future__ import annotations

from pathlib import Path

THEME = Path(__file__).parent
SCRIPT = "assets/guide.js"
STYLE = "assets/guide.css"
HEAD = "assets/head.js"
FINDER = "assets/search.js"
_PARTS = {
    HEAD: ("head", "*.js"),
    SCRIPT: ("scripts", "*.js"),
    STYLE: ("styles", "*.css"),
    FINDER: ("search", "*.js"),
}


def bundles(theme: Path = THEME) -> dict[str, str]:
    """Return the text of each file that pages load, by its path on the site; none where ``theme`` has no part.

    The parts stand in the order of their names and see each other's names, as if they were one file.
    """
    made = {}
    for path, (folder, pattern) in _PARTS.items():
        parts = sorted((theme / folder).glob(pattern))
        if parts:
            made[path] = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    return made
