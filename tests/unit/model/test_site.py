"""Addresses of a site: whole ones, other forms of a page, and the one that it is published under."""

from __future__ import annotations

import pytest

from garden.model.report import Report
from garden.model.site import Site, beside, file


@pytest.mark.parametrize(
    ("url", "path", "markdown"),
    [
        ("", "index.html", "index.md"),
        ("pool/", "pool/index.html", "pool/index.md"),
        ("a%20b/", "a b/index.html", "a%20b/index.md"),
        ("a/b.html", "a/b.html", "a/b.md"),
    ],
)
def test_a_page_has_a_file_and_other_forms_beside_it(url: str, path: str, markdown: str) -> None:
    assert file(url) == path
    assert beside(url, "index.md") == markdown


def test_addresses_are_whole() -> None:
    site = Site("The Guide", "https://guide.example/en/")
    assert [site.absolute(url) for url in ("", "pool/", "feed.xml")] == [
        "https://guide.example/en/",
        "https://guide.example/en/pool/",
        "https://guide.example/en/feed.xml",
    ]


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:8000/", "http://localhost/guide/", "http://[::1]/"])
def test_an_address_that_readers_cannot_use_is_told(address: str) -> None:
    what = f"pages would say that they stand at {address}; set SITE_URL to the address that readers use"
    report = Report()
    Site("The Guide", address).check(report)
    assert list(map(str, report.problems)) == [f"mkdocs.yml:1: {what} [site-address]"]


def test_an_address_that_readers_can_use_is_fine() -> None:
    report = Report()
    Site("The Guide", "https://guide.example/").check(report)
    assert report.problems == []


@pytest.mark.parametrize(("name", "slug"), [("The Guide, 2nd", "the-guide-2nd"), ("“…”", "site")])
def test_the_name_of_a_site_as_that_of_a_file(name: str, slug: str) -> None:
    assert Site(name, "https://guide.example/").slug == slug
