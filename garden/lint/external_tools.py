"""The tools that other people wrote: what each is asked, and its answer as problems like all others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import ToolRule
from garden.source import frontmatter
from garden.source.loader import COMMENT

_FIX = "`make fix` fixes it"
# What to write, where rumdl does not say it.
_MARKDOWN_ADVICE = {
    "MD001": "write one `#` more than the heading above it has",
    "MD007": "indent a list inside an item by 4 more than that item",
    "MD011": "write [text](address)",
    "MD018": "write a space behind `#` for a heading, or \\# for the sign",
    "MD025": "a note has one title: write `##`",
    "MD034": "put it between < and >, or write [text](address)",
    "MD037": "put the signs against the words, or write \\* for a star",
    "MD046": "what is indented is shown as code: write it between lines of ```, and Python as a snippet",
    "MD056": "write as many cells as the head of the table has, and a bar of the text as \\|",
    "MD066": "a footnote is `[^1]` in the text, and `[^1]: …` below; write both, or neither",
    "MD075": "write a line `| --- | --- |` below the head of the table, with as many cells",
    "MD092": "settle the merge, and remove its marks",
}
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
    fix: tuple[str, ...]
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


def answer(tool: Tool, process: subprocess.Popen[str], root: Path, report: Report) -> None:
    """Wait for a tool and report what it found; raise `ToolFailed` if it could not look."""
    out, err = process.communicate(timeout=SECONDS)
    try:
        found = list(tool.read(out, root)) if out else []
    except json.JSONDecodeError:
        found = []
    if process.returncode and not found:
        raise ToolFailed(f"{tool.name} could not check: {(err or out).strip()}")
    report.extend(problem for problem in found if problem)


def _spelling(out: str, _: Path) -> Iterator[Problem]:
    for found in map(json.loads, out.splitlines()):
        if found["type"] != "typo":
            continue
        file, word = found["path"].removeprefix("./"), found["typo"]
        what = f"`{word}` is misspelled in American English"
        if "line_num" in found:
            instead = " or ".join(f"`{correction}`" for correction in found["corrections"])
            yield Problem(file, found["line_num"], ToolRule("typos"), f"{what}; write {instead}")
        else:
            folder, _, name = file.rpartition("/")
            target = f"{folder}/{name.replace(word, found['corrections'][0])}".lstrip("/")
            is_note = file.startswith("docs/") and file.endswith(".md")
            advice = f'run `make rename FROM="{file}" TO="{target}"`' if is_note else f"call it {target}"
            yield Problem(file, 1, ToolRule("typos"), f"in the file's name, {what}; {advice}")


def _markdown(out: str, root: Path) -> Iterator[Problem | None]:
    for line in out.splitlines():
        found = json.loads(line)
        text = (root / found["file"]).read_text(encoding="utf-8", errors="replace")
        if _is_known(found, text) or (found["file"].startswith("docs/") and _is_comment(found, text)):
            yield None
            continue
        advice = _MARKDOWN_ADVICE.get(found["rule"])
        if found["fixable"]:
            advice = f"{advice}, or run `make fix`" if advice else _FIX
        message = found["message"]
        message = message if message[:2].isupper() else message[0].lower() + message[1:]
        what = f"{message}; {advice or 'correct this line'}"
        yield Problem(found["file"], found["line"], ToolRule(found["rule"]), what)


def _is_known(found: dict[str, Any], text: str) -> bool:
    """Tell whether the engine reports the same, or the finding is a mistake of rumdl."""
    line: str = text.split("\n")[found["line"] - 1]
    match found["rule"]:
        case "MD003" | "MD022":  # front matter that does not stand at the top looks like an underlined heading
            return frontmatter.is_late(text)
        case "MD005":  # a tab, which is reported beside it
            return line.startswith("\t")
        case "MD034":  # a link with a blank in its middle
            return line[: int(found["column"]) - 1].endswith("] (")
        case "MD046":  # a block
            return str(found["message"]).endswith("never closed")
        case "MD075":  # it takes two lines with a bar in a wikilink for rows
            return not line.lstrip(" >").startswith("|")
    return False


def _is_comment(found: dict[str, Any], text: str) -> bool:
    """Tell whether a finding stands between `%%` and `%%`, of which rumdl knows nothing."""
    offset = sum(len(line) + 1 for line in text.split("\n")[: int(found["line"]) - 1]) + int(found["column"]) - 1
    return any(comment.start() <= offset < comment.end() for comment in COMMENT.finditer(text))


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
        advice = _FIX if safe else f"see {found['url']}" if found["url"] else "correct this line"
        yield Problem(file, found["location"]["row"], ToolRule(found["code"]), f"{found['message']}; {advice}")


def _format(out: str, root: Path) -> Iterator[Problem]:
    files = {found["filename"]: found["location"]["row"] for found in reversed(json.loads(out))}
    for name, line in sorted(files.items()):
        file = Path(name).relative_to(root).as_posix()
        yield Problem(file, line, ToolRule("ruff-format"), f"is not laid out as the other files are; {_FIX}")


# In the order in which they mend.
TOOLS = (
    Tool("typos", ("--format", "json"), ("--write-changes", "--no-check-filenames"), _spelling),
    Tool("rumdl", ("check", "--no-cache", "--output-format=json-lines"), ("fmt", "--no-cache", "--silent"), _markdown),
    Tool("ruff", ("check", "--output-format", "json"), ("check", "--fix", "--silent"), _python),
    Tool("ruff", ("format", "--check", "--output-format", "json"), ("format", "--silent"), _format),
)
