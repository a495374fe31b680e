"""Read a note's file: bytes to text, front matter, title; whatever is in it, a note comes out."""

from __future__ import annotations

import codecs
import re
from html import unescape
from pathlib import Path

from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.reference import Fault
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import frontmatter
from garden.source.fences import outside_fences

# Python-Markdown keeps its marks between the first two, the engine its own between the others; no path holds a NUL.
RESERVED = re.compile("[\x02\x03\x00\ue000-\ue005]")
COMMENT = re.compile(r"<!--(?:(?!<!--|-->)[\s\S])*-->|%%(?:(?!%%)[\s\S])*%%")
_HEADING = re.compile(
    r"^#[ \t]+(?P<text>\S.*)$|(?:\A|\n[ \t]*\n)(?![ ]{4}|\t)(?P<underlined>[^\n]+)\n=+[ \t]*$",
    re.MULTILINE,
)
_CODE = re.compile(r"(?<![\\`])(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)")
_LINK = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|!?\[([^\[\]]*)\]\([^()]*\)")
_MARKUP = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])|(?<!\*)\*+(?=[^\s*])|(?<=[^\s*])\*+|(?<!\w)_+|_+(?!\w)")


def read(file: Path, path: str, shown: str, url: str, report: Report) -> Note:
    """Read the note at ``file``, which `refuse` has let pass."""
    text = decode(file.read_bytes(), shown, report)
    above = 0
    if frontmatter.is_late(text):
        what = "the front matter has to begin on line 1; remove what is empty above it"
        report.add(Problem(shown, 1, Rule.FRONT_MATTER_PLACE, what))
        above = len(text) - len(text.lstrip())
    skipped = text.count("\n", 0, above)
    head, body, first_line = frontmatter.split(text[above:])
    head, first_line = "\n" * skipped + head, first_line + skipped
    meta = frontmatter.parse(head, shown, report)
    if first_line == 1 and frontmatter.is_open(body):
        what = "the front matter is never closed; end it with a line of `---` (a rule across the page is `***`)"
        report.add(Problem(shown, 1, Rule.FRONT_MATTER_SYNTAX, what))
    title = meta.title or heading(body)
    if not title:
        report.add(Problem(shown, 1, Rule.TITLE_MISSING, "has no title; begin its text with `# Title`"))
        title = Path(path).stem
    return Note(path, shown, url, title, body, first_line, meta, head=head)


def refuse(file: Path, root: Path) -> None:
    """Raise `Fault` if ``file`` must not be published from the folder ``root``, out of which it may lead."""
    try:
        place = file.resolve(strict=True)
    except (OSError, RuntimeError):  # a link in a circle is the one or the other, depending on Python
        what = "is a symbolic link that leads nowhere; put the file itself here"
        raise Fault(Rule.FILE_SYMLINK, what) from None
    if not place.is_relative_to(root):
        raise Fault(Rule.FILE_SYMLINK, f"is a symbolic link that leaves {root.name}/; put the file itself here")


def refuse_alias(file: Path, root: Path, path: str) -> None:
    """Raise `Fault` if ``file`` stands for another below ``root``: if ``path`` is not where it is.

    A note that is there twice has its title, its aliases and its sections twice.
    """
    place = file.resolve()
    if place != root / path:
        there = f"{root.name}/{place.relative_to(root).as_posix()}"
        raise Fault(Rule.FILE_SYMLINK, f"is a symbolic link to {there}; remove it: links lead there by name")


def decode(data: bytes, shown: str, report: Report) -> str:
    """Return the text of a file as `text` does; what is not UTF-8 is a problem."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = newlines(data[: error.start].decode()).count("\n") + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        report.add(Problem(shown, line, Rule.FILE_ENCODING, what))
    return text(data)


def text(data: bytes) -> str:
    """Return text with plain newlines, and without a byte order mark, reserved characters and what is not UTF-8."""
    return RESERVED.sub("", newlines(data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")))


def newlines(text: str) -> str:
    """Return ``text`` with every kind of line ending as a plain newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def heading(body: str) -> str:
    """Return the first heading of level 1 outside fences and comments, without markup; empty if there is none."""
    # Most notes begin with it.
    found = _HEADING.match(body.lstrip("\n")) if body.lstrip("\n").startswith("# ") else None
    if not found:
        text = "\n".join(outside_fences(body))
        found = _HEADING.search(COMMENT.sub("", text) if "<!--" in text or "%%" in text else text)
    if not found:
        return ""
    return plain(bare(found["text"] or found["underlined"], closed=bool(found["text"])))


def bare(text: str, *, closed: bool) -> str:
    """Return a heading without its attribute list, and without the ``#`` that may close it."""
    head, _, attributes = text.rstrip().rpartition("{")
    if head.endswith((" ", "\t")) and attributes.endswith("}") and attributes.strip(" }"):
        text, closed = head.rstrip(), True
    bare = text.rstrip("#") if closed else text
    return bare + "#" if bare.endswith("\\") and bare != text else bare


def plain(text: str) -> str:
    """Return Markdown text without its inline markup. What stands in code spans stays as it is."""
    parts, start = [], 0
    for code in _CODE.finditer(text):
        parts += [_plain(text[start : code.start()]), code["code"].strip()]
        start = code.end()
    return "".join([*parts, _plain(text[start:])]).strip()


def _plain(text: str) -> str:
    text = _LINK.sub(lambda m: m[1] if m[1] is not None else m[2], text)
    return unescape(_MARKUP.sub(lambda m: m[1] or "", text))
