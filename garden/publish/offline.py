"""A copy of the built site to keep: one archive whose pages open from a folder, without a server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FILE = "offline.zip"
# What needs a server, or the site's own address.
_LEFT_OUT = ("404.html", "sitemap.xml", "sitemap.xml.gz", "addresses.txt", "assets/runner/", "assets/social/")
# An item of a list that makes sense on the web alone: the link to this copy.
_ONLINE = re.compile(r"\s*<li data-online>.*?</li>", re.DOTALL)
_TAG = re.compile(r"<[a-z][^<>]*\s(?:href|src)=\"[^<>]*>")
_ADDRESS = re.compile(r"(?<=\s)(?P<name>href|src)=\"(?P<path>[^\"#?:]*)(?P<rest>[^\"]*)\"")
# A browser loads no module from a folder.
_MODULE = '<script type="module"'
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)
# Always the same bytes for the same site.
_DAY = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path, name: str, moved: Iterable[str] = ()) -> None:
    """Write the archive of the site in ``folder`` beside it, in a folder called ``name``; ``moved`` files are left out.

    A server finds ``index.html`` in a folder by itself; from a folder, a link has to name it.
    """
    left_out = {FILE, *moved}
    with ZipFile(folder / FILE, "w", ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            path = file.relative_to(folder).as_posix()
            if file.is_dir() or path in left_out or path.startswith(_LEFT_OUT):
                continue
            data = file.read_bytes()
            if path.endswith(".html"):
                data = relinked(data.decode()).encode()
            elif path.endswith(".js"):
                data = unexported(data.decode()).encode()
            entry = ZipInfo(f"{name}/{path}", _DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def relinked(html: str) -> str:
    """Return a page that names the file in each link to a folder of the same site, and does not lead to this copy."""
    html = _ONLINE.sub("", html).replace(_MODULE, "<script defer")
    return _TAG.sub(lambda tag: _ADDRESS.sub(_named, tag[0]), html)


def unexported(script: str) -> str:
    """Return a script that works without being loaded as a module; its names stay its own. Others stay as they are."""
    plain, exports = _EXPORT.subn("", script)
    return f"{{\n{plain}}}\n" if exports else script


def _named(found: re.Match[str]) -> str:
    path, rest = found["path"], found["rest"]
    last = path.rpartition("/")[2]
    if not path or path.startswith("//") or rest.startswith(":") or last not in ("", ".", ".."):
        return found[0]
    return f'{found["name"]}="{path.removesuffix("/")}/index.html{rest}"'
