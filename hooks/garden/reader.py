"""Read a note's file: bytes to text, front matter, title; whatever is in it, a note comes out."""

from __future__ import annotations

import re
from pathlib import Path

from . import frontmatter
from .fences import outside_fences
from .note import Note
from .problem import Problem

# Python-Markdown keeps its marks between the first two, the engine its own between the others; no path holds a NUL.
_RESERVED = dict.fromkeys(map(ord, "\x02\x03\x00\ue000\ue001\ue002\ue003\ue004\ue005"))
_HEADING = re.compile(r"#[ \t]+(\S.*?)[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*$")
_LINK = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|!?\[([^\[\]]*)\]\([^()]*\)")
_MARKUP = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])|\*+|`+|(?<!\w)_+|_+(?!\w)")


def read(file: Path, root: Path, path: str, shown: str, url: str) -> tuple[Note | None, list[Problem]]:
    """Read the note at ``file``; None if it is a link out of ``root`` and must not be published."""
    if not file.resolve().is_relative_to(root):
        return None, [Problem(shown, 1, "is a symbolic link that leaves the notes' folder; put the file itself here")]
    text, problems = decode(file.read_bytes(), shown)
    head, body, first_line = frontmatter.split(text)
    meta, found = frontmatter.parse(head, shown)
    problems += found
    title = meta.title or heading(body)
    if not title:
        problems.append(Problem(shown, 1, "has no title; begin its text with `# Title`"))
        title = Path(path).stem
    return Note(path, shown, url, title, body, first_line, meta), problems


def decode(data: bytes, shown: str) -> tuple[str, list[Problem]]:
    """Return text with plain newlines and without a byte order mark; what is not UTF-8 is a problem."""
    problems = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(shown, line, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"))
        text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_RESERVED), problems


def heading(body: str) -> str:
    """Return the text of the first ``# Heading`` outside fences, without markup; empty if there is none."""
    for line in outside_fences(body):
        if line.startswith("#") and (match := _HEADING.match(line)):
            return plain(match[1])
    return ""


def plain(text: str) -> str:
    """Return Markdown text without its inline markup."""
    text = _LINK.sub(lambda m: m[1] if m[1] is not None else m[2], text)
    return _MARKUP.sub(lambda m: m[1] or "", text).strip()
