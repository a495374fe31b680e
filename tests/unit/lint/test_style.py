"""A word that says nothing, praises, is longer than need be or is spelt the American way, is a problem."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

FILLER = "adds nothing; leave it out"
PRAISE = "is praise that no test has shown; say what the thing does"
LONG = "is the long way to say it; write"
AMERICAN = "is American spelling, and these notes are British; write"


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
        ("Best practices say so.", "`Best practices` names nobody and no reason; say who does it, and why"),
        ("It is a best practice.", "`best practice` names nobody and no reason; say who does it, and why"),
        ("Leverage it.", f"`Leverage` {LONG} `use`"),
        ("It utilizes a pool.", f"`utilizes` {LONG} `use`"),
        ("Wait in order to connect.", f"`in order to` {LONG} `to`"),
        ("Due to the fact that it waits.", f"`Due to the fact that` {LONG} `because`"),
        ("Prior to 2.0 it did.", f"`Prior to` {LONG} `before`"),
        ("> Initialize it.", f"`Initialize` {AMERICAN} `initialise`"),
        ("the serialization of it", f"`serialization` {AMERICAN} `serialisation`"),
        ("an optimizer", f"`optimizer` {AMERICAN} `optimiser`"),
        ("It is analyzed.", f"`analyzed` {AMERICAN} `analysed`"),
        ("Its behavior is odd.", f"`behavior` {AMERICAN} `behaviour`"),
        ("its neighboring row", f"`neighboring` {AMERICAN} `neighbouring`"),
        ("It was canceled.", f"`canceled` {AMERICAN} `cancelled`"),
        ("labeling them", f"`labeling` {AMERICAN} `labelling`"),
        ("in the center", f"`center` {AMERICAN} `centre`"),
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
        "A resized, oversized, downsized pool; a prize is seized; emphasise, promise, raise.",
        "SERIALIZABLE, parametrize_all, x-color, a.color, laboratory, collaboration, cancelled, central.",
        "A just cause, overpowerful, simplify.",
    ],
)
def test_other_words_are_none(vault: Vault, line: str) -> None:
    others = {"simply.md": "# Simple\n", "robust.md": "# Sound\n\n## `utilize`\n", "seamless.md": "# Whole\n"}
    built = vault({"index.md": f"# Home\n\n{line}\n", **others})
    assert built.fatal == []


def test_each_is_told_at_the_line_in_which_it_begins(vault: Vault) -> None:
    text = "# Home\n\n%%\nsimply\n%%\n\n```text\nsimply\n```\n\n> Wait in\n> order to read in order\n> to color it.\n"
    assert vault({"index.md": text}).fatal == [
        f"docs/index.md:11: `in order to` {LONG} `to`",
        f"docs/index.md:12: `in order to` {LONG} `to`",
        f"docs/index.md:13: `color` {AMERICAN} `colour`",
    ]
