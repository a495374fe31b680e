"""The picture beside a link on other sites: its size, what is on it, and that it is drawn once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from garden import social
from PIL import Image

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="#2f7f95"><circle cx="8" cy="8" r="4"/></g>'
    '<circle cx="24" cy="24" r="4" fill="#c8602f"/></svg>'
)
LONG = "The connection budget: sorry, too many clients already, and what to do about it before the next deployment"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def dark(image: Image.Image, top: int, bottom: int) -> bool:
    """Whether something is written between two heights."""
    strip = image.crop((40, top, social.WIDTH, bottom)).convert("L")
    return min(strip.tobytes()) < 128


@pytest.mark.parametrize("title", ["Pool", LONG, LONG * 9, "unbreakable" * 20, ""])
def test_a_title_of_any_length_stays_above_the_mark(title: str) -> None:
    image = opened(social.draw(title, "Errors", "The Guide", MARK))
    assert image.size == (social.WIDTH, social.HEIGHT)
    assert dark(image, 130, 420) == bool(title)
    assert not dark(image, 424, 450)
    assert dark(image, 460, 580)


def test_a_long_title_is_written_smaller() -> None:
    def height(title: str) -> int:
        return next(top for top in range(300, 40, -1) if dark(opened(social.draw(title, "", "G", "")), top, top + 4))

    assert dark(opened(social.draw(LONG, "", "G", "")), 300, 420)
    assert height("Pool") < 240


def test_the_mark_is_drawn_as_it_is() -> None:
    image = opened(social.draw("Pool", "Errors", "The Guide", MARK))
    data = image.crop((84, 440, 190, 600)).tobytes()
    colours = set(zip(data[::3], data[1::3], data[2::3], strict=True))
    assert any(abs(r - 0x2F) < 8 and abs(g - 0x7F) < 8 and abs(b - 0x95) < 8 for r, g, b in colours)
    assert any(abs(r - 0xC8) < 8 and abs(g - 0x60) < 8 and abs(b - 0x2F) < 8 for r, g, b in colours)
    assert social.draw("Pool", "Errors", "The Guide", "") != social.draw("Pool", "Errors", "The Guide", MARK)


def test_a_picture_is_drawn_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "overrides/assets").mkdir(parents=True)
    (tmp_path / social.MARK).write_text(MARK)
    first = social.Pictures(tmp_path, "The Guide")
    path = first.path("Pool", "Errors")
    assert path.startswith("assets/social/")
    assert first.path("Pool", "") != path
    made = first.files()
    assert made[path] == social.draw("Pool", "Errors", "The Guide", MARK)

    monkeypatch.setattr(social, "draw", lambda *_: pytest.fail("drawn again"))
    second = social.Pictures(tmp_path, "The Guide")
    assert second.path("Pool", "Errors") == path
    assert second.files() == {path: made[path]}
    assert [file.name for file in (tmp_path / ".cache/social").iterdir()] == [path.rpartition("/")[2]]


def test_a_picture_changes_with_the_mark_and_the_name(tmp_path: Path) -> None:
    plain = social.Pictures(tmp_path, "The Guide").path("Pool", "")
    assert social.Pictures(tmp_path, "Another").path("Pool", "") != plain
    (tmp_path / "overrides/assets").mkdir(parents=True)
    (tmp_path / social.MARK).write_text(MARK)
    assert social.Pictures(tmp_path, "The Guide").path("Pool", "") != plain
