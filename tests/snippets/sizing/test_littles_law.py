"""Little's law: exact arithmetic, and what it does not take."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from fractions import Fraction
from math import ceil
from random import Random

import pytest

from snippets.sizing.littles_law import Load, littles_law

GIVEN: dict[str, object] = {"rate": 200, "held_ms": 20, "target": 60, "connections": 10}


def test_requests_per_second_times_seconds() -> None:
    assert littles_law(rate=200, held_ms=20, target=80, connections=10) == Load(4.0, enough=5, longest_ms=40.0)
    assert littles_law(rate=0.5, held_ms=500, target=50, connections=1) == Load(0.25, enough=1, longest_ms=1000.0)


def test_a_result_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        littles_law(rate=1, held_ms=1, target=1, connections=1).in_use = 2.0  # type: ignore[misc]


def test_what_comes_out_even_is_not_rounded_up() -> None:
    # In floating point, 1.1 / 10 * 100 is a little more than 11.
    assert littles_law(rate=11, held_ms=100, target=10, connections=1).enough == 11
    chance = Random(1)
    for _ in range(2_000):
        rate, held, target, connections = (chance.randint(1, most) for most in (2_000, 2_000, 99, 200))
        load = littles_law(rate=rate, held_ms=held, target=target, connections=connections)
        in_use = Fraction(rate * held, 1000)
        assert load.in_use == float(in_use)
        assert load.enough == ceil(in_use / Fraction(target, 100))
        # Held for so long, the connections are in use for just the target.
        assert load.longest_ms * rate / 1000 == pytest.approx(connections * target / 100)


def test_the_bounds_are_taken() -> None:
    assert littles_law(rate=0.001, held_ms=0.001, target=99, connections=1).enough == 1
    most = littles_law(rate=1_000_000, held_ms=1_000_000, target=1, connections=1_000_000)
    assert most == Load(1e9, 100 * 10**9, 10.0)
    assert littles_law(rate=1, held_ms=1, target=1, connections=1_000_000).longest_ms == 1e7


@pytest.mark.parametrize(
    ("name", "bad", "text"),
    [
        ("rate", 0, "rate must be a number from 0.001 to 1000000, not 0"),
        ("rate", 1_000_001, "rate must be a number from 0.001 to 1000000, not 1000001"),
        ("rate", float("nan"), "rate must be a number from 0.001 to 1000000, not nan"),
        ("rate", float("inf"), "rate must be a number from 0.001 to 1000000, not inf"),
        ("rate", "2", "rate must be a number from 0.001 to 1000000, not '2'"),
        ("held_ms", 0, "held_ms must be a number from 0.001 to 1000000, not 0"),
        ("held_ms", 1_000_001, "held_ms must be a number from 0.001 to 1000000, not 1000001"),
        ("held_ms", None, "held_ms must be a number from 0.001 to 1000000, not None"),
        ("target", 0, "target must be a whole number from 1 to 99, not 0"),
        ("target", 100, "target must be a whole number from 1 to 99, not 100"),
        ("target", 79.5, "target must be a whole number from 1 to 99, not 79.5"),
        ("connections", 0, "connections must be a whole number from 1 to 1000000, not 0"),
        ("connections", 1_000_001, "connections must be a whole number from 1 to 1000000, not 1000001"),
        ("connections", "8", "connections must be a whole number from 1 to 1000000, not '8'"),
    ],
)
def test_it_says_what_it_does_not_take(name: str, bad: object, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        littles_law(**(GIVEN | {name: bad}))  # type: ignore[arg-type]
