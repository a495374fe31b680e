"""The site's policy is said once; servers are told of it in their own words."""

from __future__ import annotations

from pathlib import Path

from garden.publish import csp

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
STRICT = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)


def test_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert csp.meta() == STRICT
    assert csp.headers()["Content-Security-Policy"] == f"{STRICT}; frame-ancestors 'none'"


def test_the_file_for_netlify_has_every_header() -> None:
    first, *rest = csp.headers_file().splitlines()
    assert first == "/*"
    assert [line.strip().split(": ", 1) for line in rest] == [list(header) for header in csp.headers().items()]


def test_the_readme_shows_the_lines_for_nginx() -> None:
    assert csp.nginx() in README
