"""The site's Content-Security-Policy, and what tells web servers of it. Said here once, and nowhere else."""

from __future__ import annotations

# 'wasm-unsafe-eval': Python in the reader's browser is WebAssembly. data: is what the theme draws its icons with.
_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# What only a header can say.
_IN_HEADERS = {"frame-ancestors": "'none'"}

HEADERS_FILE = "_headers"


def meta() -> str:
    """Return the policy as a page can carry it itself: for hosts that let nobody set headers."""
    return _joined(_DIRECTIVES)


def headers() -> dict[str, str]:
    """Return the headers to send with every answer, by name."""
    return {
        "Content-Security-Policy": _joined(_DIRECTIVES | _IN_HEADERS),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


def headers_file() -> str:
    """Return the file from which Netlify, and others that took its form, read the headers of a site."""
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in headers().items())


def nginx() -> str:
    """Return the lines for nginx, in the ``server`` or ``location`` that has the site."""
    return "".join(f'add_header {name} "{value}" always;\n' for name, value in headers().items())


def _joined(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())
