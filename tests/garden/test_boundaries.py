"""The engine outlives the site's generator: nothing in it knows MkDocs or its successors."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOOKS = Path(__file__).parents[2] / "hooks"
MODULES = sorted((HOOKS / "garden").rglob("*.py"))
PLATFORMS = ("mkdocs", "properdocs", "material", "zensical")

BLOCKED = """
import importlib, pkgutil, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {platforms!r}:
            raise ImportError(f"{{name}} is behind the wall")

sys.meta_path.insert(0, Wall())
sys.path.insert(0, {hooks!r})
import garden
for module in pkgutil.walk_packages(garden.__path__, "garden."):
    importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.partition(".")[0] in {platforms!r}))
"""


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_imports_neither_platform_nor_theme(file: Path) -> None:
    allowed = sys.stdlib_module_names | {"markdown", "pymdownx", "yaml", "PIL"}
    assert set(imported(file)) <= allowed


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_does_not_import_by_name(file: Path) -> None:
    assert "importlib" not in imported(file)
    assert "__import__" not in file.read_text()


def test_loads_where_no_platform_is_installed() -> None:
    program = BLOCKED.format(platforms=PLATFORMS, hooks=str(HOOKS))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_only_the_adapter_knows_the_platform() -> None:
    assert [file.name for file in HOOKS.glob("*.py")] == ["mkdocs_hooks.py"]
