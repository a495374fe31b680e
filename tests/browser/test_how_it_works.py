"""Who follows "How it works" to add a problem ends with one: its code is run as it stands on the page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.browser.conftest import ROOT, build, copy_tree

TEXT = (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8")
FILE = re.compile(r'^```text title="(?P<path>[^"]+)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)


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
    named = follow(tmp_path / "garden/lint/rules.py")

    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    tests = ["tests/unit/lint/test_exclaiming.py"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [*command, *tests], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", *files, str(named)]
    done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    (tmp_path / "docs/index.md").write_text("# Home\n\nPools help!\n", encoding="utf-8")
    what = "`help!` exclaims; end the sentence with a full stop"
    assert build(tmp_path, "--strict", PYTHONPATH=str(tmp_path)).problems == [f"docs/index.md:3: {what}"]


def follow(file: Path) -> Path:
    """Do in rules.py what the page says in words: the import, and the rule."""
    text = file.read_text(encoding="utf-8")
    text, imports = re.subn(r"^(from garden\.lint import )", r"\1exclaiming, ", text, flags=re.MULTILINE)
    text, rules = re.subn(r"^(RULES: .* = \(\n)", r"\1    exclaiming.problems,\n", text, flags=re.MULTILINE)
    assert (imports, rules) == (1, 1)
    file.write_text(text, encoding="utf-8")
    return file


def test_what_the_page_names_is_there() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`((?:garden|tests|tools|measurements|\.ci)/[\w./]*\w)/?`", prose))
    assert len(named) > 8
    assert {path for path in named if not (ROOT / path).exists()} == set()
