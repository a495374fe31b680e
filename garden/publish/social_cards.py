"""The picture that other sites show beside a link to a page: its title, its section, the guide's mark and name.

Pictures are drawn while the site is built, without network, and kept by what is on them: the next build takes them from
there.
"""

from __future__ import annotations

import io
import json
import shutil
from functools import cached_property
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
# A picture is drawn as numbers of colors. The first are steps from the paper to the ink, in which text is drawn; as
# many follow from the paper to each other color, and those of the mark come last.
_STEPS = 16
_DARKEST = _STEPS - 1


class SocialCards:
    """The pictures of one site, called ``name``; they are kept below ``root``. ``mark`` is the site's, a PNG."""

    def __init__(self, root: Path, name: str, mark: Path = MARK) -> None:
        self._kept = root / ".cache" / "social"
        self._name = name
        self._mark = mark.read_bytes()
        drawn_by = [name, sha256(self._mark).hexdigest(), Path(__file__).read_text(encoding="utf-8")]
        self._digest = sha256(json.dumps(drawn_by).encode())
        self._asked: dict[str, tuple[str, str]] = {}

    def path(self, title: str, section: str) -> str:
        """Return the path of a picture on the site; `write` puts it there."""
        digest = self._digest.copy()
        digest.update(json.dumps([title, section]).encode())
        path = f"{FOLDER}{digest.hexdigest()[:16]}.png"
        self._asked[path] = (title, section)
        return path

    def write(self, folder: Path) -> None:
        """Write the pictures that were asked for into the site; draw those that are not kept, and keep no others."""
        self._kept.mkdir(parents=True, exist_ok=True)
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        kept = {file.name for file in self._kept.glob("*.png")}
        for path, (title, section) in self._asked.items():
            name = path.removeprefix(FOLDER)
            if name not in kept:
                (self._kept / name).write_bytes(self._painter.draw(title, section))
            shutil.copyfile(self._kept / name, folder / path)
        for old in kept - {path.removeprefix(FOLDER) for path in self._asked}:
            (self._kept / old).unlink()

    @cached_property
    def _painter(self) -> CardPainter:
        return CardPainter(self._name, self._mark)


class CardPainter:
    """Draws pictures; ``mark`` is a PNG."""

    def __init__(self, name: str, mark: bytes) -> None:
        # Only who draws waits until the library is loaded.
        from PIL import Image, ImageDraw, ImageFont

        with Image.open(io.BytesIO(mark)) as image:
            small = image.convert("RGB").resize((_MARK, _MARK), Image.Resampling.LANCZOS)
        few = small.quantize(256 - 3 * _STEPS, dither=Image.Dither.NONE)
        steps = [_steps(color) for color in (_INK, _COLOR, _QUIET)]
        self._palette = [*(part for color in steps for part in color), *(few.getpalette() or [])]
        self._fonts = {size: ImageFont.load_default(size) for size in (_SMALL, *_SIZES)}
        # What is on all of them.
        self._blank = Image.new("L", (WIDTH, HEIGHT))
        pen, middle = ImageDraw.Draw(self._blank), HEIGHT - _EDGE - _MARK // 2
        pen.text((_EDGE + _MARK + 24, middle), name, font=self._fonts[_SMALL], fill=_DARKEST, anchor="lm")
        _recolor(self._blank, middle - _MARK // 2, middle + _MARK // 2, 2)
        pen.rectangle((0, 0, 16, HEIGHT), fill=_STEPS + _DARKEST)
        numbers = bytes(3 * _STEPS + number for number in few.tobytes())
        self._blank.paste(Image.frombytes("L", few.size, numbers), (_EDGE, middle - _MARK // 2))

    def draw(self, title: str, section: str) -> bytes:
        """Return the picture as PNG."""
        from PIL import ImageDraw

        image = self._blank.copy()
        ImageDraw.Draw(image).text((_EDGE, _EDGE - 8), section, font=self._fonts[_SMALL], fill=_DARKEST)
        _recolor(image, 0, _TITLE, 1)
        image.paste(self._title(title), (_EDGE, _TITLE))
        image.putpalette(self._palette)
        written = io.BytesIO()
        image.save(written, "PNG", compress_level=3)
        return written.getvalue()

    def _title(self, title: str) -> Image.Image:
        from PIL import Image, ImageChops, ImageDraw

        image = Image.new("L", (WIDTH - _EDGE, _ROOM))
        pen = ImageDraw.Draw(image)
        for size in _SIZES:
            lines = _wrapped(title, pen, self._fonts[size])
            step = round(size * 1.15)
            if len(lines) * step <= _ROOM:
                break
        for number, line in enumerate(lines[: _ROOM // step]):
            pen.text((0, number * step), line, font=self._fonts[size], fill=_DARKEST)
        # The font has no bold face: each letter is drawn once, and what it covers is shifted twice.
        wide = ImageChops.lighter(image, ImageChops.offset(image, 2, 0))
        return ImageChops.lighter(wide, ImageChops.offset(wide, 0, 1))


def _wrapped(title: str, pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> list[str]:
    """Return a title in lines that fit; a word that is too long for a line has one to itself."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, font=font) > WIDTH - 2 * _EDGE:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _steps(color: str) -> list[int]:
    """Return the parts of the colors from the paper to this one."""
    ends = [[int(name[at : at + 2], 16) for at in (1, 3, 5)] for name in (_PAPER, color)]
    return [
        round(light + (dark - light) * step / _DARKEST)
        for step in range(_STEPS)
        for light, dark in zip(*ends, strict=True)
    ]


def _recolor(image: Image.Image, top: int, bottom: int, color: int) -> None:
    """Give what is drawn between two heights in the first color another one."""
    part = (_EDGE, top, WIDTH, bottom)
    image.paste(image.crop(part).point([0, *(number + color * _STEPS for number in range(1, 256))]), part)
