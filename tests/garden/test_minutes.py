"""Reading time: words of prose, and of code a quarter."""

from __future__ import annotations

import pytest
from garden import minutes


@pytest.mark.parametrize(
    ("words", "expected"),
    [(0, 1), (10, 1), (340, 1), (350, 2), (2300, 10)],
)
def test_prose_takes_its_time(words: int, expected: int) -> None:
    assert minutes.reading("# " + "word " * words) == expected


def test_code_is_skimmed() -> None:
    text = "word " * 2000
    assert minutes.reading(text) == 9
    assert minutes.reading(f"```python\n{text}\n```\n") == 2
    assert minutes.reading(f"{text}\n\n```python\n{text}\n```\n") == 11


def test_addresses_and_signs_are_no_words() -> None:
    one = "[a](https://guide.example/a/long/address-with/many-words) | — | 1.\n"
    assert minutes.reading(one * 200) == minutes.reading("a 1\n" * 200)
