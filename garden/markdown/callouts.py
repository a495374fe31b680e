"""Obsidian callouts: ``> [!warning]- Title`` becomes an admonition, folded or not."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

_HEAD = re.compile(r"\[!(?P<type>[A-Za-z][\w-]*)\](?P<fold>[+-]?)[ \t]*(?P<title>[^\n]*)(?:\n|\Z)")
_SYNONYMS = {
    "summary": "abstract", "tldr": "abstract", "todo": "info", "hint": "tip", "important": "tip", "check": "success",
    "done": "success", "help": "question", "faq": "question", "caution": "warning", "attention": "warning",
    "fail": "failure", "missing": "failure", "error": "danger", "cite": "quote",
}  # fmt: skip


class Callouts(Treeprocessor):
    """Runs before inline parsing, so that titles may hold links and emphasis."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)

    def run(self, root: Element) -> None:
        """Replace the quotations that are callouts, the inner ones first."""
        for parent in reversed(list(root.iter())):
            for position in reversed([i for i, child in enumerate(parent) if child.tag == "blockquote"]):
                quote = parent[position]
                parts = _split(quote)
                if parts:
                    parent[position : position + 1] = parts


def _split(quote: Element) -> list[Element]:
    """Return what a quotation becomes: Markdown joins neighboring quotations, each callout in them begins a part."""
    parts: list[Element] = []
    for child in quote:
        head = _HEAD.match(child.text or "") if child.tag == "p" else None
        if head:
            parts.append(_callout(head))
            child.text = (child.text or "")[head.end() :]
            if not child.text and not len(child):
                continue
        elif not parts:
            parts.append(Element("blockquote"))
        parts[-1].append(child)
    return parts if any(part.tag != "blockquote" for part in parts) else []


def _callout(head: re.Match[str]) -> Element:
    kind = head["type"].lower()
    kind = _SYNONYMS.get(kind, kind)
    title = head["title"].strip() or kind.replace("-", " ").capitalize()
    if head["fold"]:
        callout = Element("details", {"class": kind})
        if head["fold"] == "+":
            callout.set("open", "open")
        SubElement(callout, "summary").text = title
    else:
        callout = Element("div", {"class": f"admonition {kind}"})
        SubElement(callout, "p", {"class": "admonition-title"}).text = title
    return callout
