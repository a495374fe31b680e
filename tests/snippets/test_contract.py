"""Every file under snippets/ keeps the contract of a snippet."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from tests.snippets import catalogue
from tests.snippets.catalogue import FOLDER, MARKER, ROOT, Snippet, all_snippets

MOST_LINES = 160
LICENCE = "# SPDX-License-Identifier: MIT-0"

# What a snippet needs besides what it imports: SQLAlchemy loads the driver that the URL names.
DRIVERS = {
    "sqlite": set[str](),
    "postgresql": {"psycopg"},
    "postgresql with tls": {"psycopg"},
    "postgresql with gunicorn": {"psycopg", "gunicorn"},
    "mariadb": {"pymysql"},
}


def requirement_name(requirement: str) -> str:
    """Return `psycopg` for `psycopg[binary]>=3.1`."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("-", "_")


def imported(snippet: Snippet) -> set[str]:
    """Return the packages that a snippet imports, without the standard library."""
    names: set[str] = set()
    for node in ast.walk(snippet.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    packages = {name.split(".")[0] if not name.startswith(".") else name for name in names}
    return packages - set(sys.stdlib_module_names)


def header_names_the_python(snippet: Snippet) -> bool:
    return str(snippet.header.get("requires-python")).startswith(">=3.1")


def header_lists_what_is_imported(snippet: Snippet) -> bool:
    listed = [requirement_name(requirement) for requirement in snippet.header.get("dependencies", [])]
    needed = imported(snippet).union(*(DRIVERS[server] for server in snippet.servers))
    return sorted(listed) == sorted(needed)


def imports_no_other_snippet(snippet: Snippet) -> bool:
    others = {
        "snippets",
        *(path.stem for path in FOLDER.rglob("*.py")),
        *(path.name for path in FOLDER.iterdir()),
    }
    return not any(name.startswith(".") or name in others for name in imported(snippet))


def has_a_licence(snippet: Snippet) -> bool:
    return LICENCE in snippet.source.splitlines()[:2]


def docstring_has_a_title_and_says_when(snippet: Snippet) -> bool:
    title, _, rest = snippet.docstring.partition("\n\n")
    words = rest.lower()
    return "\n" not in title and title.endswith(".") and "use" in words and re.search(r"\bnot\b", words) is not None


def names_servers_that_the_tests_have(snippet: Snippet) -> bool:
    return bool(snippet.servers) and set(snippet.servers) <= set(DRIVERS)


def has_a_demo_behind_a_guard(snippet: Snippet) -> bool:
    has_demo = any(isinstance(node, ast.FunctionDef) and node.name == "demo" for node in snippet.tree.body)
    return has_demo and snippet.source.endswith('\n\nif __name__ == "__main__":\n    demo()\n')


def prints_in_its_demo_only(snippet: Snippet) -> bool:
    outside = [node for node in snippet.tree.body if not (isinstance(node, ast.FunctionDef) and node.name == "demo")]
    names = {node.id for top in outside for node in ast.walk(top) if isinstance(node, ast.Name)}
    return "print" not in names


def parts_are_documented(snippet: Snippet) -> bool:
    parts = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return all(ast.get_docstring(node) for node in snippet.tree.body if isinstance(node, parts))


def regions_are_balanced(snippet: Snippet) -> bool:
    inside: str | None = None
    seen: set[str] = set()
    for line in snippet.source.splitlines():
        marker = MARKER.match(line)
        if marker is None:
            # Anything else that looks like a marker would be printed, or would swallow code.
            if "--8<--" in line:
                return False
        elif marker["kind"] == "start":
            if inside or marker["name"] in seen:
                return False
            inside = marker["name"]
            seen.add(inside)
        elif marker["name"] != inside:
            return False
        else:
            inside = None
    return inside is None and bool(seen)


def an_antipattern_says_so_first(snippet: Snippet) -> bool:
    lines = snippet.source.splitlines()
    starts = [number for number, line in enumerate(lines) if "--8<-- [start:" in line]
    says_so = [lines[number].startswith("# ANTI-PATTERN") for number in (0, *(start + 1 for start in starts))]
    return all(says_so) if snippet.is_antipattern else not any(says_so)


def has_a_test(snippet: Snippet) -> bool:
    return snippet.test.is_file()


def has_its_outputs(snippet: Snippet) -> bool:
    return all(snippet.kept_output(server).is_file() for server in snippet.servers)


def is_short(snippet: Snippet) -> bool:
    return len(snippet.pasted.splitlines()) <= MOST_LINES


RULES: list[Callable[[Snippet], bool]] = [
    header_names_the_python,
    header_lists_what_is_imported,
    imports_no_other_snippet,
    has_a_licence,
    docstring_has_a_title_and_says_when,
    names_servers_that_the_tests_have,
    has_a_demo_behind_a_guard,
    prints_in_its_demo_only,
    parts_are_documented,
    regions_are_balanced,
    an_antipattern_says_so_first,
    has_a_test,
    has_its_outputs,
    is_short,
]


@pytest.mark.parametrize("snippet", all_snippets(), ids=lambda snippet: snippet.key)
def test_the_contract_is_kept(snippet: Snippet) -> None:
    broken = [rule.__name__.replace("_", " ") for rule in RULES if not rule(snippet)]
    assert not broken, f"{catalogue.shown(snippet.path)} breaks the contract: {'; '.join(broken)}"


def test_half_of_them_are_shorter_than_eighty_lines() -> None:
    assert median(len(snippet.pasted.splitlines()) for snippet in all_snippets()) < 80


def test_every_output_and_test_belongs_to_a_snippet() -> None:
    snippets = all_snippets()
    outputs = {snippet.kept_output(server) for snippet in snippets for server in snippet.servers}
    assert set(FOLDER.rglob("*.out")) == outputs
    tests = set((ROOT / "tests" / "snippets").glob("*/test_*.py"))
    assert tests == {snippet.test for snippet in snippets}


KEPT = '''# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""A title.

Use it here, not there.

Servers: SQLite.
"""

import os

from sqlalchemy import text


# --8<-- [start:part]
def part() -> object:
    """Do it."""
    return os, text
# --8<-- [end:part]


def demo() -> None:
    """Print it."""
    print(part())


if __name__ == "__main__":
    demo()
'''


def rules_broken_by(source: str, folder: Path, topic: str = "topic") -> list[str]:
    """Return the rules that a made-up snippet breaks, besides those about files beside it."""
    path = folder / "snippets" / topic / "made_up.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return [rule.__name__ for rule in RULES if rule not in (has_a_test, has_its_outputs) and not rule(Snippet(path))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for made-up snippets."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path / "snippets")
    return tmp_path


def test_a_good_snippet_breaks_no_rule(folder: Path) -> None:
    assert rules_broken_by(KEPT, folder) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("requires-python", "python", header_names_the_python),
        ('["sqlalchemy>=2.0"]', "[]", header_lists_what_is_imported),
        ('["sqlalchemy>=2.0"]', '["sqlalchemy>=2.0", "flask"]', header_lists_what_is_imported),
        ("Servers: SQLite.", "Servers: SQLite, PostgreSQL.", header_lists_what_is_imported),
        ("import os\n", "import os\nfrom . import other\n", imports_no_other_snippet),
        ("import os\n", "import os\nimport three_ways\n", imports_no_other_snippet),
        ("MIT-0", "MIT", has_a_licence),
        ("A title.", "A title", docstring_has_a_title_and_says_when),
        ("Use it here, not there.", "Use it here.", docstring_has_a_title_and_says_when),
        ("Servers: SQLite.", "Servers: Oracle 6 or so", names_servers_that_the_tests_have),
        ("    demo()\n", "    part()\n", has_a_demo_behind_a_guard),
        ("def demo", "def main", has_a_demo_behind_a_guard),
        ("    return os, text", "    print()\n    return os, text", prints_in_its_demo_only),
        ('    """Do it."""\n', "", parts_are_documented),
        ("# --8<-- [end:part]\n", "", regions_are_balanced),
        ("[end:part]", "[end:port]", regions_are_balanced),
        ("# --8<-- [end:part]\n", "# --8<-- [end:part]\n" * 2, regions_are_balanced),
        ("# --8<-- [start:part]\n", "# --8<-- [start:part]\n" * 2, regions_are_balanced),
        ("    return os, text\n#", "    return os, text  #", regions_are_balanced),
        ("# SPDX", "# ANTI-PATTERN\n# SPDX", an_antipattern_says_so_first),
        ("    print(part())\n", "    print(part())\n" * 150, is_short),
    ],
)
def test_each_rule_is_noticed(old: str, new: str, rule: Callable[[Snippet], bool], folder: Path) -> None:
    assert rule.__name__ in rules_broken_by(KEPT.replace(old, new), folder)


def test_an_antipattern_must_say_so_at_the_top_and_in_each_region(folder: Path) -> None:
    topic, says = "antipatterns", "# ANTI-PATTERN: it hurts.\n"
    nowhere = KEPT
    at_the_top = says + KEPT
    everywhere = at_the_top.replace("[start:part]\n", f"[start:part]\n{says}")
    assert rules_broken_by(nowhere, folder, topic) == ["an_antipattern_says_so_first"]
    assert rules_broken_by(at_the_top, folder, topic) == ["an_antipattern_says_so_first"]
    assert rules_broken_by(everywhere, folder, topic) == []
