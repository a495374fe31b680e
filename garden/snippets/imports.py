"""What a snippet imports: the standard library, and the packages that its header names; a reader has nothing else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from garden.model.problem import Problem
from garden.model.rules import Rule

_ALONE = "a snippet is copied alone; put the code into it"


def problems(shown: str, text: str, packages: Collection[str], folder: str) -> Iterator[Problem]:
    """Yield a problem for each import of the module ``text`` that its header's ``packages`` do not cover.

    ``folder`` is that of all snippets, from the top of the repository.
    """
    snippets = folder.replace("/", ".")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield Problem(shown, error.lineno or 1, Rule.SNIPPET_SYNTAX, f"is no Python: {error.msg}; correct this line")
        return
    except (ValueError, RecursionError, MemoryError) as error:
        yield Problem(shown, 1, Rule.SNIPPET_SYNTAX, f"is no Python: {error}; correct it")
        return
    lines = enumerate(text.split("\n"), 1)
    listed = next((number for number, line in lines if line.startswith("# dependencies")), 0)
    place = f"`dependencies` in line {listed}" if listed else "its dependencies"
    named = {package.replace("-", "_") for package in packages} | {PurePosixPath(shown).stem}
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    for node in statements:
        for module in _imported(node):
            package = module.partition(".")[0]
            if not package:
                yield Problem(shown, node.lineno, Rule.SNIPPET_ALONE, f"imports from its own folder, but {_ALONE}")
            elif f"{module}.".startswith(f"{snippets}."):
                yield Problem(shown, node.lineno, Rule.SNIPPET_ALONE, f"imports another snippet, but {_ALONE}")
            elif package not in sys.stdlib_module_names and package.lower() not in named:
                advice = f'add "{package}" to {place}, or remove the import'
                what = f"imports {package}, which its header does not name; {advice}"
                yield Problem(shown, node.lineno, Rule.SNIPPET_IMPORT, what)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that a statement imports; one of the snippet's own folder is a dot."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return ["." if node.level else node.module or ""]
