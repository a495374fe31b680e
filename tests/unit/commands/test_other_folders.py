"""A site that keeps its snippets, tests and records in folders of its own: every command follows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from garden.commands import check, editor, main, rename
from garden.commands.new_files import Refused

CONFIG = """\
site_name: Notes
plugins:
  - garden:
      folders: {snippets: examples/python, tests: tests/code, records: data, antipatterns: mistakes}
      released_urls: data/addresses.txt
      entry: home.md
"""
HOME = '# Home\n\n```python\n--8<-- "mistakes/one.py:one"\n```\n\n[[Leaves]]\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a site, with a snippet that was begun by the command."""
    for path, text in {
        "mkdocs.yml": CONFIG,
        "docs/home.md": HOME,
        "docs/leaves.md": "# Leaves\n",
        "data/addresses.txt": "/\n/leaves/\n",
        "data/speed.json": "{}",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main.main(["snippet", "examples/python/mistakes/one"]) == 0
    return tmp_path


def said(root: Path) -> list[str]:
    return [f"{problem.file}:{problem.line}: {problem.text}" for problem in check.problems(root)]


def test_a_snippet_is_begun_there_and_its_test_passes(root: Path) -> None:
    test = root / "tests/code/mistakes/test_one.py"
    assert "from examples.python.mistakes.one import one\n" in test.read_text()
    assert (root / "examples/python/mistakes/one.py").read_text().startswith("# ANTI-PATTERN")
    offered = json.loads((root / editor.COMPLETIONS).read_text())
    assert "mistakes/one.py" in offered["include a snippet"]["body"][1]


def test_what_is_checked_lies_there(root: Path) -> None:
    found = said(root)
    assert "examples/python/mistakes/one.py:1: has no kept output; run `make outputs ONLY=mistakes/one`" in found
    assert sum("fill in" in line for line in found) == 7
    (root / "examples/python/mistakes/one.out").write_text("2\n")
    (root / "examples/python/mistakes/two.out").write_text("2\n")
    (root / "examples/python/alone.py").write_text("import examples.python\n")
    (root / "examples/python/mistakes/one.py").rename(root / "examples/python/mistakes/three.py")
    lines = [line.partition("; ")[0] for line in said(root)]
    assert "examples/python/alone.py:1: lies in no topic, so that no test sees it" in lines
    assert "examples/python/alone.py:1: imports another snippet, but a snippet is copied alone" in lines
    assert "examples/python/mistakes/two.out:1: belongs to examples/python/mistakes/two.py, which is not there" in lines
    assert "tests/code/mistakes/test_one.py:1: belongs to examples/python/mistakes/one.py, which is not there" in lines
    assert "data/speed.json:1: is not what a measuring program writes" in lines


def test_an_antipattern_belongs_into_its_folder(root: Path) -> None:
    (root / "examples/python/good").mkdir()
    (root / "examples/python/good/one.py").write_text("# ANTI-PATTERN: it is bad.\n")
    what = "calls itself an anti-pattern; move it to examples/python/mistakes/, or remove this line"
    assert f"examples/python/good/one.py:1: {what}" in said(root)


def test_an_output_that_is_older_than_its_snippet(root: Path) -> None:
    (root / "examples/python/mistakes/one.out").write_text("2\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    source = root / "examples/python/mistakes/one.py"
    source.write_text(source.read_text() + "\n")
    what = "has changed since its output was kept"
    assert f"examples/python/mistakes/one.py:1: {what}" in [line.partition(";")[0] for line in said(root)]


def test_a_rename_knows_them(root: Path) -> None:
    (root / "examples/python/mistakes/one.out").write_text("2\n")
    (root / "data/speed.json").unlink()
    with pytest.raises(
        Refused, match=r"move examples/python/mistakes/one\.\* and tests/code/mistakes/test_one\.py yourself"
    ):
        rename.plan(root, "examples/python/mistakes/one.py", "docs/x.md")
    with pytest.raises(Refused, match=r"^docs/home\.md is where readers arrive; it stays where it is$"):
        rename.plan(root, "docs/home.md", "docs/x.md")
    assert rename.plan(root, "docs/leaves.md", "docs/x.md").released


def test_the_tests_there_prove_snippets(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--import-mode=importlib'\n")
    words = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--proofs"]
    subprocess.run([sys.executable, "-m", "pytest", *words], cwd=root, capture_output=True, check=True)
    proof = json.loads((root / "proofs.json").read_text())["mistakes/one.py"]
    assert [test["file"] for test in proof["tests"]] == ["tests/code/mistakes/test_one.py"]


def test_settings_that_cannot_be_read_stop_every_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "mkdocs.yml").write_text(CONFIG.replace("entry:", "entri:"))
    what = "mkdocs.yml:6: `entri` is no setting; did you mean `entry`? [setting-unknown]\n"
    for command in (["fix"], ["snippet", "a/b"], ["note", "A"], ["rename", "docs/a.md", "docs/b.md"], ["editor"]):
        capsys.readouterr()
        assert main.main(command) == 1
        assert capsys.readouterr().err == what
    assert main.main(["check"]) == 1
    assert capsys.readouterr().out.startswith(what)
