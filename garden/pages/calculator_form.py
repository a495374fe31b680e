"""A calculator as HTML: a form that says the worked example as it is, and that a script makes work."""

from __future__ import annotations

from html import escape

from garden.snippets.calculator import Calculator, Input, Result


def form(calculator: Calculator, page: str, script: str) -> str:
    """Return the form; ``page`` is the address of the snippet's page, or empty, ``script`` that of the JavaScript.

    Without the script its fields cannot be changed, and it shows the worked example. No element has an id: the form
    may stand on a page twice, embedded.
    """
    name = escape(calculator.snippet.name)
    steps = "".join(f"<code>{escape(step)}</code>" for step in calculator.formula)
    source = f'<a href="{escape(page)}">{name}</a>' if page else name
    return "\n".join(
        [
            f'<form class="calculator" data-calculator="{calculator.name}" aria-label="Calculator: '
            f'{escape(calculator.snippet.title)}" autocomplete="off" novalidate>',
            f'<p class="calculator-about">A worked example, as {source} prints it'
            "<span>; put your own numbers in</span>.</p>",
            *map(_input, calculator.inputs),
            f'<p class="calculator-formula">{steps}</p>',
            f'<output aria-live="polite">{"".join(map(_result, calculator.results))}'
            '<span class="calculator-none" hidden>No result: mend the number that is marked.</span></output>',
            '<button type="reset" class="guide-button" hidden>Back to the example</button>',
            f'<script type="module" src="{escape(script)}"></script>',
            "</form>\n",
        ]
    )


def _input(field: Input) -> str:
    return (
        f'<p class="calculator-input"><label><span>{_capital(field.label)} <code>{field.name}</code></span> '
        f'<input type="number" inputmode="{"numeric" if field.whole else "decimal"}" data-name="{field.name}" '
        f'value="{field.value}" min="{field.low}" max="{field.high}" step="{1 if field.whole else "any"}" readonly>'
        f'</label><span class="calculator-fault" hidden>{field.fault}</span></p>'
    )


def _result(result: Result) -> str:
    return (
        f'<span class="calculator-result"><span>{_capital(result.label)} <code>{result.name}</code></span> '
        f'<data value="{result.value}" data-name="{result.name}">{result.value.replace("-", "−")}</data></span>'
    )


def _capital(text: str) -> str:
    return escape(text[:1].upper() + text[1:])
