"""Reading time: words of prose, and of code a quarter."""

from __future__ import annotations

import pytest

from garden.publish import reading_time


@pytest.mark.parametrize(
    ("words", "expected"),
    [(0, 1), (10, 1), (340, 1), (350, 2), (2300, 10)],
)
def test_prose_takes_its_time(words: int, expected: int) -> None:
    assert reading_time.minutes("# " + "word " * words) == expected


def test_code_is_skimmed() -> None:
    text = "word " * 2000
    assert reading_time.minutes(text) == 9
    assert reading_time.minutes(f"```python\n{text}\n```\n") == 2
    assert reading_time.minutes(f"{text}\n\n```python\n{text}\n```\n") == 11


def test_addresses_and_signs_are_no_words() -> None:
    one = "[a](https://guide.example/a/long/address-with/many-words) | — | 1.\n"
    assert reading_time.minutes(one * 200) == reading_time.minutes("a 1\n" * 200)
