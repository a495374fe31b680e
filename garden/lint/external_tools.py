"""The tools that other people wrote: what each is asked, and its answer as problems like all others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from garden.model.problem import Problem
from garden.source import frontmatter

_MEND = "`make fix` mends it"
# What no machine can mend.
_MARKDOWN_ADVICE = {
    "MD011": "write [text](address)",
    "MD037": "put the signs against the words, or write \\* for a star",
    "MD092": "settle the merge, and remove its marks",
}
# How front matter looks that does not stand at the top: a heading that is underlined.
_UNDERLINED = frozenset({"MD003", "MD022"})
SECONDS = 120


class ToolFailed(RuntimeError):
    """A tool that gave no answer; the text says which, and what it said instead."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program of the environment: how it checks, how it mends if it can, and how to read what it prints.

    What it has found and others tell is read as None.
    """

    name: str
    check: tuple[str, ...]
    mend: tuple[str, ...]
    read: Callable[[str, Path], Iterator[Problem | None]]


def start(tool: Tool, arguments: tuple[str, ...], root: Path) -> subprocess.Popen[str]:
    """Start a tool in the repository ``root``."""
    program = Path(sys.executable).with_name(tool.name)
    # Whatever the terminal, its answer is read by a machine.
    environment = os.environ | {"NO_COLOR": "1"}
    return subprocess.Popen(
        [program, *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def answer(tool: Tool, process: subprocess.Popen[str], root: Path) -> list[Problem]:
    """Wait for a tool and return what it found; raise `ToolFailed` if it could not look."""
    out, err = process.communicate(timeout=SECONDS)
    try:
        found = list(tool.read(out, root)) if out else []
    except json.JSONDecodeError:
        found = []
    if process.returncode and not found:
        raise ToolFailed(f"{tool.name} could not check: {(err or out).strip()}")
    return [problem for problem in found if problem]


def _spelling(out: str, _: Path) -> Iterator[Problem]:
    for found in map(json.loads, out.splitlines()):
        if found["type"] != "typo":
            continue
        file, word = found["path"].removeprefix("./"), found["typo"]
        what = f"`{word}` is misspelled in American English"
        if "line_num" in found:
            instead = " or ".join(f"`{correction}`" for correction in found["corrections"])
            yield Problem(file, found["line_num"], f"{what}; write {instead}")
        else:
            folder, _, name = file.rpartition("/")
            target = f"{folder}/{name.replace(word, found['corrections'][0])}".lstrip("/")
            is_note = file.startswith("docs/") and file.endswith(".md")
            advice = f'run `make rename FROM="{file}" TO="{target}"`' if is_note else f"call it {target}"
            yield Problem(file, 1, f"in the file's name, {what}; {advice}")


def _line(file: Path, number: int) -> str:
    return file.read_text(encoding="utf-8").split("\n")[number - 1]


def _markdown(out: str, root: Path) -> Iterator[Problem | None]:
    for line in out.splitlines():
        found = json.loads(line)
        if found["rule"] in _UNDERLINED and frontmatter.is_late((root / found["file"]).read_text(encoding="utf-8")):
            yield None
            continue
        if found["rule"] == "MD005" and _line(root / found["file"], found["line"]).startswith("\t"):
            yield None  # that a tab is no indentation is told beside it
            continue
        advice = _MEND if found["fixable"] else _MARKDOWN_ADVICE.get(found["rule"], "correct this line")
        message = found["message"][0].lower() + found["message"][1:]
        yield Problem(found["file"], found["line"], f"{message} ({found['rule']}); {advice}")


def _python(out: str, root: Path) -> Iterator[Problem | None]:
    unreadable: set[str] = set()
    for found in json.loads(out):
        file = Path(found["filename"]).relative_to(root).as_posix()
        if found["code"] == "D100" and file.startswith("snippets/"):
            yield None  # what its docstring should say, its contract tells
            continue
        if found["code"] == "invalid-syntax":
            # One mistake is enough to follow; that a snippet is no Python, the engine tells.
            if file in unreadable or file.startswith("snippets/"):
                yield None
                continue
            unreadable.add(file)
        safe = found["fix"] and found["fix"]["applicability"] == "safe"
        advice = _MEND if safe else f"see {found['url']}" if found["url"] else "correct this line"
        yield Problem(file, found["location"]["row"], f"{found['message']} ({found['code']}); {advice}")


def _format(out: str, root: Path) -> Iterator[Problem]:
    files = {found["filename"]: found["location"]["row"] for found in reversed(json.loads(out))}
    for name, line in sorted(files.items()):
        file = Path(name).relative_to(root).as_posix()
        yield Problem(file, line, f"is not laid out as the other files are; {_MEND}")


# In the order in which they mend.
TOOLS = (
    Tool("typos", ("--format", "json"), ("--write-changes", "--no-check-filenames"), _spelling),
    Tool("rumdl", ("check", "--no-cache", "--output-format=json-lines"), ("fmt", "--no-cache", "--silent"), _markdown),
    Tool("ruff", ("check", "--output-format", "json"), ("check", "--fix", "--silent"), _python),
    Tool("ruff", ("format", "--check", "--output-format", "json"), ("format", "--silent"), _format),
)
