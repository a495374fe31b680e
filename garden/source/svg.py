"""What in an SVG image would act in the browser of a reader who opens it, or would load from another site."""

from __future__ import annotations

import re
from xml.parsers import expat

from garden.model.reference import Fault
from garden.model.rules import Rule

_ELEMENTS = frozenset({"script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "link", "meta"})
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}")
_STYLE = re.compile(r"@import|url\(\s*+[\"']?+(?!#|data:image/)", re.IGNORECASE)
# Browsers skip these in an address.
_SKIPPED = re.compile(r"[\x00-\x20]+")


def refuse(data: bytes) -> None:
    """Raise `Fault` if an image must not be published."""
    scanner = _Scanner()
    try:
        scanner.read(data)
    except (expat.ExpatError, ValueError) as error:
        raise Fault(Rule.IMAGE_ACTIVE, f"is no SVG: {error}; save it anew") from None
    if found := next(iter(scanner.found), ""):
        what = f"is an image that would act in the reader's browser: `{found}`; remove that from it"
        raise Fault(Rule.IMAGE_ACTIVE, what)


class _Scanner:
    """Reads an image as browsers do, which is as XML, and keeps what acts."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._is_style = False

    def read(self, data: bytes) -> None:
        """Read an image; raise what is wrong with its XML."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._text
        # It may stand for an element.
        parser.EntityDeclHandler = lambda *_: self.found.append("<!ENTITY>")
        parser.ProcessingInstructionHandler = self._instruction
        parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
        self._is_style = tag == "style"
        if tag in _ELEMENTS:
            self.found.append(f"<{tag}>")
        for attribute, value in attributes.items():
            if _acts(tag, _local(attribute), value):
                self.found.append(_local(attribute))

    def _text(self, text: str) -> None:
        if self._is_style and _STYLE.search(text):
            self.found.append("<style>")

    def _instruction(self, target: str, _: str) -> None:
        if target == "xml-stylesheet":
            self.found.append("<?xml-stylesheet?>")


def _acts(tag: str, attribute: str, value: str) -> bool:
    address = _SKIPPED.sub("", value).lower()
    if attribute.startswith("on") or "script:" in address or _STYLE.search(value):
        return True
    harmless = ("http:", "https:", "mailto:") if tag == "a" else ("data:image/",)
    return attribute in ("href", "src") and bool(_SCHEME.match(address)) and not address.startswith(harmless)


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()
