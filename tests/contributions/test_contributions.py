"""Contributions that are wrong, each with all that `make check` says of it.

The cases stand in the text files beside this one. `===` begins a case, `--- path` a file of it; `--- path -> target` is
a symbolic link, `--- path 300 kB` a file of that size. What stands below `--- says` is what the check prints.
Every case has a note `docs/index.md` that links to `docs/pools.md`. Notes and snippets are cut short: how long a note
should be is left out, and what a snippet's contract asks, but for the cases of `contract.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from garden.commands import check
from garden.lint import snippet_files
from tests.unit.repository import CONFIG, ROOT

_FILE = re.compile(r"^--- (?P<path>\S.*?)(?: -> (?P<target>\S+)| (?P<size>\d+) kB)?\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """What is wrong, the files by path, the symbolic links by path, and what is said."""

    name: str
    files: dict[str, bytes]
    links: dict[str, str]
    says: list[str]


def cases() -> Iterator[Case]:
    for file in sorted(Path(__file__).parent.glob("*.txt")):
        for text in re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, rest = text.partition("\n")
            yield case(f"{file.stem}: {name}", rest)


def case(name: str, text: str) -> Case:
    parts = list(_FILE.finditer(text))
    files, links, says = {}, {}, ""
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        content = text[part.end() : following.start() if following else len(text)]
        content = content.rstrip("\n") + "\n"
        if part["path"] == "says":
            says = content
        elif part["target"]:
            links[part["path"]] = part["target"]
        elif part["size"]:
            files[part["path"]] = b"x" * (1_000 * int(part["size"]) - 1) + b"\n"
        else:
            content = content.replace("\\\n", "") if content.endswith("\\\n") else content
            files[part["path"]] = content.encode().replace(b"\\xff", b"\xff")
    return Case(name, files, links, says.splitlines())


def written(root: Path, given: Case) -> Path:
    """Write a case into a folder, as a repository with our configuration."""
    config = CONFIG
    if own := given.files.get("mkdocs.yml"):
        first = own.decode().partition("\n")[0]
        config = re.sub(rf"^{first}\n(?: .*\n)*", "", CONFIG, flags=re.MULTILINE)
        config = own.decode() + config
    base = {
        "docs/index.md": b"# Home\n\nRead [[Pools]], and [[pools]].\n",
        "pyproject.toml": (ROOT / "pyproject.toml").read_bytes(),
    }
    for path, content in (base | given.files | {"mkdocs.yml": config.encode()}).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    for path, target in given.links.items():
        link = root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    return root


CASES = list(cases())


def test_there_are_many() -> None:
    assert len(CASES) >= 60
    assert len({given.name for given in CASES}) == len(CASES)
    assert [given.name for given in CASES if not given.says] == []


@pytest.mark.parametrize("given", CASES, ids=[given.name for given in CASES])
def test_what_is_wrong_is_said(tmp_path: Path, given: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    if not given.name.startswith("contract: "):
        monkeypatch.setattr(snippet_files, "problems", lambda *_: ())
    found = check.problems(written(tmp_path, given))
    assert [str(problem) for problem in found] == given.says


def test_a_good_contribution_passes(tmp_path: Path) -> None:
    good = case("good", "--- docs/pools.md\n# Pools\n\nWhat [[Home]] needs.\n")
    assert check.problems(written(tmp_path, good)) == []
