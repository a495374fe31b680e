"""Figures come from records: a number in the text, a table, a plot. What cannot be found is a problem with its line."""

from __future__ import annotations

import hashlib
import html
import json
import re
from typing import Any

import pytest

from garden.records.records import Figure, rounded
from tests.unit.conftest import Site, Vault
from tests.unit.reading import assert_inert


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
    [
        "`=connect.scram.ratio`",
        "``= connect.scram.ratio``",
        "`= connect.scram`",
        "\\`= connect.scram\\`",
        "`= x`",
    ],
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
        ("conekt.scram.ratio", "no record is called `conekt`; did you mean `connect`? [record-missing]"),
        ("zzz.scram.ratio", "no record is called `zzz`; the records are connect [record-missing]"),
        ("connect.skram.ratio", "no row of connect is called `skram`; did you mean `scram`? [record-missing]"),
        (
            "connect.zzz.ratio",
            "no row of connect is called `zzz`; the rows of connect are bare, scram [record-missing]",
        ),
        (
            "connect.scram.zzz",
            "no column of connect is called `zzz`; the columns of connect are ratio, share [record-missing]",
        ),
    ],
)
def test_a_number_that_is_not_there_is_a_problem(vault: Vault, address: str, message: str) -> None:
    built = site(vault, f"Text.\n\nIt takes `= {address}` times as long.")
    assert built.fatal == [f"docs/index.md:5: {message}"]
    assert f'class="broken-link" value="{address}">= {address}</data>' in built["index.md"]


def test_without_records_every_number_is_a_problem(vault: Vault) -> None:
    built = vault({"index.md": "# Home\n\n`= connect.a.b`\n"})
    assert built.fatal == ["docs/index.md:3: no record is called `connect`; the records are none [record-missing]"]


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
        "What a step costs. Measured 2026-11-23 on 2 cores; PostgreSQL 15.18, psycopg 3.3.9; each figure is the median"
    )
    assert text(caption[0]).endswith("make measure ONLY=connect measures it again.")


def test_a_record_says_which_middle_of_its_rounds_it_has(vault: Vault) -> None:
    values = {row: {"ratio": {"mean": 40.0, "low": 10.0, "high": 55.0}} for row in ("bare", "scram")}
    found = record(middle="mean", columns={"ratio": "right"}, values=values)
    page = site(vault, "`= connect.bare.ratio`\n\n" + block("record: connect", "plot: none"), found)["index.md"]
    assert ">40</data>" in page
    assert "each figure is the mean of several rounds" in page


def test_bars_are_as_long_as_their_figures(vault: Vault) -> None:
    page = site(vault, block("record: connect", "columns: ratio"))["index.md"]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', page)]
    assert widths[1] / widths[0] == pytest.approx(3.456, rel=0.01)
    assert re.findall(r"<text[^>]*>(.*?)</text>", page) == ["no password", "1.0", "SCRAM &amp; &lt;b&gt;", "3.5"]
    assert "<title>What a step costs</title><desc>times as long, by way of connecting. The table below has" in page
    assert '<summary>The figures</summary><div class="table-frame"><table>' in page
    assert_inert([page])


def titles(page: str) -> list[str]:
    """Return what stands above the plots of a page."""
    return re.findall(r'<p class="plot-title">(.*?)</p>', page)


def test_each_plot_says_what_its_figures_are(vault: Vault) -> None:
    def above(*lines: str) -> list[str]:
        return titles(site(vault, block("record: connect", *lines))["index.md"])

    assert above() == ["times as long", "share of it"]
    assert above("title: a & b") == ["a &amp; b", "times as long", "share of it"]
    for kind in ("bars", "dots", "stack"):
        assert above(f"plot: {kind}", "columns: share") == ["share of it"]
        assert above(f"plot: {kind}", "columns: share", "title: a & b") == ["a &amp; b"]
    for kind in ("dots", "stack"):
        assert above(f"plot: {kind}") == ["What a step costs"]
    assert above("plot: none") == []
    assert above("plot: none", "title: a & b") == ["a &amp; b"]


def dots(page: str) -> list[tuple[float, float]]:
    """Return where the dots of a plot are."""
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', page)]


def labels(page: str) -> dict[str, tuple[float, str]]:
    """Return the labels of a plot: where each stands, and which end of it stands there."""
    found = re.findall(r'<text[^>]* x="([-\d.]+)" y="[\d.]+" text-anchor="(\w+)">(.*?)</text>', page)
    return {html.unescape(name): (float(x), anchor) for x, anchor, name in found}


def kinds(**figures: dict[str, float]) -> dict[str, Any]:
    """Return a record of one column: a row for each figure."""
    values = {row: {"ratio": found} for row, found in figures.items()}
    return record(rows={row: f"way {row}" for row in figures}, columns={"ratio": "times as long"}, values=values)


def test_ten_times_as_much_is_as_far_everywhere(vault: Vault) -> None:
    found = kinds(a=figure(2), b=figure(20, 10, 40), c=figure(200), d=figure(1000))
    page = site(vault, block("record: connect", "plot: dots"), found)["index.md"]
    (a, _), (b, _), (c, _), (d, _) = dots(page)
    assert b - a == pytest.approx(c - b, abs=0.2)
    assert d - c == pytest.approx((b - a) * 0.699, abs=0.2)
    where = labels(page)
    assert where["100"][0] - where["10"][0] == pytest.approx(b - a, abs=0.2)
    assert where["1,000"][0] == pytest.approx(d, abs=0.2)
    assert {"way a", "2.0", "20", "each line is ten times the one before it"} <= set(where)
    # A label stands behind its dot and its spread, or before them where there is no room.
    assert where["20"][0] == pytest.approx(b + 0.301 * (b - a) + 10, abs=0.3)
    assert where["1000"][0] == pytest.approx(d - 10, abs=0.3)
    assert (where["20"][1], where["1000"][1]) == ("start", "end")
    assert "<desc>times as long, by way of connecting, on a logarithmic scale. The table below has" in page
    assert_inert([page])


@pytest.mark.parametrize(
    ("low", "high", "lines"),
    [(2, 3, ["1", "10"]), (0.02, 0.03, ["0.01", "0.1"]), (0.5, 20, ["1", "10"]), (1, 1, ["1"]), (5, 5, ["1", "10"])],
)
def test_there_are_two_lines_to_tell_the_scale_by(vault: Vault, low: float, high: float, lines: list[str]) -> None:
    found = kinds(a=figure(low), b=figure(high))
    page = site(vault, block("record: connect", "plot: dots"), found)["index.md"]
    assert re.findall(r'text-anchor="middle">([\d.,]+)</text>', page) == lines
    assert page.count('class="grid one"') == ("1" in lines)
    width = float(re.findall(r'viewBox="0 0 (\d+) ', page)[0])
    assert all(0 < x < width for x, _ in dots(page))


def test_dots_of_several_columns_are_named_each(vault: Vault) -> None:
    page = site(vault, block("record: connect", "plot: dots"))["index.md"]
    assert {"1.0 times as long", "0.25 share of it", "3.5 times as long", "0.031 share of it"} <= set(labels(page))
    assert len({y for _, y in dots(page)}) == 4
    assert page.count('<g class="series-1">') == page.count('<g class="series-2">') == 2


def test_a_stack_divides_each_bar_into_its_parts(vault: Vault) -> None:
    found = record(
        rows={"a": "fork", "b": "no fork", "c": "nothing"},
        columns={"right": "right", "wrong": "wrong & silent", "none": "no answer"},
        values={
            "a": {"right": figure(50), "wrong": figure(48), "none": figure(2)},
            "b": {"right": figure(100), "wrong": figure(0), "none": figure(0)},
            "c": {"right": figure(0), "wrong": figure(0), "none": figure(0)},
        },
    )
    page = site(vault, block("record: connect", "plot: stack"), found)["index.md"]
    found_parts = re.findall(r'<g class="series-(\d)"><rect x="([\d.]+)" y="\d+" width="([\d.]+)"[^>]*/>', page)
    legend, parts = found_parts[:3], [(int(part), float(x), float(width)) for part, x, width in found_parts[3:]]
    assert [part for part, _, _ in legend] == ["1", "2", "3"]
    assert parts == [(1, 0, 240), (2, 240, 230.4), (3, 470.4, 9.6), (1, 0, 480)]
    # What is too small for its number has it in the table only.
    assert list(labels(page)) == [
        "right",
        "wrong & silent",
        "no answer",
        "fork",
        "50",
        "48",
        "no fork",
        "100",
        "nothing",
    ]
    assert 'class="plot stack"' in page
    assert_inert([page])


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
        (("plot: bars",), "this block names no record; write a line such as `record: connect` [record-option]"),
        (("record: conekt",), "no record is called `conekt`; did you mean `connect`? [record-missing]"),
        (
            ("record: connect", "color: red"),
            "a measured block has no `color`; write record, plot, columns or title [record-option]",
        ),
        (("record: connect", "???"), "`???` is not understood; write a line such as `record: connect` [record-option]"),
        (("record: connect", "plot: pie"), "`pie` is no plot; write bars, dots, stack, lines or none [record-option]"),
        (
            ("record: connect", "plot: lines"),
            "a plot of lines needs sizes for rows; write `plot: bars` [record-option]",
        ),
        (
            ("record: connect", "plot: dots", "columns: no"),
            "a plot of dots needs figures above 0; write `plot: bars` [record-option]",
        ),
        (
            ("record: connect", "columns: share, rato"),
            "no column of connect is called `rato`; did you mean `ratio`? [record-missing]",
        ),
    ],
)
def test_a_block_that_cannot_be_made_is_a_problem(vault: Vault, lines: tuple[str, ...], message: str) -> None:
    found = record(columns={"ratio": "times as long", "share": "share of it", "no": "nothing"})
    for columns in found["values"].values():
        columns["no"] = figure(0.5, low=0)
    built = site(vault, f"Text.\n\n{block(*lines)}", found)
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
    what = "is not what a measuring program writes; remove it and run `make measure` again [record-format]"
    assert built.fatal == [f"measurements/connect.json:1: {what}"]


def test_a_record_of_another_major_version_is_a_problem(vault: Vault) -> None:
    pins = "psycopg==4.0.1 \\\n    --hash=sha256:0\npytest==9.2\n"
    built = site(vault, "Text.", **{"requirements.txt": pins})
    what = "was measured with psycopg 3.3.9, and 4.0.1 is in use; run `make measure ONLY=connect` [record-outdated]"
    assert built.fatal == [f"measurements/connect.json:1: {what}"]
    assert site(vault, "Text.", **{"requirements.txt": "psycopg==3.9\n"}).fatal == []


@pytest.mark.parametrize("name", ["psycopg_pool", "psycopg-pool", "Psycopg.Pool"])
def test_names_are_those_of_the_requirements_however_written(vault: Vault, name: str) -> None:
    found = record(versions={name: "3.3"})
    built = site(vault, "Text.", found, **{"tools/requirements-ci.txt": "psycopg-pool==4.0\n"})
    what = f"was measured with {name} 3.3, and 4.0 is in use; run `make measure ONLY=connect` [record-outdated]"
    assert built.fatal == [f"measurements/connect.json:1: {what}"]


PROVED = '# /// script\n# ///\n"""A title."""\n'


@pytest.mark.parametrize(
    ("servers", "ran_on"),
    [
        (["PostgreSQL 15.2", "PostgreSQL 18.6 with TLS"], None),
        (["MariaDB 18.6"], None),
        (["PostgreSQL"], None),
        (["PostgreSQL 18.6", "PostgreSQL 18.6 with TLS"], "18.6"),
        (["PostgreSQL 18.6", "PostgreSQL 17.1 with TLS"], "17.1, 18.6"),
    ],
)
@pytest.mark.parametrize("required", [False, True])
def test_a_record_of_another_server_than_the_tests_is_told(
    vault: Vault, servers: list[str], ran_on: str | None, required: bool
) -> None:
    proof = {
        "sha256": hashlib.sha256(PROVED.encode()).hexdigest(),
        "tests": [],
        "skipped": [],
        "servers": servers,
        "versions": {},
        "day": "2026-11-22",
        "commit": "0",
    }
    built = vault(
        {"index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n'},
        {"a/b.py": PROVED},
        others={"measurements/connect.json": json.dumps(record()), "proofs.json": json.dumps({"a/b.py": proof})},
        required=required,
    )
    what = (
        f"was measured with PostgreSQL 15.18, and the tests ran on {ran_on}; "
        "run `make measure ONLY=connect` [record-server]"
    )
    told = [f"measurements/connect.json:1: {what}"] if ran_on else []
    assert [problem for problem in built.problems if "measurements/" in problem] == told
    # Fatal only where the site is published: a contributor's machine has the servers that it has.
    assert [problem for problem in built.fatal if "measurements/" in problem] == (told if required else [])
