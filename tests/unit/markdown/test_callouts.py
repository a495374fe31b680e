"""Obsidian's callouts become admonitions."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault
from tests.unit.reading import body, marked


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "> [!warning] Mind this\n> Text.",
            '<div class="admonition warning">\n<p class="admonition-title">Mind this</p>\n<p>Text.</p>\n</div>',
        ),
        (
            "> [!NOTE]\n> Text.",
            '<div class="admonition note">\n<p class="admonition-title">Note</p>\n<p>Text.</p>\n</div>',
        ),
        (
            ">[!tip]Short\n>Text.",
            '<div class="admonition tip">\n<p class="admonition-title">Short</p>\n<p>Text.</p>\n</div>',
        ),
        ("> [!tip] Title only", '<div class="admonition tip">\n<p class="admonition-title">Title only</p>\n</div>'),
        (
            "> [!tip]- Folded *title*\n> Text.",
            '<details class="tip">\n<summary>Folded <em>title</em></summary>\n<p>Text.</p>\n</details>',
        ),
        ("> [!tip]+\n> Text.", '<details class="tip" open="open">\n<summary>Tip</summary>\n<p>Text.</p>\n</details>'),
        (
            "> [!todo] T\n>\n> One.\n>\n> - two",
            '<div class="admonition info">\n<p class="admonition-title">T</p>\n'
            "<p>One.</p>\n<ul>\n<li>two</li>\n</ul>\n</div>",
        ),
        (
            "> [!my-own]\n> Text.",
            '<div class="admonition my-own">\n<p class="admonition-title">My own</p>\n<p>Text.</p>\n</div>',
        ),
        (
            "> [!note] A\n> One.\n\n> [!tip] B\n> Two.",
            '<div class="admonition note">\n<p class="admonition-title">A</p>\n<p>One.</p>\n</div>'
            '<div class="admonition tip">\n<p class="admonition-title">B</p>\n<p>Two.</p>\n</div>',
        ),
        (
            "> Said.\n\n> [!note] A\n> One.",
            '<blockquote>\n<p>Said.</p>\n</blockquote><div class="admonition note">\n'
            '<p class="admonition-title">A</p>\n<p>One.</p>\n</div>',
        ),
        (
            "> [!note] A\n> One.\n> > [!tip]- B\n> > Two.",
            '<div class="admonition note">\n<p class="admonition-title">A</p>\n<p>One.</p>\n'
            '<details class="tip">\n<summary>B</summary>\n<p>Two.</p>\n</details>\n</div>',
        ),
        (
            "> [!note] A\n> ```text\n> [[code]]\n> ```",
            '<div class="admonition note">\n<p class="admonition-title">A</p>\n'
            '<div class="language-text highlight"><pre><span></span><code>[[code]]\n</code></pre></div>\n</div>',
        ),
        ("> Said [!note] here", "<blockquote>\n<p>Said [!note] here</p>\n</blockquote>"),
        ("> [!] Said", "<blockquote>\n<p>[!] Said</p>\n</blockquote>"),
        ("[!note] Said", "<p>[!note] Said</p>"),
        ("- > [!note] A\n  > One.", None),
    ],
)
def test_callout(vault: Vault, text: str, html: str | None) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n"})
    if html is None:
        assert "admonition note" in site["index.md"]
    else:
        assert (
            body(site["index.md"])
            .replace('</div>\n<div class="admonition', '</div><div class="admonition')
            .replace("</blockquote>\n<div", "</blockquote><div")
            == html
        )
    assert site.problems == []


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("summary", "abstract"),
        ("tldr", "abstract"),
        ("todo", "info"),
        ("hint", "tip"),
        ("important", "tip"),
        ("check", "success"),
        ("done", "success"),
        ("help", "question"),
        ("faq", "question"),
        ("Caution", "warning"),
        ("attention", "warning"),
        ("fail", "failure"),
        ("missing", "failure"),
        ("ERROR", "danger"),
        ("cite", "quote"),
    ],
)
def test_synonym(vault: Vault, written: str, kind: str) -> None:
    site = vault({"index.md": f"# Home\n\n> [!{written}]\n> Text.\n"})
    title = kind.capitalize()
    assert f'<div class="admonition {kind}">\n<p class="admonition-title">{title}</p>' in site["index.md"]


def test_links_in_callouts(vault: Vault) -> None:
    text = "> [!note] About [[Foo]]\n> See [[Foo]] there. Or [x](Foo.md) here.\n> ^block\n\n![[#^block]]\n"
    site = vault({"index.md": f"# Home\n\n{text}", "Foo.md": "# Foo\n"})
    assert marked(site["Foo.md"]) == {"Home": ["About *Foo*", "See *Foo* there.", "Or *x* here."]}
    assert body(site["index.md"]).count("See <a") == 2
    assert site.fatal == []
