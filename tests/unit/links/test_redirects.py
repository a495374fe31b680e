"""Addresses that pages had before."""

from __future__ import annotations

import pytest

from garden.links import redirects
from garden.model.report import Report
from garden.model.site import Site
from garden.source import frontmatter
from tests.unit.conftest import Vault

NO_ADDRESS = "which is no address that a page had; write it like `old/path/` [front-matter-value]"


@pytest.mark.parametrize("address", ["old/", "old/path/", "a%20b/%C3%A9t%C3%A9/", "old.html", "a/b.html", "it's(1)/"])
def test_an_address(address: str) -> None:
    report = Report()
    meta = frontmatter.parse(f'moved_from: ["{address}"]', "docs/a.md", report)
    assert (meta.moved_from, report.problems) == ((address,), [])
    assert meta.as_dict() == {"moved_from": [address]}


@pytest.mark.parametrize(
    "address",
    [
        "/old/", "old", "old/path", "../old/", "a/../b/", "./", "a//b/", "a b/", "café/", "old/?x=1", "old/#x",
        "https://example.org/", "javascript:x/", "%zz/", "old.htm", "a<b/", "index.md",
    ],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    report = Report()
    meta = frontmatter.parse(f'title: A\nmoved_from: ["{address}"]', "docs/a.md", report)
    assert [str(problem) for problem in report.problems] == [
        f"docs/a.md:3: `moved_from` holds `{address}`, {NO_ADDRESS}"
    ]
    assert meta.moved_from == ()


def test_an_address_of_a_page_is_refused(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "---\nmoved_from: [home/]\n---\n# Home\n\n[[a]]\n",
            "a.md": "---\ntitle: A\nmoved_from:\n  - b/\n  - snippets/\n---\n[[index]]\n",
            "b.md": "---\nmoved_from: [b/]\n---\n# B\n\n[[a]], [[b]]\n",
        },
        {"a/b.py": '"""A snippet."""\n'},
        pages=True,
    )
    assert [problem for problem in site.problems if "moved_from" in problem] == [
        "docs/a.md:4: `moved_from` holds `b/`, where the page of docs/b.md is; "
        "remove it from the list [old-address-taken]",
        "docs/a.md:5: `moved_from` holds `snippets/`, where the page of snippets is; "
        "remove it from the list [old-address-taken]",
        "docs/b.md:2: `moved_from` holds `b/`, where the page of docs/b.md is; "
        "remove it from the list [old-address-taken]",
    ]


def test_two_notes_cannot_have_moved_from_one_place(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[[a]], [[b]]\n",
            "a.md": "---\nmoved_from: [old/]\n---\n# A\n",
            "b.md": "---\ntitle: B\nmoved_from: [older/, old/]\n---\n",
        }
    )
    assert site.problems == [
        "docs/b.md:3: `moved_from` holds `old/`, which docs/a.md claims too; "
        "keep it in one of the two [old-address-taken]"
    ]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("errors: [a, b]", 2),
        ("title: b\nerrors:\n  - a\n  - b", 5),
        ('errors:\n  - "\\x62"', 2),
        ('{errors: "b"}', 1),
    ],
)
def test_the_line_of_a_text_in_the_front_matter(head: str, line: int) -> None:
    assert frontmatter.line(head, "errors", "b") == line


# Redirects


GUIDE = Site("The Guide", "https://guide.example/")


def test_a_page_that_has_moved_leads_to_its_place(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[a]]\n", "a.md": '---\ntitle: "<A>"\nmoved_from: [old/b/, c.html]\n---\n'})
    found = redirects.redirects(site.build.notes.values(), GUIDE)
    assert list(found) == ["old/b/index.html", "c.html"]
    page = found["old/b/index.html"]
    assert '<meta http-equiv="refresh" content="0; url=../../a/">' in page
    assert '<link rel="canonical" href="https://guide.example/a/">' in page
    assert '<script src="../../assets/moved.js" data-to="../../a/"></script>' in page
    assert '<a href="../../a/">&lt;A&gt;</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'content="0; url=a/"' in found["c.html"]


def test_no_redirect_takes_the_place_of_a_page(vault: Vault) -> None:
    site = vault(
        {"index.md": "---\nmoved_from: [a/, b/]\n---\n# Home\n\n[[a]]\n", "a.md": "---\nmoved_from: [b/]\n---\n# A\n"}
    )
    found = redirects.redirects(site.build.notes.values(), GUIDE)
    assert list(found) == ["b/index.html"]
    assert "<title>Moved: A</title>" in found["b/index.html"]
