"""The commands that CI runs; see the package."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tools.review import affected_tests, archive, built_site, differences, preview_folders, summary

ROOT = Path(__file__).parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    parser = argparse.ArgumentParser(prog="review", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("scope", help="tell which tests the change since BASE needs")
    command.add_argument("base")
    command = commands.add_parser("summary", help="tell as Markdown how two built sites differ")
    command.add_argument("before", type=Path)
    command.add_argument("after", type=Path)
    command = commands.add_parser("unpack", help="take the files of a preview from an archive")
    command.add_argument("archive", type=Path)
    command.add_argument("folder", type=Path)
    command = commands.add_parser("place", help="put an unpacked preview into the folder of previews")
    command.add_argument("site", type=Path)
    command.add_argument("previews", type=Path)
    command.add_argument("name")
    return _run(parser.parse_args(arguments))


def _run(given: argparse.Namespace) -> int:
    match given.command:
        case "scope":
            return _scope(given.base)
        case "summary":
            print(
                summary.written(differences.compare(built_site.read(given.before), built_site.read(given.after))),
                end="",
            )
        case "unpack":
            return _unpack(given.archive, given.folder)
        case _:
            for name in preview_folders.place(given.site, given.previews, given.name):
                print(f"{name} has left")
    return 0


def _scope(base: str) -> int:
    """Say it to a reader, and as an output of the step."""
    why = affected_tests.reason(affected_tests.changed(ROOT, base))
    print(f"{why!r} needs every test" if why else "nothing but prose has changed: the tests of pages are enough")
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"tests={'all' if why else 'pages'}\n")
    return 0


def _unpack(packed: Path, folder: Path) -> int:
    try:
        count = archive.unpack(packed, folder)
    except archive.Refused as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return 1
    print(f"{count} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
