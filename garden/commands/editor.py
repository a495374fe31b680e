"""What an editor knows of notes: a JSON schema of the front matter, and completions for VS Code.

    garden editor

Both come from what the engine reads, so that nothing is said twice. The completions name every snippet, and are made
anew with each: they are not in the repository.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from garden.model.settings import Folders
from garden.source import frontmatter

SCHEMA = ".vscode/note.schema.json"
COMPLETIONS = ".vscode/notes.code-snippets"
# What each key is for, and an example, by its name.
_ABOUT = {
    "title": ("The title, if the text does not begin with it.", "How long does it keep?"),
    "description": ("One sentence for search engines.", "What the note answers."),
    "aliases": ("Other names that links may use.", ["another name"]),
    "tags": ("Tags, each without spaces.", ["a-topic"]),
    "errors": ("The exact error messages that the note explains.", ["ValueError: the message as it is printed"]),
    "reviewed": ("The day on which somebody last checked all of it.", "2026-01-31"),
    "hide": ("Parts of the page that are not shown.", ["toc"]),
    "search": ("How much the page counts in the search.", {"boost": 0.5}),
    "paths": ("Headings whose numbered lists are reading paths.", ["Where to begin"]),
    "moved_from": ("Addresses that the page had before; make rename writes them.", ["old/path/"]),
}


def schema() -> dict[str, Any]:
    """Return the JSON schema of the front matter."""
    properties = {
        key: _SHAPES[reader] | {"description": _ABOUT[key][0], "examples": [_ABOUT[key][1]]}
        for key, reader in frontmatter.READERS.items()
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "What a note says of itself above its text",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _texts(pattern: str = r"\S") -> dict[str, Any]:
    text = {"type": "string", "pattern": pattern}
    return {"anyOf": [{"type": "array", "items": text}, text, {"type": "null"}]}


_SHAPES: dict[object, dict[str, Any]] = {
    frontmatter.text: {"type": "string", "pattern": r"\S"},
    frontmatter.texts: _texts(),
    frontmatter.tags: _texts(f"^#?{frontmatter.TAG.pattern}$"),
    frontmatter.date: {"type": "string", "format": "date"},
    frontmatter.addresses: _texts(f"^{frontmatter.ADDRESS.pattern}$"),
    frontmatter.search: {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "boost": {"type": "number", "minimum": 0.1, "maximum": 9.9},
            "exclude": {"type": "boolean"},
        },
    },
}


def completions(snippets: Path) -> dict[str, Any]:
    """Return what VS Code offers in a note: the keys of the front matter, includes of snippets and links to them."""
    paths = sorted(path.relative_to(snippets).as_posix() for path in snippets.glob("*/*.py"))
    choice = f"${{1|{','.join(paths)}|}}" if paths else "${1:topic/name.py}"
    offered: dict[str, dict[str, Any]] = {
        f"front matter: {key}": {"prefix": key, "body": f"{key}: {json.dumps(example)}", "description": about}
        for key, (about, example) in _ABOUT.items()
    }
    offered["include a snippet"] = {
        "prefix": "include",
        "body": ["```python", f'--8<-- "{choice}"', "```"],
        "description": "Show a snippet; `:region` behind the path shows a part of it.",
    }
    offered["link to a snippet"] = {
        "prefix": "snippet",
        "body": f"[[{choice}]]",
        "description": "Link to a snippet's page; `#test_name` behind the path leads to a test of it.",
    }
    return {name: {"scope": "markdown", **values} for name, values in offered.items()}


def texts(root: Path, folders: Folders) -> dict[str, str]:
    """Return the text of each file that editors read, by its path from the top."""
    values = {SCHEMA: schema(), COMPLETIONS: completions(root / folders.snippets)}
    return {path: json.dumps(value, indent=2) + "\n" for path, value in values.items()}


def write(root: Path, folders: Folders) -> None:
    """Write the files that editors read."""
    for path, text in texts(root, folders).items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
