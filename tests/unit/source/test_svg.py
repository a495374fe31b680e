"""Images that readers may open: what in them acts or loads from another site is found, whatever it hides behind."""

from __future__ import annotations

import pytest

from garden.model.reference import Fault
from garden.source import svg

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:h="{html}">{}</svg>'
HTML = "http://www.w3.org/1999/xhtml"


def fault(data: bytes) -> str:
    """Return why an image is refused; empty if it is not."""
    try:
        svg.refuse(data)
    except Fault as found:
        return str(found)
    return ""


def drawing(text: str) -> bytes:
    return SVG.format(text, html=HTML).encode()


@pytest.mark.parametrize(
    "text",
    [
        "<style>a {fill: url(#b)}</style><path style='fill: url(\"#c\")' d='M0'/>",
        "<title>Which script: the first</title><text>onclick</text>",
        "<defs><g id='a'/></defs><use href='#a'/><use xlink:href='#a'/>",
        "<image href='data:image/png;base64,AA'/><image href='plot.png'/>",
        "<a href='https://example.org/'><text>x</text></a><a href='../x/'/>",
        "<animate attributeName='x' from='0' to='1' values='0;1'/>",
        "<?editor made='by hand'?>",
    ],
)
def test_what_does_nothing_is_published(text: str) -> None:
    assert fault(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "x" "y.dtd">' + drawing(text)) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>x</script>", "<script>"),
        ("<h:script>x</h:script>", "<script>"),
        ("<s:script xmlns:s='http://www.w3.org/2000/svg'/>", "<script>"),
        ("<foreignObject><h:p/></foreignObject>", "<foreignobject>"),
        ("<g onclick='x'/>", "onclick"),
        ("<a href=' java&#10;script:x'/>", "href"),
        ("<a xlink:href='JavaScript:x'/>", "href"),
        ("<a href='data:text/html,x'/>", "href"),
        ("<a href='//example.org/'/>", "href"),
        ("<set attributeName='href' to='javascript:x'/>", "to"),
        ("<animate attributeName='href' values='#a;javascript:x'/>", "values"),
        ("<image href='https://example.org/x.png'/>", "href"),
        ("<use xlink:href='//example.org/x.svg#a'/>", "href"),
        ("<feImage href='\\\\example.org/x'/>", "href"),
        ("<h:img src='http://example.org/x'/>", "src"),
        ("<style>@import 'x.css';</style>", "<style>"),
        ("<style><![CDATA[a {fill: url(https://example.org/)}]]></style>", "<style>"),
        ("<path fill='url( \"//example.org/x.svg#a\")'/>", "fill"),
    ],
)
def test_what_acts_is_found(text: str, found: str) -> None:
    what = f"is an image that would act in the reader's browser: `{found}`; remove that from it"
    assert fault(drawing(text)) == what
    assert fault(drawing(text).decode().encode("utf-16")) == what


@pytest.mark.parametrize(
    ("above", "found"),
    [
        ("<!DOCTYPE svg [<!ENTITY a '<script/>'>]>", "<!ENTITY>"),
        ("<?xml-stylesheet href='https://example.org/x.css'?>", "<?xml-stylesheet?>"),
    ],
)
def test_what_stands_above_the_image_is_found(above: str, found: str) -> None:
    assert f"`{found}`" in fault(above.encode() + drawing(""))


@pytest.mark.parametrize("data", [b"", b"x", b"<svg>", b"<svg><p:a/></svg>", b"<svg>\xff</svg>", b"<svg>&a;</svg>"])
def test_what_is_no_xml_is_no_image(data: bytes) -> None:
    found = fault(data)
    assert found.startswith("is no SVG: ")
    assert found.endswith("; save it anew")
