"""Snippet includes: the good ones are followed, and each of the others is shown as written, with its line and cure."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.conftest import Site, Vault, build_site

POOL = """\
\"\"\"A pool.\"\"\"

# --8<-- [start:make]
def make():
    # --8<-- [start:inner]
    return 1
    # --8<-- [end:inner]
# --8<-- [end:make]

make()
"""
SNIPPETS = {"pooling/pool.py": POOL, "pooling/other.sql": "SELECT 1;\n", "plain.py": "x = 1\n"}
OUTSIDE = "an include outside a fenced block is read as Markdown; put it between ```python and ``` [include-place]"
NO_INCLUDE = 'is not an include; write `--8<-- "topic/name.py:region"`, one on each line [include-syntax]'
TYPED = (
    "Python typed into a page is not tested; move it into a snippet and include it: "
    '--8<-- "topic/name.py:region" [code-untested]'
)
NO_TARGET = "is not `topic/name.py` or `topic/name.py:region`; line numbers and addresses rot [include-target]"


def shown(page: str) -> list[str]:
    """Return the text of each block of code on a page."""
    return [html.unescape(re.sub(r"<[^>]*>", "", code)) for code in re.findall(r"<code>(.*?)</code>", page, re.DOTALL)]


def note(*lines: str) -> dict[str, str]:
    return {"index.md": "\n".join(["# Home", "", *lines, ""])}


# Includes that are followed


def test_file_and_region(vault: Vault) -> None:
    lines = ["```python", '--8<-- "pooling/pool.py:make"', "```", "", "```sql", '--8<-- "pooling/other.sql"', "```"]
    site = vault(note(*lines), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ["def make():\n    return 1\n", "SELECT 1;\n"]


def test_whole_file_shows_no_markers(vault: Vault) -> None:
    site = vault(note("```python", "--8<-- 'pooling/pool.py'", "```"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ['"""A pool."""\n\ndef make():\n    return 1\n\nmake()\n']


def test_region_stands_at_the_left(vault: Vault) -> None:
    site = vault(note("```python", '-8<--- "pooling/pool.py:inner"', "```"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ["return 1\n"]


def test_two_in_one_block(vault: Vault) -> None:
    site = vault(note("```python", '--8<-- "plain.py"', "", '--8<-- "pooling/pool.py:inner"', "```"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"])[0].split() == ["x", "=", "1", "return", "1"]


@pytest.mark.parametrize(
    "before", ["- item\n", "!!! note\n", '=== "Tab"\n', "??? tip\n", "1. item\n", "> [!note]\n\n- item\n"]
)
def test_in_a_block_inside_another(vault: Vault, before: str) -> None:
    site = vault(note(before, "    ```python", '    --8<-- "pooling/pool.py:make"', "    ```"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ["def make():\n    return 1\n"]


def test_beside_other_text(vault: Vault) -> None:
    site = vault(note("~~~~sql", "-- first", '--8<-- "pooling/other.sql"', "-- last", "~~~~"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ["-- first\nSELECT 1;\n\n-- last\n"]


def test_link_between_snippets(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/link.py").symlink_to("plain.py")
    site = vault(note("```python", '--8<-- "link.py"', "```"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ["x = 1\n"]


def test_used_tells_which_notes_show_a_snippet(vault: Vault) -> None:
    docs = {
        "index.md": "# Home\n\n[[a]]\n\n```python\n"
        '--8<-- "plain.py"\n--8<-- "pooling/pool.py:make"\n--8<-- "pooling/pool.py:inner"\n--8<-- "missing.py"\n```\n',
        "a.md": '# A\n\n```python\n--8<-- "plain.py"\n```\n\n--8<-- "pooling/other.sql"\n',
    }
    index = json.loads(vault(docs, SNIPPETS, pages=True).build.assets["snippets.json"])
    used = {entry["path"]: entry["notes"] for entry in index["snippets"] if entry["notes"]}
    assert used == {"plain.py": ["a/", ""], "pooling/pool.py": [""]}


# Lines that are meant to be read


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (';--8<-- "plain.py"', '--8<-- "plain.py"'),
        (";--8<--", "--8<--"),
        ("# --8<-- [start:pool]", "# --8<-- [start:pool]"),
        ("# ;--8<-- [start:pool]", "# --8<-- [start:pool]"),
        ("a --8<-- [end:a] --8<-- [end:b]", "a --8<-- [end:a] --8<-- [end:b]"),
        ("x --8<-- y", "x --8<-- y"),
    ],
)
def test_shown_and_no_problem(vault: Vault, line: str, text: str) -> None:
    site = vault(note("```text", line, "```"), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == [f"{text}\n"]


def test_mention_in_a_line(vault: Vault) -> None:
    site = vault(note('Write `--8<-- "plain.py"`, and `# --8<-- [start:x]` there.'), SNIPPETS)
    assert site.problems == []
    assert shown(site["index.md"]) == ['--8<-- "plain.py"', "# --8<-- [start:x]"]


# Includes that are refused: problem, the line as written, and the rest of the page as ever


def refused(vault: Vault, line: str, what: str, snippets: dict[str, str] | None = None) -> Site:
    """Build a page whose fourth line is ``line``, refused because of ``what``."""
    good = ["", "```python", '--8<-- "plain.py"', "```"]
    site = vault(note("```sql", line, "```", *good), SNIPPETS | (snippets or {}))
    own = [problem for problem in site.problems if problem.startswith("docs/")]
    assert own == [f"docs/index.md:4: {what}"]
    first, second = shown(site["index.md"])
    assert first.strip() == line.strip()
    assert second == "x = 1\n"
    return site


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("pooling/pol.py", 'no file is at snippets/pooling/pol.py; did you mean "pooling/pool.py"? [include-missing]'),
        ("pooling/pol.py:body", 'no file is at snippets/pooling/pol.py; '
                                'did you mean "pooling/pool.py:body"? [include-missing]'),
        ("zzz", "no file is at snippets/zzz; write its path from snippets/ [include-missing]"),
        ("pooling", "no file is at snippets/pooling; write its path from snippets/ [include-missing]"),
        ("pooling/pool.py/x", 'no file is at snippets/pooling/pool.py/x; '
                              'did you mean "pooling/pool.py"? [include-missing]'),
        ("x" * 300, f"no file is at snippets/{'x' * 300}; write its path from snippets/ [include-missing]"),
        ("pooling/pool.py:maek", "snippets/pooling/pool.py has no region `maek`; "
                                 "did you mean `make`? [include-region]"),
        ("pooling/pool.py:zzz", "snippets/pooling/pool.py has no region `zzz`; its regions are `make`, "
                                "`inner` [include-region]"),
        ("pooling/pool.py:Make", "snippets/pooling/pool.py has no region `Make`; "
                                 "did you mean `make`? [include-region]"),
        ("plain.py:x", "snippets/plain.py has no region `x`; it has none [include-region]"),
        ("/etc/passwd", "/etc/passwd leads out of snippets/; put the file itself there [include-target]"),
        ("../docs/index.md", "../docs/index.md leads out of snippets/; put the file itself there [include-target]"),
        ("pooling/../../x", "pooling/../../x leads out of snippets/; put the file itself there [include-target]"),
        ("..", ".. leads out of snippets/; put the file itself there [include-target]"),
        ("./plain.py", "./plain.py is a roundabout path; write plain.py [include-target]"),
        ("pooling/../plain.py", "pooling/../plain.py is a roundabout path; write plain.py [include-target]"),
        ("pooling//pool.py", "pooling//pool.py is a roundabout path; write pooling/pool.py [include-target]"),
        *(
            (target, f"`{target}` {NO_TARGET}")
            for target in (
                "https://example.org/x.py", "plain.py:3:10", "plain.py:3", "plain.py:-1", "plain.py:1,2", "plain.py:",
                ":x", "a b.py", ";plain.py", r"a\"b", "plain.py:é", "a](b.py", "[[a]]", "http:x y", "a'b",
            )
        ),
    ],
)  # fmt: skip
def test_refused_target(vault: Vault, target: str, what: str) -> None:
    refused(vault, f'--8<-- "{target}"', what)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('--8<-- "plain.py" ', "spaces after an include print it instead; remove them [include-syntax]"),
        ('--8<-- "plain.py"\t', "spaces after an include print it instead; remove them [include-syntax]"),
        ("--8<--", NO_INCLUDE),
        ("-8<------", NO_INCLUDE),
        ("--8<-- plain.py", NO_INCLUDE),
        ('--8<--"plain.py"', NO_INCLUDE),
        ('--8<-- "plain.py', NO_INCLUDE),
        ('--8<-- ""', NO_INCLUDE),
        ("--8<-- “plain.py”", NO_INCLUDE),
        ('--8<-- "plain.py" "plain.py"', "`plain.py\" \"plain.py` is not `topic/name.py` or `topic/name.py:region`; "
         "line numbers and addresses rot [include-target]"),
        ("--8<-- [start:x]", NO_INCLUDE),
    ],
)  # fmt: skip
def test_refused_line(vault: Vault, line: str, what: str) -> None:
    refused(vault, line, what)


def test_list_of_includes(vault: Vault) -> None:
    site = vault(note("```sql", "--8<--", "plain.py", "/etc/passwd", "--8<--", "```"), SNIPPETS)
    assert site.problems == [f"docs/index.md:4: {NO_INCLUDE}", f"docs/index.md:7: {NO_INCLUDE}"]
    assert shown(site["index.md"]) == ["--8<--\nplain.py\n/etc/passwd\n--8<--\n"]


def test_link_out_of_the_folder(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("password = 1\n")
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/link.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "snippets/folder").symlink_to(tmp_path)
    site = refused(
        vault, '--8<-- "link.py"', "link.py leads out of snippets/; put the file itself there [include-target]"
    )
    assert "password" not in site["index.md"]
    refused(
        vault,
        '--8<-- "folder/secret.py"',
        "folder/secret.py leads out of snippets/; put the file itself there [include-target]",
    )


def test_link_in_a_circle(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/loop.py").symlink_to("loop.py")
    refused(
        vault, '--8<-- "loop.py"', "no file is at snippets/loop.py; write its path from snippets/ [include-missing]"
    )


@pytest.mark.parametrize(
    ("content", "problem", "rule"),
    [
        (
            "# --8<-- [start:a]\nx\n",
            "1: the region `a` is never closed; add `--8<-- [end:a]` where it ends",
            "region-bounds",
        ),
        (
            "# --8<-- [start:a]\nx\n# --8<-- [end:a]\n# --8<-- [start:a]\ny\n# --8<-- [end:a]\n",
            "4: the region `a` begins a second time; give it a name of its own",
            "region-bounds",
        ),
        (
            "# --8<-- [end:a]\n# --8<-- [start:a]\nx\n# --8<-- [end:a]\n",
            "1: the region `a` ends here but is not open; add its start or remove this line",
            "region-bounds",
        ),
        ("# --8<-- [start:a]\n# --8<-- [end:a]\n", "1: the region `a` is empty; put its code inside", "region-bounds"),
        (
            "# --8<-- [start:a]\nx\ny()  # --8<-- [end:a]\n",
            "3: code beside a region marker is lost; put the marker on a line of its own",
            "region-marker",
        ),
        (
            '# --8<-- [start:a]\nx = """\n--8<-- "plain.py"\n"""\n# --8<-- [end:a]\n',
            "3: this line would be taken for an include, even in a string; write it in another way",
            "region-marker",
        ),
        (
            "# --8<-- [start:a]\nx\xff\n# --8<-- [end:a]\n",
            "2: byte 0xff is not UTF-8; save the file as UTF-8",
            "file-encoding",
        ),
    ],
)
def test_snippet_with_a_problem_is_not_shown(vault: Vault, content: str, problem: str, rule: str) -> None:
    snippets: dict[str, Any] = {"bad.py": content.encode("latin-1")}
    what = f"this include is not followed, since snippets/bad.py:{problem} [include-broken]"
    site = refused(vault, '--8<-- "bad.py:a"', what, snippets)
    assert site.problems == [f"docs/index.md:4: {what}", f"snippets/bad.py:{problem} [{rule}]"]


def test_problem_in_a_snippet_is_told_once(vault: Vault) -> None:
    include = '```python\n--8<-- "bad.py"\n```\n'
    docs = {"index.md": f"# Home\n\n[[a]]\n\n{include}\n{include}", "a.md": f"# A\n\n{include}"}
    site = vault(docs, {"bad.py": "# --8<-- [end:x]\n"})
    told = [problem for problem in site.problems if problem.startswith("snippets/")]
    what = "the region `x` ends here but is not open; add its start or remove this line [region-bounds]"
    assert told == [f"snippets/bad.py:1: {what}"]
    assert len(site.problems) == 4


def test_fence_in_the_snippet_that_would_close_the_block(vault: Vault) -> None:
    readme = "# --8<-- [start:a]\ntext\n\n    ```\nx\n    ```\n# --8<-- [end:a]\n```\ny\n"
    what = "snippets/readme.txt:8 would close this block; open and close the block with ```` [include-fence]"
    refused(vault, '--8<-- "readme.txt"', what, {"readme.txt": readme})
    site = vault(
        note("````text", '--8<-- "readme.txt"', "````", "", "```text", '--8<-- "readme.txt:a"', "```"),
        {"readme.txt": readme},
    )
    assert site.problems == []
    assert shown(site["index.md"]) == [
        "text\n\n    ```\nx\n    ```\n```\ny\n", "text\n\n    ```\nx\n    ```\n"
    ]  # fmt: skip


def test_fence_moved_to_the_left_closes_the_block(vault: Vault) -> None:
    snippet = "if x:\n    # --8<-- [start:a]\n    ```  \n    # --8<-- [end:a]\n"
    what = "snippets/a.txt:3 would close this block; open and close the block with ```` [include-fence]"
    refused(vault, '--8<-- "a.txt:a"', what, {"a.txt": snippet})


# Where an include stands


@pytest.mark.parametrize("before", ["", "Text.\n", "- item\n\n", '=== "Tab"\n\n'])
def test_outside_a_block(vault: Vault, before: str) -> None:
    indent = "    " if before[:1] in ("-", "=") else ""
    site = vault({"index.md": f'# Home\n\n{before}{indent}--8<-- "plain.py"\n'}, SNIPPETS)
    line = 3 + before.count("\n")
    assert site.problems == [f"docs/index.md:{line}: {OUTSIDE}"]
    assert '--8&lt;-- "plain.py"' in site["index.md"]
    assert "x = 1" not in site["index.md"]


@pytest.mark.parametrize(
    "lines",
    [
        ["> ```python", '> --8<-- "plain.py"', "> ```"],
        ['> --8<-- "plain.py"'],
        ["> ```python", '  --8<-- "plain.py"', "> ```"],
    ],
)
def test_in_a_quotation(vault: Vault, lines: list[str]) -> None:
    site = vault(note(*lines), SNIPPETS)
    what = "an include in a quotation is not followed; move it out of the `>` lines [include-place]"
    assert site.problems == [f"docs/index.md:{4 if len(lines) > 1 else 3}: {what}"]
    assert "x = 1" not in site["index.md"]
    assert '--8<-- "plain.py"' in html.unescape(re.sub(r"<[^>]*>", "", site["index.md"]))


def test_in_a_block_that_is_never_closed(vault: Vault) -> None:
    site = vault(note("```python", '--8<-- "plain.py"', "", '--8<-- "/etc/passwd"'), SNIPPETS)
    assert site.problems == ["docs/index.md:3: this block is never closed; end it with a line of ``` [code-unclosed]"]
    assert '--8&lt;-- "plain.py"' in site["index.md"]


def test_include_in_an_embedded_part(vault: Vault) -> None:
    docs = {
        "index.md": "# Home\n\n![[a#B]]\n",
        "a.md": '# A\n\n## B\n\n```python\n--8<-- "plain.py"\n--8<-- "no.py"\n```\n',
    }
    site = vault(docs, SNIPPETS)
    assert site.problems == [
        "docs/a.md:7: no file is at snippets/no.py; write its path from snippets/ [include-missing]"
    ]
    assert shown(site["index.md"]) == ['x = 1\n\n--8<-- "no.py"\n']


def test_line_counts_from_the_top_of_the_file(vault: Vault) -> None:
    site = vault({"index.md": '---\r\ntitle: Home\r\n---\r\n\r\n```sql\r\n--8<-- "no.py"\r\n```\r\n'}, SNIPPETS)
    assert site.problems == [
        "docs/index.md:6: no file is at snippets/no.py; write its path from snippets/ [include-missing]"
    ]


# Python typed into a page


@pytest.mark.parametrize(
    "header",
    [
        "python", "py", "Python", "PYTHON", "pycon", "python3", "py3", "pyi", "ipython", "pytb", "{.python}",
        "{ #id .py }", ".python", ' python title="x"', "python {.x}", "python-console", "starlark",
    ],
)  # fmt: skip
def test_typed_python(vault: Vault, header: str) -> None:
    site = vault(note(f"```{header}", "", "", "print(1)", "print(2)", "```"))
    assert site.problems == [f"docs/index.md:3: {TYPED}"]


@pytest.mark.parametrize("before", ["- item\n", "!!! note\n", '=== "Tab"\n'])
def test_typed_python_in_a_block_inside_another(vault: Vault, before: str) -> None:
    site = vault(note(before, "    ~~~py", "    print(1)", "    ~~~"))
    assert site.problems == [f"docs/index.md:5: {TYPED}"]


def test_typed_python_in_a_quotation(vault: Vault) -> None:
    assert vault(note("> ```python", ">", "> print(1)", "> ```")).problems == [f"docs/index.md:3: {TYPED}"]


@pytest.mark.parametrize("lines", [('--8<-- "plain.py"', "print(1)"), ("print(1)", '--8<-- "plain.py"')])
def test_typed_python_beside_an_include(vault: Vault, lines: tuple[str, str]) -> None:
    site = vault(note("```python", "", *lines, "```"), SNIPPETS)
    assert site.problems == [f"docs/index.md:3: {TYPED}"]
    assert "print" in shown(site["index.md"])[0]
    assert "x = 1" in shown(site["index.md"])[0]


@pytest.mark.parametrize("header", ["", "text", "sql", "console", "pythonic", "{.sql .python}", "pypylog"])
def test_other_languages(vault: Vault, header: str) -> None:
    assert vault(note(f"```{header}", "print(1)", "```")).problems == []


@pytest.mark.parametrize("content", [[], ["", "  "]])
def test_empty_block(vault: Vault, content: list[str]) -> None:
    assert vault(note("```python", *content, "```")).problems == []


# Whatever stands on the lines, nothing raises and nothing outside snippets/ is shown

_LINES = st.sampled_from([
    "```python", "```", "~~~text", "~~~", "    ```", "> ```", "````", "", "text", "--8<--", "-8<-", ";--8<--",
    '--8<-- "plain.py"', '    --8<-- "pool.py:make"', '--8<-- "../secret.py"', '--8<-- "secret.py"',
    '--8<-- "folder/secret.py"', '> --8<-- "secret.py"', '--8<-- "missing.py"', "--8<-- 'bad.py:a'", '--8<-- "/x"',
    '--8<-- "a\\"b"', '--8<-- "plain.py:1:2"', '--8<-- ";x"', '--8<-- " "', "secret.py", "../secret.py", "/etc/passwd",
    '--8<-- "https://127.0.0.1:1/x"', "https://127.0.0.1:1/x", "# --8<-- [start:a]", ";--8<-- \"secret.py\"",
    '--8<-- "fence.txt"', '--8<-- "latin.py"', '--8<-- "pooling"', '\t--8<-- "plain.py"\t', "```python x",
])  # fmt: skip
_TEXT = st.text(alphabet="-8<>;\"' \t\n`./:[]startend\\sx", max_size=30)


@settings(max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(_LINES, _LINES, _TEXT), max_size=8))
def test_no_arrangement_raises_or_leaks(tmp_path: Path, lines: list[str]) -> None:
    snippets = tmp_path / "snippets"
    if not snippets.exists():
        (snippets / "pooling").mkdir(parents=True)
        (tmp_path / "secret.py").write_text("password\n")
        (snippets / "secret.py").symlink_to(tmp_path / "secret.py")
        (snippets / "folder").symlink_to(tmp_path)
        (snippets / "plain.py").write_text("x = 1\n")
        (snippets / "pool.py").write_text(POOL)
        (snippets / "bad.py").write_text("# --8<-- [end:a]\n# --8<-- [start:a]\n")
        (snippets / "fence.txt").write_text("```\n~~~\n")
        (snippets / "latin.py").write_bytes(b"\xff")
        (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("\n".join(["# Home", "", *lines]))
    site = build_site(tmp_path)
    assert "password" not in site["index.md"]
    assert "root:" not in site["index.md"]
