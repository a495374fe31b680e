"""Who follows "How it works" to add a problem ends with one: its code is run as it stands on the page."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.browser.conftest import ROOT, build, copy_tree

TEXT = (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8")
RULE = re.compile(r"^```text\n(    [A-Z_]+ = RuleText\(\n.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r'^```text title="(?P<path>[^"]+\.py)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)


def test_the_problem_that_the_page_adds_is_found(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    copy_tree(tmp_path, docs=False)
    for folder in ("garden", "tests/unit"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    for file in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    files = {found["path"]: found["text"] for found in FILE.finditer(TEXT)}
    assert list(files) == ["tests/unit/lint/test_exclaiming.py", "garden/lint/exclaiming.py"]
    for path, text in files.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    named = follow(tmp_path / "garden")

    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    tests = ["tests/unit/lint/test_exclaiming.py"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [*command, *tests], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", *files, *map(str, named)]
    done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    (tmp_path / "docs/index.md").write_text("# Home\n\nPools help!\n", encoding="utf-8")
    what = "`help!` exclaims; end the sentence with a full stop [word-exclaimed]"
    assert build(tmp_path, "--strict", PYTHONPATH=str(tmp_path)).problems == [f"docs/index.md:3: {what}"]


def follow(engine: Path) -> list[Path]:
    """Do what the page says in words: name the rule, import its module, and ask it of every note."""
    [rule] = RULE.findall(TEXT)
    names, file = engine / "model/rules.py", engine / "lint/rules.py"
    text = names.read_text(encoding="utf-8")
    assert text.count("    # Prose\n\n") == 1
    names.write_text(text.replace("    # Prose\n\n", f"    # Prose\n\n{rule}"), encoding="utf-8")
    text = file.read_text(encoding="utf-8")
    text, imports = re.subn(r"^(from garden\.lint import )", r"\1exclaiming, ", text, flags=re.MULTILINE)
    text, rules = re.subn(r"^(RULES: .* = \(\n)", r"\1    exclaiming.problems,\n", text, flags=re.MULTILINE)
    assert (imports, rules) == (1, 1)
    file.write_text(text, encoding="utf-8")
    return [names, file]


def test_the_steps_are_those_of_a_build_in_their_order() -> None:
    tree = ast.parse((ROOT / "garden/build.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls = (node for node in ast.walk(functions["build"]) if isinstance(node, ast.Call))
    ordered = sorted(calls, key=lambda call: (call.lineno, call.col_offset))
    called = [call.func.id for call in ordered if isinstance(call.func, ast.Name) and call.func.id in functions]
    shown = TEXT.partition('title="the steps')[2].partition("\n")[2].partition("```")[0]
    assert [line.split()[0] for line in shown.splitlines()] == called


def test_every_room_is_on_the_page_on_its_floor() -> None:
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    floors = [layer.split(" | ") for layer in layers["contracts"][0]["layers"]]
    rows = re.findall(r"^\| (\d) \| `([\w.]+?)(?:\.py|/)` \|", TEXT, re.MULTILINE)
    assert {(int(floor), room) for floor, room in rows} == {
        (len(floors) - index, room) for index, rooms in enumerate(floors) for room in rooms
    }


def test_what_the_page_names_is_there() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`((?:garden|tests|tools|measurements|\.ci)/[\w./]*\w)/?`", prose))
    assert len(named) > 8
    assert {path for path in named if not (ROOT / path).exists()} == set()
