"""The built site of a pull request, as data: an archive from which nothing is taken but small static files.

Who opened the pull request may have written every byte of it: names, sizes, types, and what the archive says of itself.
"""

from __future__ import annotations

import re
import stat
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

_FILES = 5_000
_BYTES = 100_000_000
_FILE_BYTES = 20_000_000
_DEEPEST = 12
_LONGEST = 200
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]*")
# What a build of this site has; a server sends each as what it is.
_ENDINGS = frozenset({
    ".css", ".gif", ".html", ".jpg", ".jpeg", ".js", ".json", ".map", ".out", ".png", ".py", ".svg", ".txt", ".webp",
    ".avif", ".woff2", ".xml", ".wasm", ".gz", ".ico", ".md", ".zip",
})  # fmt: skip
# What the site tells its own host. Another host would do as it says, so it is left out of a preview.
_FOR_THE_HOST = frozenset({"_headers", "_redirects"})
_CHUNK = 1 << 16


class Refused(ValueError):
    """An archive that is not published; the text says which file, and why."""


def unpack(archive: Path, folder: Path) -> int:
    """Write the files of ``archive`` into the new ``folder``; return how many.

    Raise `Refused` if one may not be published; then nothing in the folder may be.
    """
    try:
        with ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            members = [member for member in members if member.filename not in _FOR_THE_HOST]
            _check(members)
            for member in members:
                _write(opened, member, folder)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Refused(f"{archive.name} is no archive that can be read: {error}") from None
    except (FileExistsError, NotADirectoryError) as error:
        raise Refused(f"{error.filename!r}: is a file and a folder in the archive") from None
    return len(members)


def _check(members: list[ZipInfo]) -> None:
    if len(members) > _FILES:
        raise Refused(f"the archive has {len(members)} files; at most {_FILES} are published")
    total = sum(member.file_size for member in members)
    if total > _BYTES:
        raise Refused(f"the archive has {total} bytes; at most {_BYTES} are published")
    seen: dict[str, str] = {}
    for member in members:
        name = member.filename
        if what := _fault(member):
            raise Refused(f"{name[:_LONGEST]!r}: {what}")
        other = seen.setdefault(name.casefold(), name)
        if other is not name:
            raise Refused(f"{name!r}: is in the archive twice, or differs from {other!r} in case alone")
    if "index.html" not in seen:
        raise Refused("the archive has no index.html, so it is no site")


def _fault(member: ZipInfo) -> str:
    """Return why a file is not published; empty if it may be."""
    parts = member.filename.split("/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is no plain file"
    if len(member.filename) > _LONGEST or len(parts) > _DEEPEST:
        return "has a path that is too long or too deep"
    if not all(_PART.fullmatch(part) for part in parts):
        return "has a path with other signs than letters, digits and . _ + -, or that leads elsewhere"
    if Path(parts[-1]).suffix not in _ENDINGS:
        return "is of a type that no page needs"
    if member.file_size > _FILE_BYTES:
        return f"has {member.file_size} bytes; at most {_FILE_BYTES} are published"
    return ""


def _write(opened: ZipFile, member: ZipInfo, folder: Path) -> None:
    """Write a file; what it has is counted, since an archive may say less than it holds."""
    file = folder / member.filename
    file.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with opened.open(member) as source, file.open("xb") as target:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Refused(f"{member.filename!r}: holds more than the archive says")
            target.write(chunk)
