"""The Python packages that snippets import, as they are installed here: what the tests test is what the reader runs.

They came hash-checked from requirements.txt. Of those with compiled parts, SQLAlchemy and MarkupSafe, the wheels also
hold the same modules in Python, which take over where the compiled ones are not. Flask-SQLAlchemy-Lite is left out: it
loads SQLAlchemy's asyncio part, which needs greenlet, and that is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

NAMES = (
    "sqlalchemy",
    "typing-extensions",
    "flask",
    "werkzeug",
    "jinja2",
    "markupsafe",
    "click",
    "itsdangerous",
    "blinker",
    "flask-sqlalchemy",
)


def versions() -> dict[str, str]:
    """Return the version of each package."""
    return {name: metadata.version(name) for name in NAMES}


def modules() -> Iterator[tuple[str, Path]]:
    """Yield each module of each package: its path in the archive, and its file. Then those that stand in for others."""
    for name in NAMES:
        for file in metadata.files(name) or ():
            if file.suffix == ".py" and ".." not in file.parts:
                yield file.as_posix(), Path(str(file.locate()))
    yield from ((file.name, file) for file in sorted(Path(__file__).parent.glob("python/stand_ins/*.py")))


def licenses() -> Iterator[tuple[str, str]]:
    """Yield each package with its version, and the text of its license."""
    for name in NAMES:
        texts = [
            Path(str(file.locate())).read_text(encoding="utf-8")
            for file in metadata.files(name) or ()
            if ".dist-info" in str(file) and file.name.upper().startswith(("LICEN", "COPYING"))
        ]
        yield f"{name} {metadata.version(name)}", "\n".join(texts)
