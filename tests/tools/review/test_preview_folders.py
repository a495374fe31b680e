"""Previews stand side by side, and the oldest leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.review import __main__ as review
from tools.review.preview_folders import KEPT, place

COMMIT = "0123456789abcdef" * 2 + "01234567"


def test_the_newest_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("new")
    previews = tmp_path / "previews"
    for folder in (".git", "about", *(f"{run}-{COMMIT}" for run in range(1, KEPT + 1))):
        (previews / folder).mkdir(parents=True)
    assert place(tmp_path / "site", previews, f"100-{COMMIT}") == [f"1-{COMMIT}"]
    assert (previews / f"100-{COMMIT}/index.html").read_text() == "new"
    assert {".git", ".nojekyll", "about", f"2-{COMMIT}"} <= {file.name for file in previews.iterdir()}
    assert review.main(["place", str(tmp_path / "site"), str(previews), f"101-{COMMIT}"]) == 0
    assert capsys.readouterr().out == f"2-{COMMIT} has left\n"


def test_a_run_that_is_repeated_takes_the_place_of_its_first(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    old = tmp_path / f"previews/7-{COMMIT}"
    old.mkdir(parents=True)
    (old / "gone.html").touch()
    assert place(tmp_path / "site", tmp_path / "previews", old.name) == []
    assert list(old.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", "..", "7-abc", f"0-{COMMIT}", f"7-{COMMIT}/..", f"../7-{COMMIT}", f"7-{COMMIT}\n"]
)
def test_other_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"is no name of a preview; write the run's number, a dash, its commit$"):
        place(tmp_path, tmp_path, name)
