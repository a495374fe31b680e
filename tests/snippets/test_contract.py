"""Every file under snippets/ keeps the contract of a snippet."""

from __future__ import annotations

from statistics import median

import pytest

from garden.lint.snippet_contract import problems
from garden.snippets.catalog import Snippet
from tests.snippets.catalog import FOLDER, ROOT, all_snippets


@pytest.mark.parametrize("snippet", all_snippets(), ids=lambda snippet: snippet.key)
def test_the_contract_is_kept(snippet: Snippet) -> None:
    if broken := list(problems(snippet)):
        pytest.fail("\n".join(map(str, broken)), pytrace=False)


def test_half_of_them_are_shorter_than_eighty_lines() -> None:
    assert median(len(snippet.pasted.splitlines()) for snippet in all_snippets()) < 80


def test_every_output_and_test_belongs_to_a_snippet() -> None:
    snippets = all_snippets()
    outputs = {snippet.kept_output(server) for snippet in snippets for server in snippet.servers}
    assert set(FOLDER.rglob("*.out")) == outputs
    tests = set((ROOT / "tests" / "snippets").glob("*/test_*.py"))
    assert tests == {snippet.test for snippet in snippets}
