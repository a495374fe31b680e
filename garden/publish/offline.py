"""A copy of the built site to keep: one archive whose pages open from a folder, without a server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

FILE = "offline.zip"
# What needs a server, or the site's own address.
_LEFT_OUT = ("404.html", "sitemap.xml", "sitemap.xml.gz", "addresses.txt", "assets/runner/", "assets/social/")
# An item of a list that makes sense on the web alone: the link to this copy.
_ONLINE, _END = "<li data-online>", "</li>"
# A link to a folder of this site, up to where it stops naming it.
_FOLDER = re.compile(r"(<a (?:[^<>]* )?href=\"(?!//)(?:[^\"#?:]*/(?:\.\.?)?|\.\.?))(?=[\"#?][^<>]*>)")
# A browser loads no module from a folder.
_MODULE = '<script type="module"'
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)
# What is compressed already.
_COMPRESSED = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff2", ".gz", ".zip")
# Always the same bytes for the same site.
_DAY = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path, name: str, moved: Iterable[str] = ()) -> None:
    """Write the archive of the site in ``folder`` beside it, in a folder called ``name``; ``moved`` files are left out.

    A server finds ``index.html`` in a folder by itself; from a folder, a link has to name it.
    """
    left_out = {FILE, *moved}
    with ZipFile(folder / FILE, "w", ZIP_DEFLATED) as archive:
        for path in sorted(_files(str(folder))):
            if path in left_out or path.startswith(_LEFT_OUT):
                continue
            data = Path(folder, path).read_bytes()
            if path.endswith(".html"):
                data = with_file_links(data.decode()).encode()
            elif path.endswith(".js"):
                data = as_plain_script(data.decode()).encode()
            entry = ZipInfo(f"{name}/{path}", _DAY)
            entry.compress_type = ZIP_STORED if path.endswith(_COMPRESSED) else ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def _files(folder: str) -> Iterator[str]:
    """Yield the paths of all files in a folder, from there."""
    for above, _, names in os.walk(folder):
        below = above[len(folder) + 1 :]
        yield from (f"{below}/{name}" if below else name for name in names)


def with_file_links(html: str) -> str:
    """Return a page that names the file in each link to a folder of the same site, and does not lead to this copy."""
    before, item, after = html.partition(_ONLINE)
    if item:
        html = before.rstrip() + after.partition(_END)[2]
    html = html.replace(_MODULE, "<script defer")
    return _FOLDER.sub(lambda link: f"{link[0].removesuffix('/')}/index.html", html)


def as_plain_script(script: str) -> str:
    """Return a script that works without being loaded as a module; its names stay its own. Others stay as they are."""
    plain, exports = _EXPORT.subn("", script)
    return f"{{\n{plain}}}\n" if exports else script
