"""Images that nobody shows: they are published all the same, and nobody knows what they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from garden.build import Built
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.model.site import CONFIG
from garden.source import attachments

# The last word of a file's name; what stands before it may be another word of the sentence.
_NAME = re.compile(rf"[^\s/()\[\]|<>\"'`]+(?:{'|'.join(map(re.escape, sorted(attachments.IMAGES)))})", re.IGNORECASE)


def problems(root: Path, built: Built, report: Report) -> Iterator[Problem]:
    """Yield a problem, which is only advice, for each image below docs/ that neither a note nor the README names.

    One that is named in what is wrong with a link, as what it should lead to, is shown as soon as that is mended.
    """
    texts = [note.body for note in built.notes.values()] + [problem.text for problem in report.problems]
    texts += [file.read_text(encoding="utf-8", errors="replace") for file in [*root.glob("*.md"), root / CONFIG]]
    named = {name.casefold() for text in texts for name in _NAME.findall(unquote(text))}
    own = built.published - built.assets.keys() - built.files.keys()
    for path in sorted(own):
        name = path.rpartition("/")[2]
        if Path(name).suffix.lower() in attachments.IMAGES and name.split()[-1].casefold() not in named:
            what = f"no note shows this image; show it with ![[{name}|What it shows]], or remove it"
            yield Problem(f"docs/{path}", 1, Rule.IMAGE_UNUSED, what)
