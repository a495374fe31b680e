"""The engine outlives the site's generator: only its adapter knows MkDocs, and nothing knows its successors."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import garden

ENGINE = Path(garden.__file__).parent
PLATFORMS = ("mkdocs", "properdocs", "material", "zensical")
ADAPTER = ENGINE / "plugin.py"
# What only pytest loads.
PYTEST_PLUGIN = ENGINE / "snippets/pytest_plugin.py"
IN_THE_BROWSER = ENGINE / "runtime/python"
MODULES = sorted(
    file
    for file in ENGINE.rglob("*.py")
    if file not in (ADAPTER, PYTEST_PLUGIN) and not file.is_relative_to(IN_THE_BROWSER)
)

BLOCKED = """
import importlib, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {platforms!r}:
            raise ImportError(f"{{name}} is behind the wall")

sys.meta_path.insert(0, Wall())
for name in {names!r}:
    importlib.import_module(name)
print(sorted(name for name in sys.modules if name.partition(".")[0] in {platforms!r}))
"""


def name(file: Path) -> str:
    """Return the name under which a module of the engine is imported."""
    return ".".join(file.relative_to(ENGINE.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_imports_neither_platform_nor_theme(file: Path) -> None:
    allowed = sys.stdlib_module_names | {"garden", "markdown", "pymdownx", "yaml", "PIL", "nh3", "packaging", "tomli"}
    assert set(imported(file)) <= allowed


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_does_not_import_by_name(file: Path) -> None:
    assert "importlib" not in set(imported(file)) - {"garden"} or file.name == "packages.py"
    assert "__import__" not in file.read_text()


def test_loads_where_no_platform_is_installed() -> None:
    names = [name(file) for file in MODULES if file.name != "__main__.py"]
    program = BLOCKED.format(platforms=PLATFORMS, names=names)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
