"""Figures on a page: each is named in the text, and its value comes from a record.

``` `= connect.scram.ratio` ``` is one number. A block of its own shows a whole record, as a plot above its table:

    ```measured
    record: connect
    plot: bars
    columns: ratio
    title: times as long as a statement
    ```
"""

from __future__ import annotations

import re
from html import escape
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from garden.markdown.document import Document, GardenMarkdown
from garden.model.reference import BrokenLink, Fault
from garden.model.rules import Rule
from garden.records import plot
from garden.records.records import Record, Records
from garden.source import placeholders

FENCE = "measured"
# Between single backticks, so that it is code where nothing computes it.
_INLINE = (
    rf"(?<![\\`])`=[ ]+(?P<stamp>{placeholders.STAMP})?(?P<address>[\w-]+\.[\w-]+\.[\w-]+)(?P<spread>[ ]+spread)?`(?!`)"
)
_LINE = re.compile(r"[ \t]*(?P<key>[a-z]+):[ \t]*(?P<value>\S.*?)[ \t]*$")
_PLOTS = ("bars", "dots", "stack", "lines", "none")


class Figures(InlineProcessor):
    """Replaces the name of a figure by its value."""

    md: GardenMarkdown

    def __init__(self, md: GardenMarkdown, records: Records) -> None:
        super().__init__(_INLINE, md)
        self._records = records

    def handleMatch(  # type: ignore[override]
        self, match: re.Match[str], _: str
    ) -> tuple[Element, int, int]:
        """Return the number; what cannot be found is shown as it is written, and is a problem."""
        address = match["address"]
        element = Element("data", {"value": address})
        try:
            record, figure = self._records.figure(address)
        except Fault as fault:
            _, line = placeholders.unstamp(match["stamp"] or "")
            self.md.document.add(BrokenLink(address), line, fault)
            element.set("class", "broken-link")
            element.text = AtomicString(f"= {address}")
        else:
            element.set("value", f"{figure.middle:g}")
            element.set("title", f"{record.title}: {record.day}, {figure.spread}")
            element.text = AtomicString(figure.spread if match["spread"] else str(figure))
        return element, match.start(), match.end()


def block(source: str, document: Document, records: Records) -> str:
    """Return the plot and the table that a block asks for; what is wrong with it is a problem of the note."""
    source, line = placeholders.unstamp(source)
    try:
        return _block(source, records)
    except Fault as fault:
        document.add(BrokenLink(source), line, fault)
        return f'<pre class="query-failed"><code>{escape(source)}</code></pre>'


def _block(source: str, records: Records) -> str:
    options = dict(_option(line) for line in source.split("\n") if line.strip())
    if unknown := options.keys() - {"record", "plot", "columns", "title"}:
        what = f"a measured block has no `{min(unknown)}`; write record, plot, columns or title"
        raise Fault(Rule.RECORD_OPTION, what)
    if "record" not in options:
        raise Fault(Rule.RECORD_OPTION, "this block names no record; write a line such as `record: connect`")
    record = records.record(options["record"])
    columns = [name.strip() for name in options.get("columns", ",".join(record.columns)).split(",")]
    for name in columns:
        records.column(record, name)
    kind = options.get("plot", "bars")
    if kind not in _PLOTS:
        raise Fault(Rule.RECORD_OPTION, f"`{kind}` is no plot; write {', '.join(_PLOTS[:-1])} or {_PLOTS[-1]}")
    if kind == "lines" and not all(re.fullmatch(r"[1-9]\d*", row) for row in record.rows):
        raise Fault(Rule.RECORD_OPTION, "a plot of lines needs sizes for rows; write `plot: bars`")
    if kind == "dots" and not all(record.figures[row, column].low > 0 for row in record.rows for column in columns):
        raise Fault(Rule.RECORD_OPTION, "a plot of dots needs figures above 0; write `plot: bars`")
    title = options.get("title", "")
    drawn = _drawn(record, columns, kind, title)
    table = _table(record, columns)
    if drawn:
        table = f"<details><summary>The figures</summary>{table}</details>"
    return (
        f'<figure class="measured">{_titled(title)}{drawn}{table}<figcaption>{_caption(record)}</figcaption></figure>'
    )


def _option(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if not found:
        raise Fault(Rule.RECORD_OPTION, f"`{line.strip()}` is not understood; write a line such as `record: connect`")
    return found["key"], found["value"]


def _drawn(record: Record, columns: list[str], kind: str, title: str) -> str:
    """Return the plots, each below what its figures are, unless the block's own title says it."""
    one = record.columns[columns[0]] if len(columns) == 1 else record.title
    match kind:
        case "none":
            return ""
        case "bars":
            if len(columns) == 1 and title:
                return plot.bars(record, columns[0])
            return "".join(_titled(record.columns[column]) + plot.bars(record, column) for column in columns)
        case "dots":
            drawn = plot.dots(record, columns)
        case "stack":
            drawn = plot.stack(record, columns)
        case _:
            drawn = plot.lines(record, columns)
    return ("" if title else _titled(one)) + drawn


def _titled(title: str) -> str:
    return f'<p class="plot-title">{escape(title)}</p>' if title else ""


def _table(record: Record, columns: list[str]) -> str:
    head = "".join(
        f'<th scope="col">{escape(text)}</th>'
        for text in (record.header, *(record.columns[column] for column in columns))
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(_cell(record, row, column) for column in columns)}</tr>'
        for row, name in record.rows.items()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(record: Record, row: str, column: str) -> str:
    figure = record.figures[row, column]
    spread = f" <small>({figure.spread})</small>" if figure.low != figure.high else ""
    return f"<td>{figure}{spread}</td>"


def _caption(record: Record) -> str:
    return (
        f"{escape(record.title)}. Measured {escape(record.day)} on {escape(record.measured)}; each figure is the "
        f"{escape(record.middle)} of several rounds, in brackets the lowest and the highest of them. "
        f"<code>{escape(record.command)}</code> measures it again."
    )
