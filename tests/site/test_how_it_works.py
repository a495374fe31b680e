"""Who follows "How it works" to add a problem ends with one: its code is run as it stands on the page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from .conftest import ROOT, Outcome, build, copy_tree

TEXT = (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8")
FILE = re.compile(r'^```text title="(?P<path>[^"]+)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)


def test_the_problem_that_the_page_adds_is_found(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    copy_tree(tmp_path, docs=False)
    for folder in ("desk", "tests/garden"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    for file in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    files = {found["path"]: found["text"] for found in FILE.finditer(TEXT)}
    assert list(files) == ["tests/garden/test_exclaiming.py", "hooks/garden/exclaiming.py"]
    for path, text in files.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    named = follow(tmp_path / "hooks/garden/build.py")

    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    tests = ["tests/garden/test_exclaiming.py", "tests/garden/test_stages.py"]
    done = subprocess.run([*command, *tests], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", *files, str(named)]
    done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    (tmp_path / "docs/index.md").write_text("# Home\n\nPools help!\n", encoding="utf-8")
    what = "`help!` exclaims; end the sentence with a full stop"
    assert build(tmp_path, "--strict").problems == [f"docs/index.md:3: {what}"]


def follow(file: Path) -> Path:
    """Do in build.py what the page says in words: the import, the rule, the module's name."""
    text = file.read_text(encoding="utf-8")
    text, imports = re.subn(
        r"^(from \. import \(\n(?:    [a-e]\w*,\n)+)", r"\1    exclaiming,\n", text, flags=re.MULTILINE
    )
    text, rules = re.subn(r"^(RULES: .* = \(\n)", r"\1    exclaiming.problems,\n", text, flags=re.MULTILINE)
    row = r'(        "check each note by itself",\n(?:.*\n)*?        modules=\(\s*)'
    text, modules = re.subn(row, r'\1"exclaiming", ', text)
    assert (imports, rules, modules) == (1, 1, 1)
    file.write_text(text, encoding="utf-8")
    return file


def test_what_the_page_names_is_there() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`((?:hooks|tests|review|measurements|\.ci)/[\w./]*\w)/?`", prose))
    assert len(named) > 8
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_the_page_draws_the_stages(guide: Outcome) -> None:
    assert guide.page("how-it-works/index.html").count('<figure class="stages">') == 1


def test_each_stage_has_its_name_inside(guide: Outcome, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((guide.folder / "how-it-works/index.html").as_uri())
    outside = page.evaluate(
        "[...document.querySelectorAll('.stages rect + text')].filter((name) =>"
        " name.getBBox().x + name.getBBox().width > name.previousElementSibling.getBBox().x"
        " + name.previousElementSibling.getBBox().width).map((name) => name.textContent)"
    )
    assert page.locator(".stages rect").count() > 10
    assert outside == []
    page.close()
