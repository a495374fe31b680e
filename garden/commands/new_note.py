"""Begin a note: a file in which `make check` finds nothing but what is to fill in.

garden note "How long may a connection live?"
"""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path

from garden.build import Built
from garden.commands import git, project
from garden.commands.new_files import Refused, create
from garden.lint import placeholders
from garden.lint.file_names import slug
from garden.model.report import Report
from garden.model.site import CONFIG
from garden.source import loader
from garden.source.settings import Unreadable

_FORBIDDEN = re.compile(r"[\[\]|#<>\\`*\x00-\x1f]")
_TEXT = """\
---
# description: "One sentence for search engines."  # fill in: the sentence; then remove the first `#`, and this remark
# aliases: [pool size]  # fill in: other names for links; then remove the first `#`, and this remark; or remove the line
# tags: [pooling]  # fill in: tags that other notes have; then remove the first `#`, and this remark; or remove the line
reviewed: {day}
---

# {title}

%% fill in: the answer, in two sentences; link to other notes as [[their title]] %%

## Why

%% fill in: what proves it: a snippet that is included, a figure from a record, a page that you have read %%

## When it is wrong

%% fill in: the exceptions; then link to this note from where a reader would want it, such as a page below docs/maps %%
"""


def write(root: Path, title: str, day: datetime.date) -> Path:
    """Write a note with this title; raise `Refused` if there cannot be one."""
    title = " ".join(title.split())
    sign = _FORBIDDEN.search(title)
    if not title or sign:
        what = f"holds {sign[0]!r}, which no link could name" if sign else "is empty"
        raise Refused(f'the title {what}; write: make note TITLE="How large is a pool?"')
    name = slug(title)
    if not name:
        raise Refused(f"no file name can be made of {title!r}; write a title with letters a to z in it")
    _refuse_namesakes(project.build(root, project.configuration(root / CONFIG), Report()), title, name)
    return create({root / "docs" / f"{name}.md": _TEXT.format(title=title.replace("_", r"\_"), day=day)})[0]


def _refuse_namesakes(built: Built, title: str, name: str) -> None:
    """Refuse what would make links ambiguous that now lead to one note."""
    for called in (title, name):
        if found := built.resolver.names.find(called):
            raise Refused(f"{found[0].shown} answers to {called!r} already; add to it, or choose another title")


def run(root: Path, title: str) -> int:
    """Begin the note with this title; say what to fill in; return how the process ends."""
    try:
        file = write(root, title, datetime.datetime.now().astimezone().date())
    except (Refused, Unreadable) as refused:
        print(refused, file=sys.stderr)
        return 1
    text = loader.text(file.read_bytes())
    shown = file.relative_to(root).as_posix()
    print(*placeholders.fill_ins(shown, text), sep="\n")
    print(f"then put {file.name} below `nav` in {CONFIG}: until then it is in no menu")
    print("no test asks for a question in tests/browser/questions.py or a line in docs/changelog.md; both are welcome")
    print(f"git does not know the file yet; when it is done: {git.command([shown, CONFIG])}")
    return 0
