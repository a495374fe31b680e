"""The Markdown extension: finds links, embeds, queries and places while Python-Markdown reads a note."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from . import excerpt, guard, marks
from .callouts import Callouts
from .names import key
from .prune import prune
from .rendering import Finding, Heading, Place, Rendering
from .targets import Asset, Broken, Embed, Fault, Link, Query, Slot, Targets, Wikilink, parse

# One pattern, since each costs a search of every text. No alternative reads past the start of its next match, so the
# cost stays linear for text that is all openings.
_INLINE = (
    r"(?P<comment><!--(?:(?!<!--).)*?-->|%%(?:(?!%%).)+%%)"
    r"|(?P<tag></?[a-zA-Z](?=[^<>]*\[\[)[^<>]*>)"
    r"|!?\[\[(?P<inner>[^\[\]]+)\]\](?!\()"
    r"|\[\[(?P<unclosed>[^\[\]\n]+)(?:\](?![\[\](])|(?=\n|\Z))"
)
_COMMENT = re.compile(r"^ {0,3}%%(?:(?!%%)[\s\S])*%%[ \t]*$", re.MULTILINE)
_BLOCK_ID = re.compile(r"(?:^|(?<=\s))\^([A-Za-z0-9][A-Za-z0-9-]*)\s*\Z")
_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp")
_RAW_ID = re.compile(r"""<[^<>]*?\s(?:id|name)=["']?([^\s"'<>]+)""")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class GardenExtension(Extension):
    """Fills ``rendering``, which is set before each note is converted."""

    rendering: Rendering

    def __init__(self, targets: Targets) -> None:
        super().__init__()
        self._targets = targets

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors. Each priority says what must have happened before."""
        rendering = self.rendering
        guard.catch_recursion(md, lambda: _too_deep(rendering))
        # After the fences (25), which may hold `%%`; before raw HTML blocks (20).
        md.preprocessors.register(_Comments(md), "garden-comments", 24)
        # After code spans (190); before backslash escapes (180), which would split `\|`.
        md.inlinePatterns.register(_Wikilinks(md, rendering, self._targets), "garden-links", 185)
        # After footnotes are placed (50); before inline parsing (20).
        md.treeprocessors.register(Callouts(md), "garden-callouts", 30)
        md.treeprocessors.register(guard.Brackets(md), "garden-brackets", 21)
        # After attribute lists (8) and heading ids (5); before MkDocs rewrites addresses (0).
        md.treeprocessors.register(_Addresses(md, rendering, self._targets), "garden-addresses", 4)
        # After escapes are undone (0).
        md.treeprocessors.register(_Places(md, rendering), "garden-places", -1)

    def fence(self) -> dict[str, Any]:
        """Return the custom fence for SuperFences that takes ``dataview`` blocks."""
        return {"name": "dataview", "class": "dataview", "format": self._query}

    def _query(self, source: str, *_: object, **__: object) -> str:
        source, line = marks.unstamp(source)
        index = self.rendering.add(Query(source), line)
        return f'<div class="garden-slot">{marks.slot(index)}</div>'


def _too_deep(rendering: Rendering) -> None:
    what = "nests deeper than Markdown can follow; flatten its lists, quotations or brackets"
    rendering.findings.append(Finding(what, line=rendering.note.first_line))


class _Comments(Preprocessor):
    """Removes ``%%`` comments that hold whole blocks; those inside a paragraph are inline."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        return _COMMENT.sub("", text).split("\n") if "%%" in text else lines


class _Wikilinks(InlineProcessor):
    """``[[…]]`` and ``![[…]]``; hides comments, and tags that hold brackets, from them."""

    # No link stands in a link.
    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown, rendering: Rendering, targets: Targets) -> None:
        super().__init__(_INLINE, md)
        self.compiled_re = re.compile(_INLINE, re.DOTALL)
        self._rendering = rendering
        self._targets = targets

    def handleMatch(  # type: ignore[override]
        self, match: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return what to show in the place of the match, or three times None if it is none of ours."""
        start, end = match.span()
        before = data[:start]
        if (len(before) - len(before.rstrip("\\"))) % 2:
            return None, None, None
        if match["comment"]:
            return "", start, end
        if match["tag"]:
            return self.md.htmlStash.store(self.unescape(match[0])), start, end
        if match["unclosed"]:
            text, line = marks.unstamp(self.unescape(match["unclosed"]))
            shown = match[0].replace(match["unclosed"], text)
            advice = "end it with ]], or write \\[[ for two brackets"
            self._rendering.add(Broken(shown), line, f"{' '.join(shown.split())} is never closed; {advice}")
            return shown, start, end
        inner, line = marks.unstamp(match["inner"])
        return self._element(inner, line, embed=match[0][0] == "!"), start, end

    def _element(self, inner: str, line: int, *, embed: bool) -> Element:
        wikilink = parse(self.unescape(inner))
        label = inner.partition("|")[2].strip() if "|" in inner else ""
        try:
            target = self._targets.wikilink(wikilink, self._rendering.note)
        except Fault as fault:
            self._rendering.add(Broken(wikilink.whole), line, str(fault))
            return _text("span", label, wikilink.whole, {"class": "broken-link"})
        if not embed:
            element = _text("a", label, _name(wikilink, target))
            element.set("href", marks.slot(self._rendering.add(target, line)))
            return element
        if isinstance(target, Link):
            return _text("span", "", str(self._rendering.add(Embed(target), line)), {"class": "garden-embed"})
        if not target.url.lower().endswith(_IMAGES):
            fault_text = f"![[{wikilink.whole}]] is no note and no image; link to it without the !"
            self._rendering.add(Broken(wikilink.whole), line, fault_text)
            return _text("span", "", wikilink.whole, {"class": "broken-link"})
        return self._image(wikilink, target, line)

    def _image(self, wikilink: Wikilink, target: Asset, line: int) -> Element:
        """Return the image of ``![[name|alternative text|300x200]]``; the size may also follow the text."""
        labels = list(wikilink.labels)
        words = labels[-1].split() if labels else []
        size = _SIZE.fullmatch(words[-1]) if words else None
        if size:
            labels[-1] = " ".join(words[:-1])
        alt = " ".join(label for label in labels if label)
        image = Element("img", {"src": marks.slot(self._rendering.add(target, line)), "alt": alt})
        if size:
            image.set("width", size[1])
            if size[2]:
                image.set("height", size[2])
        return image


def _text(tag: str, label: str, name: str, attributes: dict[str, str] | None = None) -> Element:
    """Return an element whose label, if it has one, may hold markup; a name is shown as it is."""
    element = Element(tag, attributes or {})
    element.text = label or AtomicString(name)
    return element


def _name(wikilink: Wikilink, target: Link | Asset) -> str:
    """Return how a link without a label reads: the name as typed, but a title instead of a path or file name."""
    parts = [part.removeprefix("^") for part in (*wikilink.fragment.chain, wikilink.fragment.ident) if part]
    if isinstance(target, Asset) or not wikilink.name:
        return " › ".join(parts) or wikilink.name
    typed = key(wikilink.name)
    known = {key(target.note.title), *map(key, target.note.meta.aliases)}
    name = wikilink.name if typed in known else target.note.title
    return " › ".join([name, *parts])


class _Addresses(Treeprocessor):
    """Takes the addresses of plain Markdown links and images."""

    def __init__(self, md: Markdown, rendering: Rendering, targets: Targets) -> None:
        super().__init__(md)
        self._rendering = rendering
        self._targets = targets

    def run(self, root: Element) -> None:
        """Number what leads to a note or a file; disarm what leads nowhere."""
        for link in root.iter("a"):
            if not excerpt.hidden(link):
                self._take(link, "href")
        for image in root.iter("img"):
            self._take(image, "src")

    def _take(self, element: Element, attribute: str) -> None:
        address = element.get(attribute) or ""
        if marks.SLOT.match(address):
            return
        address, line = marks.unstamp(excerpt.unstash(address))
        target: Slot | None
        fault = ""
        try:
            target = self._targets.address(address, self._rendering.note)
            if attribute == "src" and not isinstance(target, Asset):
                raise Fault(f"the image {address} is not a file of this site; put it into the notes' folder")
        except Fault as raised:
            target, fault = Broken(address), str(raised)
        if target:
            index = self._rendering.add(target, line, fault)
            element.set(attribute, marks.slot(index) if not fault else "#")
        else:
            element.set(attribute, address)


class _Places(Treeprocessor):
    """Reads the finished tree: headings, ids, block ids, embeds, and what surrounds each link."""

    def __init__(self, md: Markdown, rendering: Rendering) -> None:
        super().__init__(md)
        self._rendering = rendering

    def run(self, root: Element) -> Element | None:
        """Fill the rendering; return the part that is wanted, if only a part is."""
        rendering = self._rendering
        parents = {child: parent for parent in root.iter() for child in parent}
        self._name_blocks(root, parents)
        links: list[tuple[Element, Slot]] = []
        for element in root.iter():
            if ident := element.get("id"):
                rendering.ids.add(ident)
            if level := _HEADINGS.get(element.tag):
                rendering.headings.append(Heading(level, _plain(element), element.get("id") or ""))
            elif element.tag == "a" and (found := marks.SLOT.match(element.get("href") or "")):
                links.append((element, rendering.slots[int(found[1])]))
            elif element.get("class") == "garden-embed":
                links.append((element, rendering.slots[int(element.text or "")]))
        for raw in self.md.htmlStash.rawHtmlBlocks:
            if isinstance(raw, str) and ("id=" in raw or "name=" in raw):
                rendering.ids.update(_RAW_ID.findall(raw))
        self._place_links(links, parents)
        self._place_embeds(root, parents)
        if rendering.part is not None:
            return prune(root, rendering, parents)
        return None

    def _name_blocks(self, root: Element, parents: dict[Element, Element]) -> None:
        """Move ``^name`` at the end of a paragraph, item or cell into an id; alone, it names the block before it."""
        for element in list(root.iter()):
            if element.tag not in ("p", "li", "td", "th", "dd"):
                continue
            holder, is_tail = _last_text(element)
            text = (holder.tail if is_tail else holder.text) or ""
            if "^" not in text or not (found := _BLOCK_ID.search(text)):
                continue
            rest = text[: found.start()].rstrip()
            if is_tail:
                holder.tail = rest
            else:
                holder.text = rest
            self._name_block(element, "^" + found[1], parents)

    def _name_block(self, element: Element, ident: str, parents: dict[Element, Element]) -> None:
        rendering = self._rendering
        if ident in rendering.ids:
            lines = rendering.note.body.split("\n")
            line = [number for number, text in enumerate(lines) if text.rstrip().endswith(ident)][1:2] or [0]
            what = f"the block {ident} stands twice in this note; rename one"
            rendering.findings.append(Finding(what, line=rendering.note.first_line + line[0]))
            return
        rendering.ids.add(ident)
        parent = parents[element]
        siblings = list(parent)
        position = siblings.index(element)
        if element.tag == "p" and not (element.text or "").strip() and not len(element):
            parent.remove(element)
            if position:
                before = siblings[position - 1]
                parent.remove(before)
                wrapper = Element("div", {"id": ident})
                wrapper.tail, before.tail = before.tail, "\n"
                wrapper.append(before)
                parent.insert(position - 1, wrapper)
                parents[wrapper], parents[before] = parent, wrapper
        elif element.tag == "p" and parent.tag == "li" and position == 0:
            parent.set("id", ident)
        else:
            element.set("id", ident)

    def _place_links(self, links: list[tuple[Element, Slot]], parents: dict[Element, Element]) -> None:
        """Record each link to another note once for each sentence, and give it an id to come back to."""
        rendering = self._rendering
        passages: dict[Element, excerpt.Passage] = {}
        groups: dict[tuple[Element, tuple[int, int], str], tuple[excerpt.Passage, Link, list[Element]]] = {}
        for element, slot in links:
            link = slot.link if isinstance(slot, Embed) else slot
            if not isinstance(link, Link) or link.note is rendering.note:
                continue
            block = excerpt.context(element, parents)
            passage = passages.get(block) or passages.setdefault(block, excerpt.Passage(block))
            bounds = passage.sentence(element)
            groups.setdefault((block, bounds, link.note.path), (passage, link, []))[2].append(element)
        for (_, bounds, _), (passage, link, elements) in groups.items():
            ident = self._ident(elements[0], link)
            rendering.places.append(Place(link.note, ident, passage.cut(bounds, elements)))

    def _ident(self, element: Element, link: Link) -> str:
        if own := element.get("id"):
            return own
        ident = base = "to:" + "-".join(link.note.name.split())
        count = 1
        while ident in self._rendering.ids:
            count += 1
            ident = f"{base}:{count}"
        self._rendering.ids.add(ident)
        element.set("id", ident)
        return ident

    def _place_embeds(self, root: Element, parents: dict[Element, Element]) -> None:
        """Make room for a block where an embed stands alone; elsewhere it becomes a link and a problem."""
        embeds = [e for e in root.iter("span") if e.get("class") == "garden-embed"]
        for embed in embeds:
            index = int(embed.text or "")
            parent = parents[embed]
            if parent.tag not in ("p", "li", "td", "dd", "div") or not _only_embeds(parent):
                slot = self._rendering.slots[index]
                written = slot.link.written if isinstance(slot, Embed) else ""
                fault = f"!{written} stands inside a text; put the embed on a line of its own"
                self._rendering.findings.append(Finding(fault, index))
                embed.tag = "a"
                embed.attrib.pop("class")
                embed.set("href", marks.slot(index))
                embed.text = AtomicString(written.strip("[]"))
        for embed in embeds:
            if embed.tag == "span":
                parent = parents[embed]
                embed.tag = "div"
                embed.set("class", "garden-slot")
                embed.text = marks.slot(int(embed.text or ""))
                if parent.tag == "p":
                    parent.tag = "div"


def _only_embeds(parent: Element) -> bool:
    texts = [parent.text, *(child.tail for child in parent)]
    return not any(text and text.strip() for text in texts) and all(
        child.get("class") == "garden-embed" or child.tag in ("ul", "ol") for child in parent
    )


def _last_text(element: Element) -> tuple[Element, bool]:
    """Return the element that holds the last text of a block's own line, and whether it is that element's tail."""
    inline = [child for child in element if child.tag not in ("ul", "ol", "p", "div", "pre", "table", "blockquote")]
    return (inline[-1], True) if inline else (element, False)


def _plain(element: Element) -> str:
    """Return the text of a heading without its permalink and footnote numbers."""
    if excerpt.hidden(element):
        return ""
    parts = [excerpt.unstash(element.text or "")]
    for child in element:
        parts.append(_plain(child))
        parts.append(excerpt.unstash(child.tail or ""))
    return "".join(parts).strip() if element.tag in _HEADINGS else "".join(parts)
