"""The command line: each command works on the nearest site, from wherever in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from garden.commands.editor import COMPLETIONS
from garden.commands.main import main, root
from tests.unit.repository import Repository

NOTES = {"docs/index.md": "# Home\n\n[[Pools]]\n", "docs/pools.md": "# Pools\n\n[[Home]]\n"}


@pytest.fixture
def inside(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site, with one of its folders as the current one."""
    folder = repository(NOTES)
    monkeypatch.chdir(folder / "docs")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return folder


def test_the_nearest_site_is_meant(tmp_path: Path, inside: Path) -> None:
    assert root(inside / "docs") == root(inside) == inside
    assert root(Path("/")) is None


def test_outside_a_site_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "there is no mkdocs.yml in this folder or above it; run garden inside a site\n"


def test_check(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("no problems")
    (inside / "docs/pools.md").write_text("# Pools\n\n[[Homes]]\n")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.startswith("docs/pools.md:3: no note is called [[Homes]]; did you mean [[Home]]?")


def test_fix(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (inside / "docs/pools.md").write_text("# Pools \n\n[[Home]]\n")
    assert main(["fix"]) == 0
    assert (inside / "docs/pools.md").read_text() == NOTES["docs/pools.md"]


def test_note(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["note", "Pool", "size"]) == 0
    assert "# Pool size\n" in (inside / "docs/pool-size.md").read_text()
    assert main(["note", "Pool size"]) == 1
    assert capsys.readouterr().err.startswith("docs/pool-size.md answers to 'Pool size' already")


def test_snippet(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snippet", "pooling/lease"]) == 0
    assert (inside / "tests/snippets/pooling/test_lease.py").is_file()
    assert main(["snippet", "pooling/lease"]) == 1
    assert "lease.py is in" in capsys.readouterr().err
    assert main(["snippet", "pooling/demo"]) == 1
    assert capsys.readouterr().err == "a snippet's function `demo` is what prints; choose another name\n"
    assert main(["snippet", "pooling/wait"]) == 0  # the second of its topic
    assert (inside / "tests/snippets/pooling/test_wait.py").is_file()


def test_rename(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rename", "docs/pools.md", "docs/pool/size.md"]) == 0
    assert (inside / "docs/pool/size.md").is_file()
    assert main(["rename", "docs/pools.md", "docs/pool/size.md"]) == 1
    assert "no file is at docs/pools.md" in capsys.readouterr().err
    assert main(["rename", "docs/pools.md"]) == 2
    assert capsys.readouterr().err == 'write: make rename FROM="docs/old-name.md" TO="docs/new-name.md"\n'


def test_editor(inside: Path) -> None:
    assert main(["editor"]) == 0
    assert (inside / COMPLETIONS).is_file()


def test_a_rule_is_explained_wherever_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--explain", "link-missing"]) == 0
    first, _, *rest = capsys.readouterr().out.splitlines()
    assert first == "link-missing: fails a strict build"
    assert "wrong:" in rest
    assert "right:" in rest
    assert main(["check", "--explain", "[links-missing]"]) == 2
    assert capsys.readouterr().err.startswith("no rule is called links-missing; did you mean link-missing?")
    assert main(["check", "--explain", "zzz"]) == 2
    assert "a rule is named at the end of each line" in capsys.readouterr().err
