"""A snippet file: its regions, and everything on it that would not be shown as it is tested."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from garden.model.report import Report
from garden.snippets import regions
from garden.snippets.regions import DIRECTIVE, MARKER, Region, SnippetFile

GOOD = """\
import x
# --8<-- [start:pool]
def pool():
    # --8<-- [start:inner]
    return x

    # --8<-- [end:inner]

# --8<-- [end:pool]
pool()
"""


def load(tmp_path: Path, text: str | bytes) -> SnippetFile:
    file = tmp_path / "a.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return regions.load(file, "snippets/a.py", Report())


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    (tmp_path / "a.py").write_bytes(text if isinstance(text, bytes) else text.encode())
    report = Report()
    found = regions.load(tmp_path / "a.py", "snippets/a.py", report)
    assert found.problem == next(iter(report.problems), None)
    return [str(problem) for problem in report.problems]


def test_regions(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert found.problem is None
    assert found.regions == {"pool": Region(1, 8), "inner": Region(3, 6)}


def test_text_has_no_markers_and_stands_at_the_left(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert found.text(found.regions["inner"]) == [(5, "return x"), (6, "")]
    assert found.text(found.regions["pool"]) == [(3, "def pool():"), (5, "    return x"), (6, ""), (8, "")]
    assert [number for number, _ in found.text(None)] == [1, 3, 5, 6, 8, 10, 11]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_endings(tmp_path: Path, end: str) -> None:
    assert load(tmp_path, GOOD.replace("\n", end)).regions == {"pool": Region(1, 8), "inner": Region(3, 6)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("# ", ""),
        ("// ", ""),
        ("-- ", ""),
        ("; ", ""),
        ("% ", ""),
        ("/* ", " */"),
        ("<!-- ", " -->"),
        ("    #", "  "),
    ],
)
@pytest.mark.parametrize("marker", ["--8<-- [start:x]", "-8<--- [ START : x ]"])
def test_markers_in_comments_of_many_languages(tmp_path: Path, before: str, marker: str, after: str) -> None:
    found = load(tmp_path, f"{before}{marker}{after}\ncode\n{before}{marker.lower().replace('start', 'end')}{after}\n")
    assert found.problem is None
    assert found.regions == {"x": Region(0, 2)}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (
            "# --8<-- [start:x]\na\n",
            1,
            "the region `x` is never closed; add `--8<-- [end:x]` where it ends [region-bounds]",
        ),
        (
            "# --8<-- [start:x]\na\n# --8<-- [end:x]\n# --8<-- [start:x]\nb\n# --8<-- [end:x]\n",
            4,
            "the region `x` begins a second time; give it a name of its own [region-bounds]",
        ),
        (
            "# --8<-- [start:x]\na\n# --8<-- [start:x]\nb\n# --8<-- [end:x]\n",
            3,
            "the region `x` begins a second time; give it a name of its own [region-bounds]",
        ),
        (
            "a\n# --8<-- [end:x]\n",
            2,
            "the region `x` ends here but is not open; add its start or remove this line [region-bounds]",
        ),
        (
            "# --8<-- [end:x]\n# --8<-- [start:x]\na\n# --8<-- [end:x]\n",
            1,
            "the region `x` ends here but is not open; add its start or remove this line [region-bounds]",
        ),
        (
            "# --8<-- [start:x]\na\n# --8<-- [end:x]\n# --8<-- [end:x]\n",
            4,
            "the region `x` ends here but is not open; add its start or remove this line [region-bounds]",
        ),
        (
            "a\n# --8<-- [start:x]\n\n  \n# --8<-- [end:x]\n",
            2,
            "the region `x` is empty; put its code inside [region-bounds]",
        ),
        (
            "# --8<-- [start:x]\n# --8<-- [start:y]\n# --8<-- [end:x]\na\n# --8<-- [end:y]\n",
            1,
            "the region `x` is empty; put its code inside [region-bounds]",
        ),
        (
            "# --8<-- [start:x]\na\nb()  # --8<-- [end:x]\n",
            3,
            "code beside a region marker is lost; put the marker on a line of its own [region-marker]",
        ),
        (
            "# --8<-- [start:x] a()\na\n# --8<-- [end:x]\n",
            1,
            "code beside a region marker is lost; put the marker on a line of its own [region-marker]",
        ),
        (
            "a\n# ;--8<-- [start:x]\n",
            2,
            "this line would be shown without its `;`; write it in another way [region-marker]",
        ),
        *(
            (
                f'a = """\n{line}\n"""\n',
                2,
                "this line would be taken for an include, even in a string; write it in another way [region-marker]",
            )
            for line in ('--8<-- "b.py"', "  -8<- 'b.py'", "--8<--", "\t--8<----", ';--8<-- "b.py"', ";;--8<--")
        ),
        ("a\nb = 'Gr\xfc'\n".encode("latin-1"), 2, "byte 0xfc is not UTF-8; save the file as UTF-8 [file-encoding]"),
        (
            b"\xef\xbb\xbfa\n",
            1,
            "the file begins with a byte order mark, which would be copied too; save it without one [file-encoding]",
        ),
        ("a\nb = '\ue002'\n", 2, "the character U+E002 cannot be shown; write it as an escape [file-encoding]"),
        ("a\r\rb = '\x00'\r", 3, "the character U+0000 cannot be shown; write it as an escape [file-encoding]"),
        ("", 1, "the file is empty; put its code into it [snippet-empty]"),
        ("\n \n", 1, "the file is empty; put its code into it [snippet-empty]"),
    ],
)
def test_problem(tmp_path: Path, text: str | bytes, line: int, what: str) -> None:
    assert problems(tmp_path, text) == [f"snippets/a.py:{line}: {what}"]


@pytest.mark.parametrize(
    "line",
    [
        'x = "--8<--"',
        '# --8<-- "b.py"',
        "--8<-- b.py",
        '--8<-- "b.py" ',
        "--8<",
        "8<",
        "# --8<-- [region:x]",
        "--8<-- [",
    ],
)
def test_lines_that_are_shown_as_they_are(tmp_path: Path, line: str) -> None:
    found = load(tmp_path, f"{line}\n")
    assert found.problem is None
    assert found.text(None) == [(1, line), (2, "")]


def test_problems_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert [
        line.split(":")[1] for line in problems(tmp_path, "--8<--\n# --8<-- [start:b]\n;--8<--\na # --8<-- [end:c]\n")
    ] == ["1", "2", "3", "4", "4"]


# The same lines as pymdownx.snippets

THEIRS: Any = Markdown(extensions=["pymdownx.snippets"]).preprocessors["snippet"]

_PIECES = st.sampled_from(
    [
        "-",
        "--",
        "8<",
        "--8<--",
        "--8<-- ",
        ";",
        " ",
        "\t",
        '"',
        "'",
        "\\",
        "a.py",
        "[start:a]",
        "[ END : a ]",
        "[",
        "]",
        "#",
        "x",
    ]
)
_LINE = st.lists(_PIECES, max_size=7).map("".join)


@settings(max_examples=600, derandomize=True, deadline=None, database=None)
@given(_LINE)
def test_same_directives_and_markers(line: str) -> None:
    theirs = THEIRS.RE_ALL_SNIPPETS.match(line)
    ours = DIRECTIVE.match(line)
    assert bool(ours) == bool(theirs)
    assert not ours or ours["escape"] == theirs["escape"]
    section = THEIRS.RE_SNIPPET_SECTION.match(line)
    marker = MARKER.match(line)
    assert bool(marker) == bool(section)
    if marker:
        assert [marker["before"], marker["escape"], marker["name"], marker["after"]] == [
            section["pre"], section["escape"], section["name"], section["post"],
        ]  # fmt: skip


_CODE = st.lists(st.sampled_from(["x", "    y", "  z", "\tt", "", "  "]), min_size=1, max_size=8)


@st.composite
def _files(draw: st.DrawFn) -> str:
    """A file with regions that may lie in each other or overlap."""
    lines = draw(_CODE)
    for name in draw(st.sampled_from(["", "a", "ab", "abc"])):
        start = draw(st.integers(0, len(lines)))
        lines.insert(start, draw(st.sampled_from(["", "    "])) + f"# --8<-- [start:{name}]")
        lines.insert(draw(st.integers(start + 1, len(lines))), f"# --8<-- [end:{name}]")
    return "\n".join(lines)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(_files())
def test_what_a_good_file_shows_is_what_pymdownx_shows(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "shown"
    folder.mkdir(exist_ok=True)
    found = load(folder, text)
    options = {"base_path": [str(folder)], "check_paths": True, "dedent_subsections": True}
    markdown = Markdown(extensions=["pymdownx.snippets"], extension_configs={"pymdownx.snippets": options})
    assume(not found.problem)
    for name, region in [("", None), *((f":{name}", region) for name, region in found.regions.items())]:
        shown = markdown.preprocessors["snippet"].run([f'--8<-- "a.py{name}"'])
        assert shown == [line for _, line in found.text(region)]
