"""Figures come from records: a number in the text, a table, a plot. What cannot be found is a problem with its line."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from garden.records import Figure, rounded

from .conftest import Site, Vault
from .reading import assert_inert


def figure(median: float, low: float | None = None, high: float | None = None) -> dict[str, float]:
    """Return a figure as a measuring program writes it."""
    return {"median": median, "low": median if low is None else low, "high": median if high is None else high}


def record(**changes: object) -> dict[str, Any]:
    """Return a record as a measuring program writes it."""
    values = {
        "title": "What a step costs",
        "header": "way of connecting",
        "rows": {"bare": "no password", "scram": "SCRAM & <b>"},
        "columns": {"ratio": "times as long", "share": "share of it"},
        "values": {
            "bare": {"ratio": figure(1.0), "share": figure(0.25)},
            "scram": {"ratio": figure(3.456, 3.1, 4.2), "share": figure(0.031)},
        },
        "day": "2026-11-23",
        "command": "make measure ONLY=connect",
        "machine": "2 cores",
        "versions": {"PostgreSQL": "15.18", "psycopg": "3.3.9"},
        "samples": {},
    }
    return values | changes


def sizes(*columns: str, rows: tuple[str, ...] = ("1", "8", "64")) -> dict[str, Any]:
    """Return a record of a sweep."""
    values = {row: {column: figure(float(row) * (index + 1)) for index, column in enumerate(columns)} for row in rows}
    names = {column: f"the {column}" for column in columns}
    return record(header="pool size", rows={row: row for row in rows}, columns=names, values=values)


def site(vault: Vault, text: str, found: object = None, **others: str) -> Site:
    """Build a note with a record called `connect`."""
    written = found if isinstance(found, str) else json.dumps(found or record())
    files = {"measurements/connect.json": written, **others}
    return vault({"index.md": f"# Home\n\n{text}\n"}, others=files)


def block(*lines: str) -> str:
    """Return a block that asks for a record."""
    return "\n".join(["```measured", *lines, "```"])


def text(markup: str) -> str:
    """Return HTML as a reader sees it."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", markup)).split())


# A number in the text


def test_a_number_is_that_of_the_record(vault: Vault) -> None:
    built = site(vault, "It takes `= connect.scram.ratio` times as long, `= connect.scram.ratio spread` in all.")
    assert built.problems == []
    assert "It takes 3.5 times as long, 3.1 to 4.2 in all." in text(built["index.md"])
    assert '<data title="What a step costs: 2026-11-23, 3.1 to 4.2" value="3.456">3.5</data>' in built["index.md"]


def test_it_stands_in_tables_lists_and_headings(vault: Vault) -> None:
    built = site(
        vault,
        "## About `= connect.scram.ratio`\n\n- `= connect.bare.share`\n\n| a |\n|---|\n| `= connect.scram.share` |",
    )
    assert built.problems == []
    for number in ("3.5", "0.25", "0.031"):
        assert f">{number}</data>" in built["index.md"]


@pytest.mark.parametrize(
    "code",
    ["`=connect.scram.ratio`", "``= connect.scram.ratio``", "`= connect.scram`", "\\`= connect.scram.ratio`", "`= x`"],
)
def test_other_code_stays_code(vault: Vault, code: str) -> None:
    built = site(vault, code)
    assert built.problems == []
    assert "<data" not in built["index.md"]


def test_in_a_block_of_code_it_is_code(vault: Vault) -> None:
    built = site(vault, "```text\n`= connect.none.ratio`\n```")
    assert built.problems == []
    assert "`= connect.none.ratio`" in text(built["index.md"])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("conect.scram.ratio", "no record is called `conect`; did you mean `connect`?"),
        ("zzz.scram.ratio", "no record is called `zzz`; the records are connect"),
        ("connect.skram.ratio", "no row of connect is called `skram`; did you mean `scram`?"),
        ("connect.zzz.ratio", "no row of connect is called `zzz`; the rows of connect are bare, scram"),
        ("connect.scram.zzz", "no column of connect is called `zzz`; the columns of connect are ratio, share"),
    ],
)
def test_a_number_that_is_not_there_is_a_problem(vault: Vault, address: str, message: str) -> None:
    built = site(vault, f"Text.\n\nIt takes `= {address}` times as long.")
    assert built.fatal == [f"docs/index.md:5: {message}"]
    assert f'class="broken-link" value="{address}">= {address}</data>' in built["index.md"]


def test_without_records_every_number_is_a_problem(vault: Vault) -> None:
    built = vault({"index.md": "# Home\n\n`= connect.a.b`\n"})
    assert built.fatal == ["docs/index.md:3: no record is called `connect`; the records are none"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (0.0314, "0.031"),
        (0.25, "0.25"),
        (1, "1.0"),
        (3.14159, "3.1"),
        (9.96, "10"),
        (31.4, "31"),
        (314.15, "310"),
    ],
)
def test_two_digits_count(number: float, shown: str) -> None:
    assert rounded(number) == shown


def test_a_spread_of_nothing_is_one_number() -> None:
    assert Figure(2.0, 1.99, 2.01).spread == "2.0"


# Tables and plots


def test_a_table_has_every_figure_its_spread_and_where_it_is_from(vault: Vault) -> None:
    page = site(vault, block("record: connect", "plot: none"))["index.md"]
    assert "<svg" not in page
    rows = re.findall(r"<tr>(.*?)</tr>", page)
    assert [text(row) for row in rows] == [
        "way of connecting times as long share of it",
        "no password 1.0 0.25",
        "SCRAM & <b> 3.5 (3.1 to 4.2) 0.031",
    ]
    caption = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    assert text(caption[0]).startswith(
        "What a step costs. Measured 2026-11-23 on 2 cores; PostgreSQL 15.18, psycopg 3.3.9; in brackets"
    )
    assert "make measure ONLY=connect measures it again" in text(caption[0])


def test_bars_are_as_long_as_their_figures(vault: Vault) -> None:
    page = site(vault, block("record: connect", "columns: ratio"))["index.md"]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', page)]
    assert widths[1] / widths[0] == pytest.approx(3.456, rel=0.01)
    assert re.findall(r"<text[^>]*>(.*?)</text>", page) == ["no password", "1.0", "SCRAM &amp; &lt;b&gt;", "3.5"]
    assert "<title>What a step costs</title><desc>times as long, by way of connecting. The table below has" in page
    assert "<summary>The figures</summary><table>" in page
    assert_inert([page])


def test_a_title_says_what_the_lines_mean(vault: Vault) -> None:
    page = site(vault, block("record: connect", "plot: none", "title: throughput & more"))["index.md"]
    assert '<p class="plot-title">throughput &amp; more</p><table>' in page


def test_a_plot_for_each_column_that_is_asked_for(vault: Vault) -> None:
    assert site(vault, block("record: connect"))["index.md"].count("<svg") == 2
    assert site(vault, block("record: connect", "columns: share"))["index.md"].count("<svg") == 1


def test_lines_over_sizes_that_double(vault: Vault) -> None:
    page = site(vault, block("record: connect", "plot: lines"), sizes("waiting", "hot_row"))["index.md"]
    lines = [
        [tuple(map(float, point.split(","))) for point in points.split()]
        for points in re.findall(r'<polyline points="([^"]*)"', page)
    ]
    assert len(lines) == 2
    [(x1, y1), (x8, y8), (x64, y64)] = lines[0]
    assert x8 - x1 == pytest.approx(x64 - x8, abs=0.2)
    assert y1 > y8 > y64
    assert (y1 - y64) / (lines[1][0][1] - lines[1][2][1]) == pytest.approx(0.5, rel=0.02)
    words = re.findall(r"<text[^>]*>(.*?)</text>", page)
    assert {"pool size", "1", "8", "64", "the waiting", "the hot_row"} <= set(words)
    assert "<desc>the waiting, the hot_row, by pool size." in page


def test_labels_of_lines_that_meet_stand_apart(vault: Vault) -> None:
    values = sizes("a", "b", "c")
    for columns in values["values"].values():
        columns |= {"a": figure(5), "b": figure(5), "c": figure(5)}
    page = site(vault, block("record: connect", "plot: lines"), values)["index.md"]
    places = [float(y) for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)"[^>]*>the [abc]</text>', page)]
    assert len(places) == 3
    assert min(abs(a - b) for a in places for b in places if a != b) >= 17
    assert len(set(places)) == 3


def test_a_record_of_one_size_or_of_nothing_but_zeros_is_drawn(vault: Vault) -> None:
    one = sizes("waiting", rows=("4",))
    one["values"]["4"]["waiting"] = figure(0)
    assert "<polyline" in site(vault, block("record: connect", "plot: lines"), one)["index.md"]
    assert "<rect" in site(vault, block("record: connect"), one)["index.md"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("plot: bars",), "this block names no record; write a line such as `record: connect`"),
        (("record: conect",), "no record is called `conect`; did you mean `connect`?"),
        (("record: connect", "colour: red"), "a measured block has no `colour`; write record, plot, columns or title"),
        (("record: connect", "???"), "`???` is not understood; write a line such as `record: connect`"),
        (("record: connect", "plot: pie"), "`pie` is no plot; write bars, lines or none"),
        (("record: connect", "plot: lines"), "a plot of lines needs sizes for rows; write `plot: bars`"),
        (
            ("record: connect", "columns: share, rato"),
            "no column of connect is called `rato`; did you mean `ratio`?",
        ),
    ],
)
def test_a_block_that_cannot_be_made_is_a_problem(vault: Vault, lines: tuple[str, ...], message: str) -> None:
    built = site(vault, f"Text.\n\n{block(*lines)}")
    assert built.fatal == [f"docs/index.md:6: {message}"]
    assert text("\n".join(lines)) in text(built["index.md"])


# The records themselves

BROKEN = [
    "",
    "{",
    "[]",
    '"text"',
    "[" * 100_000,
    json.dumps(record(values={})),
    json.dumps(record(values={"bare": {"ratio": 1}})),
    json.dumps(record(rows={"bare": "a"})),
    json.dumps(record(columns={"ratio": "a", "a.b": "c"})),
    json.dumps(record(versions=None)),
    json.dumps({key: value for key, value in record().items() if key != "day"}),
    json.dumps(record(columns={"ratio": "a"}, rows={"bare": "b"}, values={"bare": {"ratio": figure(float("nan"))}})),
    json.dumps(record(columns={"a b": "a"}, rows={"bare": "b"}, values={"bare": {"a b": figure(1)}})),
]


@pytest.mark.parametrize("written", BROKEN)
def test_what_no_program_writes_is_told(vault: Vault, written: str) -> None:
    built = vault({"index.md": "# Home\n"}, others={"measurements/connect.json": written})
    what = "is not what a measuring program writes; remove it and run `make measure` again"
    assert built.fatal == [f"measurements/connect.json:1: {what}"]


def test_a_record_of_another_major_version_is_a_problem(vault: Vault) -> None:
    pins = "psycopg==4.0.1 \\\n    --hash=sha256:0\npytest==9.2\n"
    built = site(vault, "Text.", **{"requirements.txt": pins})
    what = "was measured with psycopg 3.3.9, and 4.0.1 is in use; run `make measure` again"
    assert built.fatal == [f"measurements/connect.json:1: {what}"]
    assert site(vault, "Text.", **{"requirements.txt": "psycopg==3.9\n"}).fatal == []
