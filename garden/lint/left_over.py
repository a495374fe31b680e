"""What `make check` asks of snippets besides what the site shows: their contract, and that nothing is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from garden.lint.snippet_contract import breaches
from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.model.settings import Settings
from garden.snippets.catalog import Snippet


def problems(root: Path, paths: Iterable[str], settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the snippets at ``paths`` below ``root/snippets``, and with what belongs to none."""
    keys = set()
    for path in paths:
        keys.add(path.removesuffix(".py"))
        if path.count("/") == 1:
            yield from breaches(Snippet(root / "snippets" / path, settings))
        else:
            what = "lies in no topic, so that no test sees it; move it to snippets/topic/name.py"
            yield Problem(f"snippets/{path}", 1, Rule.SNIPPET_TOPIC, what)
    yield from _left_over(root, keys)


def _left_over(root: Path, keys: set[str]) -> Iterator[Problem]:
    for output in (root / "snippets").glob("*/*.out"):
        key = f"{output.parent.name}/{output.name.partition('.')[0]}"
        if key not in keys:
            yield _of(f"snippets/{key}.py", f"snippets/{key.partition('/')[0]}/{output.name}")
    for test in (root / "tests/snippets").glob("*/test_*.py"):
        key = f"{test.parent.name}/{test.stem.removeprefix('test_')}"
        if key not in keys:
            yield _of(f"snippets/{key}.py", f"tests/snippets/{test.parent.name}/{test.name}")


def _of(snippet: str, file: str) -> Problem:
    what = f"belongs to {snippet}, which is not there; write that, or remove this file"
    return Problem(file, 1, Rule.SNIPPET_LEFT_OVER, what)
