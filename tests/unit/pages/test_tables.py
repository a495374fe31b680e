"""Tables stand in frames that scroll; what is aligned is so by a class."""

from __future__ import annotations

import pytest

from garden.pages.tables import scrollable


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>no table</p>", "<p>no table</p>"),
        ("a<table>b</table>c", 'a<div class="table-frame"><table>b</table></div>c'),
        ('<table class="query">b</table>', '<div class="table-frame"><table class="query">b</table></div>'),
        ("<tablet><table></table>", '<tablet><div class="table-frame"><table></table></div>'),
        (
            '<table><tr><th align="right">a</th><td align="center">b</td><td>c</td></tr></table>',
            '<div class="table-frame"><table><tr><th class="align-right">a</th><td class="align-center">b</td>'
            "<td>c</td></tr></table></div>",
        ),
        ("<table></table><table></table>", 2 * '<div class="table-frame"><table></table></div>'),
        ("<code>&lt;table></code>", "<code>&lt;table></code>"),
    ],
)
def test_framed(html: str, expected: str) -> None:
    assert scrollable(html) == expected
