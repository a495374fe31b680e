"""A word that says nothing, praises, or is longer than need be, is a problem."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

FILLER = "adds nothing; leave it out [word-filler]"
PRAISE = "is praise that no test has shown; say what the thing does [word-praise]"
LONG = "is the long way to say it; write"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("It is important to note that it waits.", f"`It is important to note` {FILLER}"),
        ("And it is worth mentioning.", f"`it is worth mentioning` {FILLER}"),
        ("Note that it waits.", f"`Note that` {FILLER}"),
        ("- You simply connect.", f"`simply` {FILLER}"),
        ("Of course it waits.", f"`Of course` {FILLER}"),
        ("Just use a pool.", f"`Just use` {FILLER}"),
        ("| a | **powerful** |", f"`powerful` {PRAISE}"),
        ("[[Home|a seamless pool]]", f"`seamless` {PRAISE}"),
        ("| [[Home\\|a robust pool]] |", f"`robust` {PRAISE}"),
        (
            "Best practices say so.",
            "`Best practices` names nobody and no reason; say who does it, and why [word-praise]",
        ),
        (
            "It is a best practice.",
            "`best practice` names nobody and no reason; say who does it, and why [word-praise]",
        ),
        ("Leverage it.", f"`Leverage` {LONG} `use` [word-long]"),
        ("It utilizes a pool.", f"`utilizes` {LONG} `use` [word-long]"),
        ("Wait in order to connect.", f"`in order to` {LONG} `to` [word-long]"),
        ("Due to the fact that it waits.", f"`Due to the fact that` {LONG} `because` [word-long]"),
        ("Prior to 2.0 it did.", f"`Prior to` {LONG} `before` [word-long]"),
    ],
)
def test_a_word_that_a_note_does_without_is_a_problem(vault: Vault, line: str, found: str) -> None:
    built = vault({"index.md": f"---\ntitle: Home\n---\n\nText.\n\n{line}\n"})
    assert built.fatal == [f"docs/index.md:7: {found}"]


@pytest.mark.parametrize(
    "line",
    [
        "It has just run, they have just set it, it had just\nput it back: just what was asked.",
        "It lacks just one, and the note that you read is important.",
        "`simply`, ``robust``, <https://example.org/robust>, [it](seamless.md)",
        "[A powerful guide](https://example.org/)",
        "<!-- simply --> %% simply %%",
        "%%\nsimply\n%%",
        "```text\nsimply\n```",
        "[[simply]] [[robust#utilize|it]]",
        "Utilization says how busy a pool is.",
        "A just cause, overpowerful, simplify.",
    ],
)
def test_other_words_are_none(vault: Vault, line: str) -> None:
    others = {"simply.md": "# Simple\n", "robust.md": "# Sound\n\n## `utilize`\n", "seamless.md": "# Whole\n"}
    built = vault({"index.md": f"# Home\n\n{line}\n", **others})
    assert built.fatal == []


def test_each_is_told_at_the_line_in_which_it_begins(vault: Vault) -> None:
    text = "# Home\n\n%%\nsimply\n%%\n\n```text\nsimply\n```\n\n> Wait in\n> order to read in order\n> to see it.\n"
    assert vault({"index.md": text}).fatal == [
        f"docs/index.md:11: `in order to` {LONG} `to` [word-long]",
        f"docs/index.md:12: `in order to` {LONG} `to` [word-long]",
    ]
