"""Highlighted code: a block is made once, and is on each page what it would have been alone."""

from __future__ import annotations

import gc

import pytest
from markdown import Markdown

from garden.markdown import highlight_cache

EXTENSIONS = ["pymdownx.highlight", "pymdownx.superfences"]


@pytest.fixture(autouse=True)
def _no_other_heap() -> None:
    """Set aside what other tests keep: a collection of garbage need not look through it."""
    gc.freeze()


def made(text: str, options: dict[str, object], *, keep: bool = True) -> str:
    """Return what a converter of its own makes of a text."""
    md = Markdown(extensions=EXTENSIONS, extension_configs={"pymdownx.highlight": options})
    if keep:
        highlight_cache.install(md)
    html = md.convert(text)
    del md
    gc.collect()  # The next may lie in its place.
    return html


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("python", {}),
        ('python title="<b>One</b>"', {}),
        ('python title="<b>One</b>" title_mode="html"', {}),
        ('python linenums="1"', {"line_anchors": "line"}),
        ('python hl_lines="1"', {"line_spans": "line"}),
    ],
)
def test_a_block_is_the_same_again_and_elsewhere(header: str, options: dict[str, object]) -> None:
    block = f"```{header}\nsize = 5\n```\n"
    for text in (block, block, f"<i>aside</i>\n\n{block}", block * 3):
        assert made(text, options) == made(text, options, keep=False)


def test_blocks_that_differ_in_one_thing_differ() -> None:
    blocks = ("```python\na\n```", "```text\na\n```", '```python title="A"\na\n```', '```python hl_lines="1"\na\n```')
    assert len({made(block, {}) for block in blocks}) == len(blocks)
