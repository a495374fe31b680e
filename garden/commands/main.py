"""The command line: ``garden check``, ``fix``, ``note``, ``snippet``, ``rename`` and ``editor``.

Each works on the site whose ``mkdocs.yml`` stands in the current folder, or in the nearest one above it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from garden.commands import check, editor, explain, fix, new_note, new_snippet, rename
from garden.model.site import CONFIG
from garden.source.settings import Unreadable, load


def root(start: Path) -> Path | None:
    """Return the nearest folder, from ``start`` upward, that holds a site; None if there is none."""
    return next((folder for folder in (start, *start.parents) if (folder / CONFIG).is_file()), None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return how the process ends."""
    given = _parser().parse_args(arguments)
    if given.command == "check" and given.explain:
        return explain.run(given.explain)
    site = root(Path.cwd())
    if site is None:
        print(f"there is no {CONFIG} in this folder or above it; run garden inside a site", file=sys.stderr)
        return 2
    if given.command == "check":
        return check.run(site)
    try:
        settings = load(site / CONFIG)
    except Unreadable as unreadable:
        print(unreadable, file=sys.stderr)
        return 1
    match given.command:
        case "fix":
            return fix.run(site, settings)
        case "note":
            return new_note.run(site, " ".join(given.title))
        case "snippet":
            return new_snippet.run(site, " ".join(given.name), settings)
        case "rename":
            return rename.run(site, given.old, given.new)
        case _:
            editor.write(site, settings.folders)
            return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="garden", description="Checks and changes a site of linked, tested notes.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="check notes and snippets")
    command.add_argument("--explain", metavar="RULE", default="", help="say why a rule exists, and check nothing")
    commands.add_parser("fix", help="fix what can be fixed without a decision")
    command = commands.add_parser("note", help="begin a note")
    command.add_argument("title", nargs="*")
    command = commands.add_parser("snippet", help="begin a snippet and its test")
    command.add_argument("name", nargs="*", help="topic/name")
    command = commands.add_parser("rename", help="move a note, and every link to it")
    command.add_argument("old", nargs="?", default="")
    command.add_argument("new", nargs="?", default="")
    commands.add_parser("editor", help="write what editors read: the schema of the front matter, completions")
    return parser
