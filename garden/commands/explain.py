"""Explain a rule: why it exists, and what is wrong and right by it.

garden check --explain link-missing
"""

from __future__ import annotations

import sys
import textwrap

from garden.model.rules import NAMED, Rule
from garden.source.suggest import Suggester

_WIDTH = 100


def explanation(rule: Rule) -> str:
    """Return the text on a rule."""
    why = textwrap.fill(rule.value.why, _WIDTH)
    wrong, right = (textwrap.indent(example, "    ") for example in (rule.value.wrong, rule.value.right))
    return f"{rule}: {rule.severity.value}\n\n{why}\n\nwrong:\n\n{wrong}\n\nright:\n\n{right}"


def run(name: str) -> int:
    """Print why the rule of this name exists; return how the process ends."""
    name = name.strip("[] ")
    if rule := NAMED.get(name):
        print(explanation(rule))
        return 0
    close = Suggester(lambda: {known: known for known in NAMED})(name)
    advice = f"did you mean {close}?" if close else "a rule is named at the end of each line that garden check prints"
    print(f"no rule is called {name}; {advice}; a name in capitals is a rule of ruff or rumdl", file=sys.stderr)
    return 2
