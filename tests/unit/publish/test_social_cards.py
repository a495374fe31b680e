"""The picture beside a link on other sites: its size, what is on it, and that it is drawn once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from garden.publish import social_cards


def _mark() -> bytes:
    """Return a mark of two colors, each a half."""
    made, image = io.BytesIO(), Image.new("RGB", (180, 180), "#2f7f95")
    image.paste("#c8602f", (0, 90, 180, 180))
    image.save(made, "PNG")
    return made.getvalue()


MARK = _mark()
LONG = "The connection budget: sorry, too many clients already, and what to do about it before the next deployment"


def drawn(title: str, section: str = "") -> Image.Image:
    """Return the picture of a page."""
    data = social_cards.CardPainter("The Guide", MARK).draw(title, section)
    return Image.open(io.BytesIO(data)).convert("RGB")


def dark(image: Image.Image, top: int, bottom: int) -> bool:
    """Whether something is written between two heights."""
    strip = image.crop((40, top, social_cards.WIDTH, bottom)).convert("L")
    return min(strip.tobytes()) < 128


@pytest.mark.parametrize("title", ["Pool", LONG, LONG * 9, "unbreakable" * 20, ""])
def test_a_title_of_any_length_stays_above_the_mark(title: str) -> None:
    image = drawn(title, "Errors")
    assert image.size == (social_cards.WIDTH, social_cards.HEIGHT)
    assert dark(image, 130, 420) == bool(title)
    assert not dark(image, 424, 450)
    assert dark(image, 460, 580)


def test_a_long_title_is_written_smaller() -> None:
    def height(title: str) -> int:
        image = drawn(title)
        return next(top for top in range(300, 40, -1) if dark(image, top, top + 4))

    assert dark(drawn(LONG), 300, 420)
    assert height("Pool") < 240


def test_the_mark_is_drawn_as_it_is() -> None:
    data = drawn("Pool", "Errors").crop((84, 440, 190, 600)).tobytes()
    colors = set(zip(data[::3], data[1::3], data[2::3], strict=True))
    assert any(abs(r - 0x2F) < 8 and abs(g - 0x7F) < 8 and abs(b - 0x95) < 8 for r, g, b in colors)
    assert any(abs(r - 0xC8) < 8 and abs(g - 0x60) < 8 and abs(b - 0x2F) < 8 for r, g, b in colors)


def test_each_part_has_its_color() -> None:
    image = drawn("Pool", "Errors")

    def darkest(box: tuple[int, int, int, int]) -> tuple[int, ...]:
        data = image.crop(box).tobytes()
        return min(zip(data[::3], data[1::3], data[2::3], strict=True), key=sum)

    assert image.getpixel((600, 20)) == (0xFB, 0xFA, 0xF7)
    assert image.getpixel((5, 300)) == (0x0B, 0x55, 0x68)
    assert darkest((84, 70, 400, 130)) == (0x0B, 0x55, 0x68)
    assert darkest((84, 144, 1200, 400)) == (0x14, 0x19, 0x1B)
    assert darkest((196, 450, 1200, 560)) == (0x4A, 0x56, 0x5B)


def test_a_picture_is_drawn_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark.png"
    mark.write_bytes(MARK)
    (tmp_path / ".cache/social").mkdir(parents=True)
    (tmp_path / ".cache/social/old.png").write_bytes(MARK)
    first = social_cards.SocialCards(tmp_path, "The Guide", mark)
    path = first.path("Pool", "Errors")
    assert path.startswith("assets/social/")
    first.write(tmp_path / "first")
    made = (tmp_path / "first" / path).read_bytes()
    assert made == social_cards.CardPainter("The Guide", MARK).draw("Pool", "Errors")

    monkeypatch.setattr(social_cards, "CardPainter", lambda *_: pytest.fail("drawn again"))
    second = social_cards.SocialCards(tmp_path, "The Guide", mark)
    assert second.path("Pool", "Errors") == path
    second.write(tmp_path / "second")
    assert (tmp_path / "second" / path).read_bytes() == made
    assert [file.name for file in (tmp_path / ".cache/social").iterdir()] == [path.rpartition("/")[2]]


def test_a_picture_changes_with_the_mark_and_the_name(tmp_path: Path) -> None:
    plain = social_cards.SocialCards(tmp_path, "The Guide").path("Pool", "")
    assert social_cards.SocialCards(tmp_path, "Another").path("Pool", "") != plain
    mark = tmp_path / "mark.png"
    mark.write_bytes(MARK)
    assert social_cards.SocialCards(tmp_path, "The Guide", mark).path("Pool", "") != plain


def test_every_title_and_section_has_a_picture_of_its_own(tmp_path: Path) -> None:
    pictures = social_cards.SocialCards(tmp_path, "The Guide")
    paths = [pictures.path(title, section) for title in ("Pool", "Queue") for section in ("", "Errors")]
    assert len(set(paths)) == len(paths)
