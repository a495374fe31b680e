"""A figure of speed, size or count in prose comes from a record, or is a problem."""

from __future__ import annotations

import pytest

from tests.unit.conftest import Vault

WHAT = (
    "is a figure typed by hand; "
    "name it from a record, `= record.row.column`, write one from documentation as code, or leave it out [figure-typed]"
)


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("It takes 25 ms.", "25 ms"),
        ("It is 3.5 times as slow.", "3.5 times"),
        ("It is 12× as slow.", "12×"),
        ("- about 80 % of it", "80 %"),
        ("80% of it", "80%"),
        ("| a | 1,300 requests per second |", "1,300 requests per"),
        ("> 4 MiB for each", "4 MiB"),
        ("**30 seconds** long", "30 seconds"),
        ("[a link](https://example.org/) and 5 s", "5 s"),
        ("`code` then 2 megabytes", "2 megabytes"),
    ],
)
def test_a_typed_figure_is_a_problem(vault: Vault, line: str, figure: str) -> None:
    built = vault({"index.md": f"---\ntitle: Home\n---\n\nText.\n\n{line}\n"})
    assert built.fatal == [f"docs/index.md:7: `{figure}` {WHAT}"]


def test_each_figure_of_a_line_is_told(vault: Vault) -> None:
    built = vault({"index.md": "# Home\n\nIt takes 25 ms, not 3 s.\n"})
    assert built.fatal == [f"docs/index.md:3: `25 ms` {WHAT}", f"docs/index.md:3: `3 s` {WHAT}"]


@pytest.mark.parametrize(
    "line",
    [
        "PostgreSQL 15 and Python 3.10, in 2026, on 2 cores.",
        "Set `pool_timeout` to `30 seconds`, or ``5 ms``.",
        "[5 things](https://example.org/25%20ms) and <https://example.org/3%>",
        "<!-- 25 ms --> %% 3 times %%",
        "%%\n25 ms\n%%",
        "```text\n25 ms\n```",
        "Error 3o7r, two times, size 5, overflow 10, x86_64, 3 things.",
        "1. First",
    ],
)
def test_other_numbers_are_none(vault: Vault, line: str) -> None:
    assert vault({"index.md": f"# Home\n\n{line}\n"}).fatal == []


def test_the_line_is_right_below_blocks_and_comments(vault: Vault) -> None:
    text = "# Home\n\n%%\na\n\nb\n%%\n\n```text\n1 ms\n```\n\nIt takes 2 ms.\n\n```text\n3 ms\n"
    assert vault({"index.md": text}).fatal[0] == f"docs/index.md:13: `2 ms` {WHAT}"
