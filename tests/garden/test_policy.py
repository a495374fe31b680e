"""The site's policy is said once; servers are told of it in their own words."""

from __future__ import annotations

from pathlib import Path

from garden import policy

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
STRICT = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)


def test_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert policy.meta() == STRICT
    assert policy.headers()["Content-Security-Policy"] == f"{STRICT}; frame-ancestors 'none'"


def test_the_file_for_netlify_has_every_header() -> None:
    first, *rest = policy.headers_file().splitlines()
    assert first == "/*"
    assert [line.strip().split(": ", 1) for line in rest] == [list(header) for header in policy.headers().items()]


def test_the_readme_shows_the_lines_for_nginx() -> None:
    assert policy.nginx() in README
