"""The table of all rules: an empty fenced block of the language ``rules`` becomes it."""

from __future__ import annotations

from html import escape

from garden.model.rules import Rule, Severity

FENCE = "rules"
_SERIOUS = {Severity.ERROR: "error", Severity.REVIEW: "review", Severity.ADVICE: "advice"}


def block(*_: object, **__: object) -> str:
    """Return the table, in the order of the rules' names."""
    rows = "\n".join(
        f'<tr><th scope="row" id="rule:{rule}"><code>{rule}</code></th><td>{_SERIOUS[rule.severity]}</td>'
        f"<td>{escape(rule.value.why)}</td><td>{_code(rule.value.wrong)}</td><td>{_code(rule.value.right)}</td></tr>"
        for rule in sorted(Rule, key=str)
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Rule", "Severity", "Why", "Wrong", "Right"))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _code(example: str) -> str:
    return "<br>".join(f"<code>{escape(line)}</code>" for line in example.split("\n") if line)
