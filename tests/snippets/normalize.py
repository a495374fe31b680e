"""The rules for output that varies: each replaces a value by its kind, and none removes a line."""

from __future__ import annotations

import re

RULES = (
    # "4.3 times as long" -> "<ratio> times as long"
    (re.compile(r"\b\d+\.\d+(?= times\b)"), "<ratio>"),
    # PostgreSQL 16 changed these words: "slots are reserved for roles with the SUPERUSER attribute"
    (re.compile(r"(?<=connection slots are reserved for ).+"), "<superusers>"),
)


def normalize(output: str) -> str:
    """Return the output with every varying value replaced."""
    for pattern, kind in RULES:
        output = pattern.sub(kind, output)
    return output
