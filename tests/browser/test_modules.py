"""A test that needs what npm brings is skipped without a network: after one wait, with one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from garden.runtime import node, npm

from .modules import modules


def test_npm_is_asked_once_and_a_line_says_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def install(folder: Path, *_: object) -> Path:
        asked.append(folder)
        raise node.Unavailable("npm could not bring it:\n  npm error a\n  npm error b")

    monkeypatch.setattr(npm, "install", install)
    monkeypatch.delenv("CI", raising=False)
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception, match=r"^npm could not bring it: npm error a npm error b$"):
            modules(tmp_path, "npm could not bring it")
    assert asked == [tmp_path]
