"""A page as clean Markdown, made from its finished HTML.

So code, embeds, queries and figures are what readers see, and whatever a link leads to has its whole address. Only what
is for the eye or the pointer goes: plots (their table stays), permalinks, buttons, marks of the glossary. What Markdown
has no signs for is kept as plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

from garden.publish import page_tokens
from garden.publish.page_tokens import Tokens

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
})  # fmt: skip
_SKIPPED = frozenset({"button", "script", "select", "style", "svg", "template", "textarea"})
_SKIPPED_CLASSES = frozenset({"headerlink", "footnote-backref"})
_AROUND = {"em": "*", "i": "*", "strong": "**", "b": "**", "del": "~~", "s": "~~"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
# What a text may hold and Markdown would read; most hold nothing that could be any of it.
_MAYBE = re.compile(r"[\\`*_\[\]]")
_SIGNS = re.compile(r"[\\`]|\*(?=\S)|(?<=\S)\*|(?<![^\W_])_|_(?![^\W_])|\[(?=\^)|\](?=[(\[:])")
_ENTITIES = re.compile(r"&(?=#[\dxX]|\w+;)|<(?=[A-Za-z/!?])")
_BEGINNING = re.compile(r"^(?:(?P<number>\d+)(?=[.)](?:\s|$))|(?=[*+-](?:\s|$)|-[- ]*$|[#>]))")
# The beginning of each line that holds something, but the first.
_LINE = re.compile(r"(?<=\n)(?=[^\n])")
_TICKS = re.compile(r"`+")
_FOOTNOTE = re.compile(r"\bfn:(?P<name>.+)$")
_LANGUAGE = re.compile(r"\blanguage-([\w#.+-]+)")
_LIST = re.compile(r"-   |\d+\.[ ]")
# What nests deeper is shown as if it stood further out.
_DEEPEST = 40
_INDENT = 4


@dataclass(slots=True)
class _Frame:
    """An open element: the blocks that are finished in it, the line that is not, the cells and rows of a table.

    ``loose`` tells of a list whose items are paragraphs, ``names`` are the titles of its tabs.
    """

    tag: str
    attributes: dict[str, str]
    classes: list[str]
    blocks: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    loose: bool = False

    @property
    def is_inline(self) -> bool:
        return self.tag in _INLINE and "calculator-result" not in self.classes


def page(tokens: Tokens, address: str) -> str:
    """Return a page, which is published at ``address``, as Markdown that ends in a newline."""
    return _Writer(address).write(tokens)


class _Writer:
    """Reads a page once, from beginning to end; elements may be left open, or be closed in disorder."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stack = [_Frame("", {}, [])]
        self._skipping = 0

    def write(self, tokens: Tokens) -> str:
        for tag, attributes, text, code in tokens:
            if tag == "pre" and not self._skipping:
                self._fence(code)
            elif tag.startswith("/"):
                self._close(tag[1:])
            elif tag and tag != "pre":
                self._open(tag, attributes)
            if text and not self._skipping:
                self._text(text)
        while len(self._stack) > 1:
            self._leave()
        _flush(self._stack[0])
        return "\n\n".join(self._stack[0].blocks) + "\n"

    def _open(self, tag: str, written: str) -> None:
        if self._skipping:
            self._skipping += tag not in _VOID and not written.endswith("/")
            return
        attributes = dict(page_tokens.attributes(written)) if written else {}
        classes = attributes.get("class", "").split()
        if tag in _VOID:
            self._void(tag, attributes)
        elif tag in _SKIPPED or "hidden" in attributes or not _SKIPPED_CLASSES.isdisjoint(classes):
            self._skipping = 1
        else:
            frame = _Frame(tag, attributes, classes)
            if not frame.is_inline:
                _flush(self._stack[-1])
            self._stack.append(frame)

    def _close(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif self._stack[-1].tag == tag:
            self._leave()
        elif any(frame.tag == tag for frame in self._stack[-_DEEPEST:]):
            while self._stack[-1].tag != tag:
                self._leave()
            self._leave()

    def _leave(self) -> None:
        """Close the innermost element: what is in it becomes a part of the one around it."""
        frame = self._stack.pop()
        outer = self._stack[-1]
        if frame.is_inline:
            self._inline(frame, outer)
            return
        _flush(frame)
        if len(self._stack) > _DEEPEST:
            outer.blocks += frame.blocks
        elif "tabbed-block" in frame.classes and (names := self._stack[-2].names):
            outer.blocks += [f"**{names.pop(0)}**", *frame.blocks]
        else:
            _block(frame, outer)

    # Inline

    def _text(self, raw: str) -> None:
        text = unescape(raw)
        words = " ".join(text.split())
        before = " " if text[0].isspace() else ""
        after = " " if words and text[-1].isspace() else ""
        if (_MAYBE.search(words) or "&" in words or "<" in words) and not self._in_code():
            words = _SIGNS.sub(r"\\\g<0>", words)
            words = _ENTITIES.sub(lambda sign: "&amp;" if sign[0] == "&" else "&lt;", words)
        self._stack[-1].line.append(f"{before}{words}{after}")

    def _in_code(self) -> bool:
        return any(frame.tag == "code" for frame in self._stack[-3:])

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        frame = self._stack[-1]
        match tag:
            case "img":
                alternative = attributes.get("alt", "").replace("]", "\\]")
                frame.line.append(f"![{alternative}]({self._target(attributes.get('src', ''))})")
            case "br":
                frame.line.append("\n")
            case "input":
                frame.line.append(attributes.get("value", ""))
            case "hr" if "footnote" not in frame.classes:
                _flush(frame)
                frame.blocks.append("* * *")

    def _target(self, address: str) -> str:
        whole = urljoin(self._address, address)
        return whole.replace(" ", "%20").replace("(", "%28").replace(")", "%29")

    def _inline(self, frame: _Frame, outer: _Frame) -> None:
        text = "".join([*frame.blocks, *frame.line])
        bare = text.strip()
        before = " " if text[:1].isspace() else ""
        after = " " if text[-1:].isspace() else ""
        if frame.tag == "label" and "tabbed-labels" in outer.classes:
            outer.names.append(bare)
            return
        if not bare:
            outer.line.append(before)
            return
        if frame.tag == "code":
            # Two that touch would be read as one.
            before = before or (" " if outer.line and outer.line[-1].endswith("`") else "")
            bare = _code(bare)
        elif frame.tag == "a" and "footnote-ref" in frame.classes:
            bare = f"[^{_footnote(frame.attributes.get('href', ''))}]"
        elif frame.tag == "a" and "href" in frame.attributes and "term" not in frame.classes:
            bare = f"[{bare}]({self._target(frame.attributes['href'])})"
            if not before and outer.line and outer.line[-1].endswith(("!", "]")):
                outer.line[-1] = f"{outer.line[-1][:-1]}\\{outer.line[-1][-1]}"
        elif around := _AROUND.get(frame.tag):
            bare = f"{around}{bare}{around}"
        outer.line.append(f"{before}{bare}{after}")

    # Code

    def _fence(self, code: str) -> None:
        frame = self._stack[-1]
        _flush(frame)
        if "highlight" in frame.classes:
            frame.blocks = [f"**{title}**" for title in frame.blocks]
        language = _LANGUAGE.search(frame.attributes.get("class", ""))
        code = code.strip("\n")
        fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(code)), default=0))
        frame.blocks.append(f"{fence}{language[1] if language else ''}\n{code}\n{fence}")


def _code(text: str) -> str:
    fence = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}"


def _footnote(ident: str) -> str:
    found = _FOOTNOTE.search(ident)
    return found["name"] if found else ""


def _flush(frame: _Frame) -> None:
    """Make a block of the line that is open in an element."""
    text = "".join(frame.line)
    frame.line.clear()
    if text.strip():
        lines = [" ".join(line.split()) for line in text.split("\n")]
        frame.blocks.append("  \n".join(_BEGINNING.sub(r"\g<number>\\", line) for line in lines))


def _block(frame: _Frame, outer: _Frame) -> None:
    """Write a finished block into the one around it."""
    blocks = frame.blocks
    match frame.tag:
        case "ul" | "ol":
            outer.blocks.append(("\n\n" if frame.loose else "\n").join(blocks))
        case "li":
            _item(frame, outer)
        case "dd" if outer.blocks:
            outer.blocks[-1] += f"\n{_hung(':', chr(10) * 2, blocks)}"
        case "tr":
            outer.rows.append(frame.cells)
        case "td" | "th":
            outer.cells.append("<br>".join(blocks).replace("  \n", "<br>").replace("\n", " ").replace("|", "\\|"))
        case "thead" | "tbody" | "tfoot":
            outer.rows += frame.rows
        case "table":
            outer.blocks += _table(frame.rows)
        case "p" if "admonition-title" not in frame.classes and "plot-title" not in frame.classes:
            outer.blocks += blocks
            outer.loose = True
        case "p" | "summary":
            outer.blocks += [f"**{block}**" for block in blocks]
        case "blockquote":
            outer.blocks.append(_quoted(blocks))
        case "div" if "admonition" in frame.classes:
            outer.blocks.append(_quoted(blocks))
        case tag if tag in _HEADINGS:
            outer.blocks += [f"{_HEADINGS[tag]} {' '.join(blocks)}"] if blocks else []
        case _:
            outer.blocks += blocks
            outer.names += frame.names


def _item(frame: _Frame, outer: _Frame) -> None:
    if note := _footnote(frame.attributes.get("id", "")):
        outer.blocks.append(_hung(f"[^{note}]:", "\n\n", frame.blocks))
        outer.loose = True
        return
    first = outer.attributes.get("start", "1")
    number = (int(first) if first.isdecimal() else 1) + len(outer.blocks)
    tight = not frame.loose and all(map(_LIST.match, frame.blocks[1:]))
    outer.blocks.append(_hung(f"{number}." if outer.tag == "ol" else "-", "\n" if tight else "\n\n", frame.blocks))
    outer.loose = outer.loose or frame.loose


def _hung(mark: str, between: str, blocks: list[str]) -> str:
    """Return blocks behind a mark, indented as far as every reader of Markdown wants them."""
    text = _LINE.sub(" " * _INDENT, between.join(blocks))
    return f"{mark.ljust(_INDENT - 1)} {text}".rstrip()


def _quoted(blocks: list[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))


def _table(rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return ["\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])]
