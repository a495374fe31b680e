"""Begin a snippet: the file and its test, which keep the contract of a snippet and say what to fill in.

garden snippet topic/name
"""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path

from garden.commands import editor, git
from garden.commands.new_files import Refused, create
from garden.lint import placeholders
from garden.model.settings import Settings

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*/[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_ANTIPATTERN = "# ANTI-PATTERN: it does harm; do not copy it.  # fill in: what harm\n"
_SOURCE = '''\
{warning}{license}# /// script
# requires-python = ">=3.10"
# dependencies = []  # fill in: the packages that it imports, such as "requests>=2.31"; none if it needs none
# ///
"""{title}.

Use it when this is what you need. Not when something simpler will do.
{servers}"""  # fill in: {about}


# --8<-- [start:{name}]
{warning}def {name}(number: int) -> int:
    """Return the number after ``number``."""  # fill in: what the snippet shows
    return number + 1
# --8<-- [end:{name}]


def demo() -> None:
    """Print what a reader sees."""
    print({name}(1))  # fill in: what shows that it works


if __name__ == "__main__":
    demo()
'''
_TEST = '''\
"""{title}: what it promises."""

from __future__ import annotations

from {package}.{topic}.{name} import {name}


def test_it_returns_the_number_after() -> None:
    assert {name}(1) == 2  # fill in: what fails when the behavior goes away; break the snippet once and see
'''


def write(root: Path, key: str, settings: Settings) -> list[Path]:
    """Write the files of the snippet ``key``, such as ``topic/name``; raise `Refused` if there cannot be one."""
    folders = settings.folders
    key = key.removeprefix(f"{folders.snippets}/").removesuffix(".py")
    if not _NAME.fullmatch(key) or any(keyword.iskeyword(part) for part in key.split("/")):
        raise Refused(f"{key!r} {_fault(key)}")
    topic, name = key.split("/")
    if name == "demo":
        raise Refused("a snippet's function `demo` is what prints; choose another name")
    words = {
        "package": folders.snippets.replace("/", "."),
        "topic": topic,
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "warning": _ANTIPATTERN if topic == folders.antipatterns else "",
        "license": f"# SPDX-License-Identifier: {license_}\n" if (license_ := settings.licenses.snippets) else "",
        **_servers(settings),
    }
    tests = root / folders.tests / topic
    texts = {
        root / folders.snippets / topic / f"{name}.py": _SOURCE.format(**words),
        tests / f"test_{name}.py": _TEST.format(**words),
    }
    if not (tests / "__init__.py").exists():
        texts[tests / "__init__.py"] = f'"""Tests of {folders.snippets}/{topic}."""\n'
    return create(texts)


def _servers(settings: Settings) -> dict[str, str]:
    """Return the line that names the servers, and what is to fill in of the docstring."""
    known = settings.servers
    if not known:
        return {"servers": "", "about": "a title, and when to use it and when not"}
    without = next((name for name, server in known.items() if not server.variables), "")
    about = "a title, when to use it and when not, and the servers that its test uses"
    about += f" ({without} if it needs none)" if without else ""
    return {"servers": f"\nServers: {without or next(iter(known))}.\n", "about": about}


def _fault(key: str) -> str:
    """Return what is wrong with a name, and what to write."""
    better = re.sub(r"[-\s]", "_", key).lower()
    if "-" in key and _NAME.fullmatch(better):
        return f"has a hyphen, which no name in Python has; write: make snippet NAME={better}"
    if key != better and _NAME.fullmatch(better):
        return f"has capital letters or spaces; write: make snippet NAME={better}"
    if word := next((part for part in key.split("/") if keyword.iskeyword(part)), ""):
        return f"has {word!r} in it, which is a word of Python; choose another name"
    if key.count("/") != 1:
        return "is no topic and a name; write: make snippet NAME=topic/name"
    return "is no name of a snippet; write NAME=topic/name, each with a to z, 0 to 9 and `_` between them"


def run(root: Path, key: str, settings: Settings) -> int:
    """Begin the snippet of this name; say what to fill in; return how the process ends."""
    try:
        files = write(root, key, settings)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    editor.write(root, settings.folders)
    for file in files:
        shown = file.relative_to(root).as_posix()
        print(f"{shown}: written", *placeholders.fill_ins(shown, file.read_text(encoding="utf-8")), sep="\n")
    path = files[0].relative_to(root / settings.folders.snippets).as_posix()
    print(f"then keep what it prints: make outputs ONLY={path.removesuffix('.py')}")
    print(f'and show it in a note, between ```python and ```: --8<-- "{path}:{files[0].stem}"')
    # What it prints will be kept beside it, in a file for each server.
    kept = f"{files[0].parent.relative_to(root).as_posix()}/{files[0].stem}.*"
    tests = (file.relative_to(root).as_posix() for file in files[1:])
    print(f"git does not know the files yet; when they are done: {git.command([kept, *tests])}")
    return 0
