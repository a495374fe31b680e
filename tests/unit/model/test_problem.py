"""Problems: one line each, whatever is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from garden.model.problem import Problem
from garden.model.rules import Rule, Severity, ToolRule
from tests.unit.conftest import Vault


def test_prints_file_line_and_text() -> None:
    what = "no note is called [[polling]]; did you mean [[Pooling]]?"
    problem = Problem("docs/pooling/sizing.md", 12, Rule.LINK_MISSING, what)
    assert str(problem) == f"docs/pooling/sizing.md:12: {what} [link-missing]"


def test_carries_the_code_of_the_tool_that_found_it() -> None:
    problem = Problem("docs/pools.md", 3, ToolRule("MD056"), "too many cells; remove one")
    assert str(problem) == "docs/pools.md:3: too many cells; remove one [MD056]"
    assert problem.severity is Severity.ERROR


def test_is_as_serious_as_its_rule_unless_it_says_otherwise() -> None:
    assert Problem("a.md", 1, Rule.LINK_MISSING, "x").severity is Severity.ERROR
    assert Problem("a.md", 1, Rule.NOTE_UNLINKED, "x").severity is Severity.REVIEW
    assert Problem("a.md", 1, Rule.IMAGE_UNUSED, "x").severity is Severity.ADVICE
    assert Problem("a.md", 1, Rule.NOTE_UNLINKED, "x", Severity.ERROR).severity is Severity.ERROR


@pytest.mark.parametrize(
    ("hostile", "why"),
    [
        ("\n", "a second line"),
        ("\r\n", "a second line"),
        ("\x1b[2J", "a terminal's command"),
        ("\x00\x08\x7f\x9b", "control characters"),
        ("\u2028\u2029", "line separators"),
        ("\u202e", "text turned round"),
        ("\u2066\u2069\u200e\u200f\u061c", "marks of direction"),
        ("\ud800", "half of a character, which cannot be printed"),
        ("\ue002\uf8ff", "private characters, the engine's own among them"),
    ],
)
def test_stays_on_one_plain_line(hostile: str, why: str) -> None:
    shown = str(Problem(f"docs/a{hostile}b.md", 3, Rule.LINK_MISSING, f"c{hostile}d"))
    expected = "[2J" if "[2J" in hostile else ""
    assert shown == f"docs/a {expected}b.md:3: c {expected}d [link-missing]", why
    assert len(shown.splitlines()) == 1
    assert shown.encode().decode() == shown


def test_other_scripts_are_left_alone() -> None:
    text = "no note is called [[連線池 – Größe 🐘 عربي]]"
    assert str(Problem("docs/a.md", 1, Rule.LINK_MISSING, text)) == f"docs/a.md:1: {text} [link-missing]"


def test_hostile_names_of_files_and_links(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[x\u202ey\x1b[31m]]\n", "a\nb.md": "# A\n\n[[index]]\n"})
    assert (
        "docs/a b.md:1: no note links here; link to it where a reader would want it, "
        "for example from a map [note-unlinked]" in (site.problems)
    )
    assert not [problem for problem in site.problems if not problem.isprintable()]


def test_problem_of_a_file_that_is_not_utf_8_by_name(tmp_path: Path) -> None:
    path = b"docs/\xff.md".decode(errors="surrogateescape")
    assert str(Problem(path, 1, Rule.LINK_MISSING, "x")) == "docs/ .md:1: x [link-missing]"
