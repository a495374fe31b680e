"""The picture that other sites show beside a link to a page: its title, its section, the guide's mark and name.

Pictures are drawn while the site is built, without network, and kept by what is on them: the next build takes them from
there.
"""

from __future__ import annotations

import io
import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

FOLDER = "assets/social/"
MARK = Path(__file__).parents[1] / "theme/templates/assets/mark-180.png"
WIDTH, HEIGHT = 1200, 630
_PAPER, _INK, _QUIET, _COLOR = "#fbfaf7", "#14191b", "#4a565b", "#0b5568"
_EDGE = 84
_SIZES = (84, 76, 68, 60, 52)
_SMALL = 36
_MARK = 88
# Where the title begins, and how much room it has above the mark.
_TITLE = _EDGE + _SMALL + 24
_ROOM = HEIGHT - _EDGE - _MARK - 36 - _TITLE


class Pictures:
    """The pictures of one site, called ``name``; they are kept below ``root``. ``mark`` is the site's, a PNG."""

    def __init__(self, root: Path, name: str, mark: Path = MARK) -> None:
        self._kept = root / ".cache" / "social"
        self._name = name
        self._mark = mark.read_bytes()
        self._source = Path(__file__).read_text(encoding="utf-8")
        self._asked: dict[str, tuple[str, str]] = {}

    def path(self, title: str, section: str) -> str:
        """Return the path of a picture on the site; `files` has it from now on."""
        said = json.dumps([title, section, self._name, sha256(self._mark).hexdigest(), self._source])
        path = f"{FOLDER}{sha256(said.encode()).hexdigest()[:16]}.png"
        self._asked[path] = (title, section)
        return path

    def files(self) -> dict[str, bytes]:
        """Return the pictures that were asked for, by path; draw those that are not kept, and keep no others."""
        self._kept.mkdir(parents=True, exist_ok=True)
        names = {path: path.removeprefix(FOLDER) for path in self._asked}
        for old in set(self._kept.glob("*.png")) - {self._kept / name for name in names.values()}:
            old.unlink()
        return {path: self._file(self._kept / name, *self._asked[path]) for path, name in names.items()}

    def _file(self, kept: Path, title: str, section: str) -> bytes:
        if not kept.is_file():
            kept.write_bytes(draw(title, section, self._name, self._mark))
        return kept.read_bytes()


def draw(title: str, section: str, name: str, mark: bytes) -> bytes:
    """Return the picture as PNG; ``mark`` is one too."""
    from PIL import Image

    written = io.BytesIO()
    # Of few colors, a picture takes half the room; all have the same ones, which are looked for once.
    picture = _painted(title, section, name, mark).quantize(palette=_palette(mark), dither=Image.Dither.NONE)
    picture.save(written, "PNG", compress_level=3)
    return written.getvalue()


@lru_cache
def _palette(mark: bytes) -> Image.Image:
    """Return a picture with the colors that are in all of them."""
    from PIL import Image

    every = _painted("Any title", "Any section", "Any name", mark)
    return every.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _painted(title: str, section: str, name: str, mark: bytes) -> Image.Image:
    # Only who draws waits until the library is loaded.
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 16, HEIGHT), fill=_COLOR)
    small = _font(_SMALL)
    pen.text((_EDGE, _EDGE - 8), section, font=small, fill=_COLOR)
    for size in _SIZES:
        font = _font(size)
        lines = _wrapped(title, pen, font)
        step = round(size * 1.15)
        if len(lines) * step <= _ROOM:
            break
    for number, line in enumerate(lines[: _ROOM // step]):
        top = _TITLE + number * step
        pen.text((_EDGE, top), line, font=font, fill=_INK, stroke_width=1, stroke_fill=_INK)
    bottom = HEIGHT - _EDGE - _MARK // 2
    image.paste(_small(mark), (_EDGE, bottom - _MARK // 2))
    pen.text((_EDGE + _MARK + 24, bottom), name, font=small, fill=_QUIET, anchor="lm")
    return image


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _wrapped(title: str, pen: ImageDraw.ImageDraw, font: object) -> list[str]:
    """Return a title in lines that fit; a word that is too long for a line has one to itself."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, font=font) > WIDTH - 2 * _EDGE:  # type: ignore[arg-type]
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@lru_cache
def _small(mark: bytes) -> Image.Image:
    from PIL import Image

    with Image.open(io.BytesIO(mark)) as image:
        return image.convert("RGB").resize((_MARK, _MARK), Image.Resampling.LANCZOS)
