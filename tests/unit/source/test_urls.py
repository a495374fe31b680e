"""Addresses from one page to another."""

from __future__ import annotations

import pytest

from garden.source.urls import fragment, relative


@pytest.mark.parametrize(
    ("target", "page", "address"),
    [
        ("", "", "./"),
        ("a/", "", "a/"),
        ("", "a/", "../"),
        ("a/", "a/", "./"),
        ("a/b/", "a/", "b/"),
        ("a/", "a/b/", "../"),
        ("a/b/", "a/c/", "../b/"),
        ("a/b/", "c/d/e/", "../../../a/b/"),
        ("a.html", "b.html", "a.html"),
        ("a.html", "a.html", "a.html"),
        ("a/i.png", "a/b/", "../i.png"),
        ("i.png", "a/b/", "../../i.png"),
        ("javascript%3Ax/", "", "javascript%3Ax/"),
    ],
)
def test_relative(target: str, page: str, address: str) -> None:
    assert relative(target, page) == address


def test_fragment() -> None:
    assert fragment('to:a b"<^ü') == "#to:a%20b%22%3C%5E%C3%BC"
