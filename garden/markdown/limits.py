"""Keeps Python-Markdown from stalling or failing on input that nobody writes by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from garden.source import placeholders

# A wikilink, and one that is never closed. Neither reads past the start of the next.
WIKILINK = (
    r"(?:(?<!\\)!)?\[\[(?P<inner>[^\[\]]*)\]\](?!\()"
    rf"|\[\[(?!{placeholders.STAMP}(?:[\[\]\n]|\Z))"
    r"(?P<unclosed>[^\[\]\n]+)(?:\](?![\[\](])|(?=[\n\[]|\Z))"
)
# For every opening bracket its link patterns read on to the matching one, to the end of the text if there is none:
# quadratic, in Python. A text with more unmatched or nested brackets than this has them turned into plain characters.
_UNMATCHED = 4
_NESTED = 32
_DEFUSED = re.compile(f"\x02({ord('[')}|{ord('(')})\x03")
# The same for a tag that is never closed.
_OPEN_TAGS = 32
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


class TagLimit(Preprocessor):
    """Runs just before raw HTML is looked for."""

    def run(self, lines: list[str]) -> list[str]:
        """Turn what would open tags behind the last tag of the text, where it is much, into plain characters."""
        text = "\n".join(lines)
        end = text.rfind(">") + 1
        if text.count("<", end) <= _OPEN_TAGS:
            return lines
        return (text[:end] + _TAG.sub("&lt;", text[end:])).split("\n")


class BracketLimit(Treeprocessor):
    """Runs just before inline parsing."""

    def run(self, root: Element) -> None:
        """Turn brackets that can be no links, where they are many, into plain characters.

        In attributes of raw HTML entities have been decoded: drop what then stands for slots.
        """
        for element in root.iter():
            for name, value in element.items():
                element.set(name, placeholders.FORGED.sub("", value))
            if element.text and element.text.count("[") > _UNMATCHED:
                element.text = defuse(element.text)


class CodeBrackets(Treeprocessor):
    """Runs just after inline parsing, before which code cannot be told from text."""

    def run(self, root: Element) -> None:
        """Give code back its brackets."""
        for element in root.iter("code"):
            if element.text and "\x02" in element.text:
                element.text = AtomicString(_DEFUSED.sub(lambda match: chr(int(match[1])), element.text))


def defuse(text: str) -> str:
    """Return ``text`` with surplus brackets written as Python-Markdown writes escaped characters."""
    surplus = sorted({*_surplus(text, "[", "]"), *_surplus(text, "(", ")")})
    if not surplus:
        return text
    out, start = [], 0
    for position in surplus:
        out += [text[start:position], f"\x02{ord(text[position])}\x03"]
        start = position + 1
    return "".join([*out, text[start:]])


def _surplus(text: str, opening: str, closing: str) -> Iterator[int]:
    """Yield the positions of opening brackets that are never closed, or that nest too deep."""
    open_at: list[int] = []
    deep: list[int] = []
    for match in re.finditer(
        rf"\\.|`[^`\n]*`|<[A-Za-z/][^<>]*>|{WIKILINK}|[{re.escape(opening + closing)}]", text, re.DOTALL
    ):
        if match[0] == opening:
            open_at.append(match.start())
            if len(open_at) > _NESTED:
                deep.append(match.start())
        elif match[0] == closing and open_at:
            open_at.pop()
    if len(open_at) > _UNMATCHED:
        yield from open_at
    yield from deep
