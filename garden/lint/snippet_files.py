"""What `make check` asks of snippets besides what the site shows: their contract, and that nothing is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from garden.lint import snippet_contract
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.settings import Folders, Settings
from garden.snippets.catalog import Snippet


def problems(root: Path, paths: Iterable[str], settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the snippets at ``paths`` below their folder, and with what belongs to none."""
    folder = settings.folders.snippets
    keys = set()
    for path in paths:
        keys.add(path.removesuffix(".py"))
        if path.count("/") == 1:
            yield from snippet_contract.problems(Snippet(root / folder / path, settings))
        else:
            what = f"lies in no topic, so that no test sees it; move it to {folder}/topic/name.py"
            yield Problem(f"{folder}/{path}", 1, Rule.SNIPPET_TOPIC, what)
    yield from _left_over(root, keys, settings.folders)


def _left_over(root: Path, keys: set[str], folders: Folders) -> Iterator[Problem]:
    outputs = {file: file.name.partition(".")[0] for file in (root / folders.snippets).glob("*/*.out")}
    tests = {file: file.stem.removeprefix("test_") for file in (root / folders.tests).glob("*/test_*.py")}
    for file, name in (outputs | tests).items():
        key = f"{file.parent.name}/{name}"
        if key not in keys:
            what = f"belongs to {folders.snippets}/{key}.py, which is not there; write that, or remove this file"
            yield Problem(file.relative_to(root).as_posix(), 1, Rule.SNIPPET_LEFT_OVER, what)
