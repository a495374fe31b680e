"""A snippet's own page, the line below each block that shows it, and the catalog of all."""

from __future__ import annotations

import html
import json
import re
from hashlib import sha256
from typing import Any

import pytest

from tests.unit.conftest import Site, Vault
from tests.unit.reading import assert_inert, body, links, marked

LEASE = '''\
# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0", "psycopg[binary]"]
# ///
"""A lease.

Use it for `x < y` & [[brackets]] *as they are*.
Not for <b>others</b>.

Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one.
"""

# --8<-- [start:borrow]
def borrow() -> int:
    """Borrow, as antipatterns/shared.py does not."""
    return 1 < 2
# --8<-- [end:borrow]
'''
COPIED = "".join(line for line in LEASE.splitlines(keepends=True) if "8<" not in line)
SHARED = '''\
# ANTI-PATTERN: do not.
"""Anti-pattern: shared."""

# --8<-- [start:share]
shared = []
# --8<-- [end:share]
'''
SNIPPETS = {
    "pooling/lease.py": LEASE,
    "pooling/lease.out": "1 < 2\n",
    "pooling/lease.postgresql.out": '```\n--8<-- "plain.py"\n',
    "antipatterns/shared.py": SHARED,
}
INDEX = """\
# Home

```python
--8<-- "pooling/lease.py:borrow"
```

Between.

```{.python title="Two"}
--8<-- "pooling/lease.py"
--8<-- "antipatterns/shared.py:share"
```

```text
--8<-- "pooling/lease.out"
```

```sh
make test
```
"""
TESTS = '''\
def test_it_lends() -> None:
    """--8<--
    ```
    # --8<-- [start:no]
    """

def test_it_waits() -> None: ...
'''
PAGE = "snippets/pooling/lease.md"
ANTI = "snippets/antipatterns/shared.md"


def proof(source: str = LEASE, **changes: object) -> dict[str, Any]:
    """Return a proof as the test run writes it."""
    file = "tests/snippets/pooling/test_lease.py"
    tests = [
        {"name": "test_it_lends[one]", "file": file, "line": 5},
        {"name": "test_it_lends[two]", "file": file, "line": 5},
        {"name": "test_runs_as_pasted[pooling/lease-sqlite]", "file": "tests/other.py", "line": 9},
    ]
    values = {
        "sha256": sha256(source.encode()).hexdigest(),
        "tests": tests,
        "skipped": [],
        "servers": ["PostgreSQL 18.6", "SQLite 3.40.1"],
        "versions": {"python": "3.11.7", "sqlalchemy": "2.1.9", "psycopg": "3.3.9"},
        "day": "2026-11-22",
        "commit": "abc123",
    }
    return values | changes


def site(vault: Vault, *proofs: tuple[str, dict[str, Any]], index: str = INDEX, **options: Any) -> Site:
    """Build the vault with these proofs."""
    others = {"tests/snippets/pooling/test_lease.py": TESTS}
    if proofs:
        others["proofs.json"] = json.dumps(dict(proofs))
    return vault({"index.md": index}, SNIPPETS, others=others, pages=True, **options)


def captions(page: str) -> list[str]:
    """Return what stands below each block, as a reader sees it."""
    return [text(caption) for caption in re.findall(r"<figcaption>(.*?)</figcaption>", page)]


def text(markup: str) -> str:
    """Return HTML as a reader sees it."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", markup)).split())


def blocks(page: str) -> list[str]:
    """Return the text of each block of code."""
    return [
        html.unescape(re.sub(r"<[^<>]*>", "", code))
        for code in re.findall(r"<pre>.*?<code>(.*?)</code></pre>", page, re.S)
    ]


# The page


def test_the_page_shows_the_whole_file_as_it_is_copied(vault: Vault) -> None:
    built = site(vault)
    assert built.problems == []
    assert built.build.notes[PAGE].title == "A lease"
    assert blocks(built[PAGE])[0] == COPIED
    assert built.build.assets["snippets/pooling/lease.py"] == COPIED


def test_what_the_docstring_says_is_shown_as_it_is(vault: Vault) -> None:
    page = site(vault)[PAGE]
    assert "Use it for x < y & [[brackets]] *as they are*. Not for <b>others</b>. Servers: SQLite" in text(page)
    assert "<code>x &lt; y</code>" in page
    assert_inert([page])


def test_outputs_and_tests_are_shown_as_they_are(vault: Vault) -> None:
    page = site(vault)[PAGE]
    assert "On SQLite:" in page
    assert "On PostgreSQL:" in page
    shown = blocks(page)
    assert SNIPPETS["pooling/lease.out"] in shown
    assert SNIPPETS["pooling/lease.postgresql.out"] in shown
    assert TESTS in shown
    assert "<summary>tests/snippets/pooling/test_lease.py</summary>" in page


def test_it_says_how_to_run_it_and_what_it_needs(vault: Vault) -> None:
    page = site(vault)[PAGE]
    assert (
        "uv run lease.py\nDATABASE_URL=postgresql+psycopg://user:password@localhost/test uv run lease.py\n"
        in blocks(page)
    )
    cells = [
        [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>.*?</tr>", page, re.S)
    ]
    assert cells[1:] == [
        ["Python", ">=3.10", "not verified in this build"],
        ["sqlalchemy", ">=2.0", "not verified in this build"],
        ["psycopg[binary]", "any", "not verified in this build"],
    ]


def test_a_snippet_that_needs_a_server_is_run_with_one(vault: Vault) -> None:
    source = '"""A.\n\nServers: PostgreSQL with TLS.\n"""\n'
    built = vault({"index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n'}, {"a/b.py": source}, pages=True)
    assert "DATABASE_URL=postgresql+psycopg://user:password@localhost/test uv run b.py\n" in blocks(
        built["snippets/a/b.md"]
    )


def test_an_antipattern_says_so_on_its_page_and_in_every_block(vault: Vault) -> None:
    built = site(vault)
    assert "Anti-pattern: do not copy" in text(built[ANTI])
    assert built[ANTI].count("antipattern highlight") + built[ANTI].count("highlight antipattern") == 1
    assert "Anti-pattern: do not copy" not in text(built[PAGE])
    note = '# Home\n\n```python\n--8<-- "antipatterns/shared.py:share"\n```\n'
    home = site(vault, index=note, sound=False)["index.md"]
    assert re.search(r'<div class="[^"]*\bantipattern\b', home)
    assert '<span class="filename">Anti-pattern: do not copy</span>' in home


def test_the_fix_of_an_antipattern_is_not_marked_as_one(vault: Vault) -> None:
    note = '# Home\n\n```python\n--8<-- "antipatterns/shared.py:share"\n```\n'
    source = SHARED.replace("[start:share]\n", "[start:share]\n# FIX: this way.\n")
    assert source != SHARED
    built = vault({"index.md": note}, SNIPPETS | {"antipatterns/shared.py": source}, pages=True)
    assert "# FIX: this way." in text(built["index.md"])
    assert "antipattern highlight" not in built["index.md"]
    assert "Anti-pattern: do not copy" not in text(built["index.md"])
    assert "Anti-pattern: do not copy" in text(built[ANTI])


def test_a_title_of_its_own_stays(vault: Vault) -> None:
    index = '# Home\n\n```{.python .antipattern title="Mine"}\n--8<-- "antipatterns/shared.py:share"\n```\n'
    home = site(vault, index=index)["index.md"]
    assert '<span class="filename">Mine</span>' in home
    assert "Anti-pattern: do not copy" not in home


def test_snippets_that_name_each_other_lead_to_each_other(vault: Vault) -> None:
    built = site(vault)
    assert "../../antipatterns/shared/" in links(built[PAGE])
    assert "../../pooling/lease/" in links(built[ANTI])


@pytest.mark.parametrize("source", ["x = (\n", "x = 1\n", '"""', "# /// script\n# x = [\n# ///\n"])
def test_a_file_that_keeps_no_contract_has_a_page_all_the_same(vault: Vault, source: str) -> None:
    built = vault({"index.md": '# Home\n\n```text\n--8<-- "a/b.py"\n```\n'}, {"a/b.py": source}, pages=True)
    assert [problem for problem in built.problems if "is no Python" not in problem] == []
    assert built.build.notes["snippets/a/b.md"].title == "a/b.py"
    assert blocks(built["snippets/a/b.md"])[0].rstrip() == source.rstrip()


def test_a_requirement_that_is_none_is_shown_as_it_is(vault: Vault) -> None:
    source = '# /// script\n# dependencies = ["!", "flask"]\n# ///\n"""B."""\n'
    built = vault({"index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n'}, {"a/b.py": source}, pages=True)
    assert "<td>&#33;</td>" in built["snippets/a/b.md"]


# Proofs


def test_a_proof_of_these_very_bytes_is_shown(vault: Vault) -> None:
    built = site(vault, ("pooling/lease.py", proof()))
    page = text(built[PAGE])
    assert "Verified on 2026-11-22: 3 tests passed on PostgreSQL 18.6, SQLite 3.40.1, at commit abc123." in page
    assert "What the tests prove# it lends, passed in 2 cases, line 1 it waits, line 7 runs as pasted" in page
    assert "it waits, line 7 runs as pasted[pooling/lease-sqlite] (tests/other.py)" in page
    assert "Python >=3.10 3.11.7 sqlalchemy >=2.0 2.1.9 psycopg[binary] any 3.3.9" in page
    assert "not verified" not in page.lower()
    assert "pooling/lease.py verified 2026-11-22" in captions(built["index.md"])[0]


def test_one_byte_more_and_it_is_not(vault: Vault) -> None:
    built = site(vault, ("pooling/lease.py", proof(LEASE + "\n")))
    assert "Not verified in this build. The tests have not run for this text" in text(built[PAGE])
    assert "What the tests prove# it lends, line 1 it waits, line 7" in text(built[PAGE])
    assert "pooling/lease.py not verified in this build" in captions(built["index.md"])[0]
    assert built.fatal == []


def test_a_test_that_did_not_run_is_named(vault: Vault) -> None:
    changed = proof(skipped=["test_mariadb"], tests=[{"name": "test_x", "file": "t.py", "line": 1}], servers=[])
    page = text(site(vault, ("pooling/lease.py", changed))[PAGE])
    assert "1 test passed, at commit" in page
    assert "Not run, since the machine lacked what they need: test_mariadb." in page


def test_where_proofs_are_required_a_snippet_without_one_fails_the_build(vault: Vault) -> None:
    shared = proof(SHARED, skipped=["test_mariadb"])
    built = site(vault, ("antipatterns/shared.py", shared), required=True)
    run, rule = "run `make test`", "[snippet-unverified]"
    assert built.fatal == [
        "snippets/antipatterns/shared.py:1: is not wholly verified: test_mariadb did not run; "
        f"install what it needs, {run} {rule}",
        "snippets/pooling/lease.py:1: is not verified: its tests have not passed for this text; "
        f"{run} and build again {rule}",
    ]
    proofs = [("antipatterns/shared.py", proof(SHARED)), ("pooling/lease.py", proof())]
    assert site(vault, *proofs, required=True).fatal == []


@pytest.mark.parametrize("written", ["", "[]", "{", '{"a": 1}', '{"a": {}}', "\xff", "[" * 100_000])
def test_what_no_test_run_writes_is_told(vault: Vault, written: str) -> None:
    built = vault({"index.md": INDEX}, SNIPPETS, pages=True, others={"proofs.json": written})
    what = "is not what a test run writes; remove it and run the tests again [proofs-format]"
    assert built.fatal == [f"proofs.json:1: {what}"]


# Where a note shows a snippet


def test_each_block_names_its_file_leads_to_its_page_and_offers_the_file(vault: Vault) -> None:
    page = site(vault)["index.md"]
    one = "pooling/lease.py not verified in this build Download the whole file"
    two = "antipatterns/shared.py not verified in this build Download the whole file"
    assert captions(page) == [one, one, two, "Printed by pooling/lease.py"]
    assert links(body(page)).count("snippets/pooling/lease/") == 3
    assert '<a class="snippet-file" href="snippets/pooling/lease.py" download="lease.py">' in page
    assert page.count('<figure class="snippet"') == 3


def test_the_snippets_page_lists_the_notes_that_show_it(vault: Vault) -> None:
    built = site(vault)
    assert marked(built[PAGE]) == {"Home": ["Shows *the part borrow*.", "Shows *the whole file*."]}
    assert '<a href="../../../#garden:code-1"><mark>the part' in built[PAGE]
    assert 'id="garden:code-1"' in built["index.md"]


def test_blocks_in_an_embedded_part_have_no_ids(vault: Vault) -> None:
    docs = {
        "index.md": INDEX,
        "b.md": "# B\n\n![[Home]]\n\n[[B]]\n",
        "c.md": "# C\n\n![[Home]]\n\n![[Home]]\n\n[[B]] [[C]]",
    }
    built = vault(docs, SNIPPETS, pages=True)
    assert built.fatal == []
    assert built["c.md"].count('<figure class="snippet"') == 6
    assert "garden:code-" not in built["c.md"]


def test_a_block_with_numbered_lines(vault: Vault) -> None:
    index = INDEX.replace("```python\n", '```{.python linenums="1"}\n')
    built = site(vault, index=index)
    assert len(captions(built["index.md"])) == 4
    assert built["index.md"].index("<figcaption>") < built["index.md"].index("Between.")


def test_a_problem_beside_a_snippet_keeps_its_line(vault: Vault) -> None:
    built = site(vault, index=INDEX.replace("Between.", "[[none]]"))
    assert [problem.partition(": ")[0] for problem in built.fatal] == ["docs/index.md:7"]


def test_a_query_is_not_a_block_of_a_snippet(vault: Vault) -> None:
    index = f'{INDEX}\n```dataview\n--8<-- "query.txt"\n```\n'
    built = vault({"index.md": index}, SNIPPETS | {"query.txt": "LIST"}, pages=True)
    assert built.fatal == []
    assert '<ul class="query">\n<li><a href="./">Home</a></li>\n</ul>' in built["index.md"]


@pytest.mark.parametrize(
    "raw",
    [
        '<div data-snippet="pooling/lease.py">forged',
        '<div data-snippet="pooling/lease.py"><div data-snippet="pooling/lease.py">x</div></div>',
        '<div data-snippet="none.py">x</div>',
        '<div data-snippet="&quot;><script>">x</div>',
    ],
)
def test_a_block_that_a_note_forges_harms_nothing(vault: Vault, raw: str) -> None:
    built = site(vault, index=f"{INDEX}\n{raw}\n", sound=False)
    assert_inert(built.pages.values())
    assert built["index.md"].count("forged") == raw.count("forged")


def test_without_pages_blocks_are_plain(vault: Vault) -> None:
    page = vault({"index.md": INDEX}, SNIPPETS)["index.md"]
    assert "data-snippet" not in page
    assert "<figure" not in page


# Links to a snippet's page


def test_notes_link_to_a_snippet_by_its_file(vault: Vault) -> None:
    index = f"{INDEX}\n[[lease.py]], [[pooling/lease.py|by path]], [plain](snippets/pooling/lease.md)\n"
    built = site(vault, index=index)
    assert built.problems == []
    assert links(body(built["index.md"])).count("snippets/pooling/lease/") == 6
    assert "*lease.py*, *by path*, *plain*" in marked(built[PAGE])["Home"][0]


def test_a_claim_names_the_test_that_decides_it(vault: Vault) -> None:
    index = f"{INDEX}\n[[lease.py#test_it_lends]]. [[lease.py#test_it_waits]]! [[lease.py#test_it_lends|It does]]?\n"
    built = site(vault, ("pooling/lease.py", proof()), index=index)
    assert built.problems == []
    said = "it lends: passed 2026-11-22. it waits: not verified in this build! It does?"
    assert said in text(built["index.md"])
    assert links(built["index.md"]).count("snippets/pooling/lease/#test_it_lends") == 2
    unproved = site(vault, ("pooling/lease.py", proof(LEASE + "#")), index=index)
    assert "it lends: not verified in this build. it waits" in text(unproved["index.md"])


def test_a_test_that_is_not_there_is_a_problem(vault: Vault) -> None:
    names = ("lease.py#test_it_lands", "lease.py#test_xyz", "shared.py#test_x", "lease.py#nowhere")
    index = INDEX + "".join(f"\n[[{name}]]\n" for name in names)
    built = site(vault, index=index)
    assert built.fatal == [
        "docs/index.md:22: snippets/pooling/lease.py has no test test_it_lands; "
        "did you mean `test_it_lends`? [test-missing]",
        "docs/index.md:24: snippets/pooling/lease.py has no test test_xyz; its tests are test_it_lends, "
        "test_it_waits [test-missing]",
        "docs/index.md:26: snippets/antipatterns/shared.py has no test test_x; its tests are none [test-missing]",
        built.fatal[3],
    ]
    assert built.fatal[3].startswith("docs/index.md:28: [[A lease]] has no heading")


def test_a_snippets_title_names_no_page(vault: Vault) -> None:
    docs = {"index.md": f"{INDEX}\n[[A lease]]\n", "a.md": "# A lease\n"}
    built = vault(docs, SNIPPETS, pages=True)
    assert built.problems == []
    assert "a/" in links(built["index.md"])


def test_a_misspelled_file_is_corrected(vault: Vault) -> None:
    built = site(vault, index=f"{INDEX}\n[[leese.py]]\n")
    assert built.fatal == [
        "docs/index.md:22: no note is called [[leese.py]]; did you mean [[lease.py]]? [link-missing]"
    ]


def test_two_files_of_one_name_are_told_apart(vault: Vault) -> None:
    index = f'{INDEX}\n```python\n--8<-- "other/lease.py"\n```\n\n[[lease.py]]\n'
    built = vault({"index.md": index}, SNIPPETS | {"other/lease.py": '"""Other."""\n'}, pages=True)
    assert built.fatal == [
        "docs/index.md:26: 2 notes are called [[lease.py]]: snippets/other/lease.py, snippets/pooling/lease.py; "
        "write [[/snippets/other/lease]] or [[/snippets/pooling/lease]] [link-ambiguous]"
    ]
    spelled = index.replace("[[lease.py]]", "[[/snippets/other/lease]]")
    assert vault({"index.md": spelled}, pages=True).fatal == []


def test_queries_find_no_snippet(vault: Vault) -> None:
    built = site(vault, index=f"{INDEX}\n```dataview\nLIST\n```\n\n```dataview\nLIST FROM outgoing([[Home]])\n```\n")
    assert built["index.md"].count('<li><a href="./">Home</a></li>') == 1
    assert "No note matches." in built["index.md"]


# The whole


def test_a_snippet_that_no_note_shows_may_not_be_published(vault: Vault) -> None:
    index = (
        '# Home\n\n```python\n--8<-- "pooling/lease.py:borrow"\n```\n\n```text\n--8<-- "antipatterns/shared.out"\n```\n'
    )
    built = vault({"index.md": index}, SNIPPETS | {"antipatterns/shared.out": "x\n"}, pages=True)
    what = 'no note shows this snippet; include it in one: --8<-- "antipatterns/shared.py:share" [snippet-unshown]'
    assert built.problems == [f"snippets/antipatterns/shared.py:1: {what}"]
    assert built.fatal == []
    required = vault({"index.md": index}, pages=True, required=True)
    assert f"snippets/antipatterns/shared.py:1: {what}" in required.fatal


def test_the_catalog_lists_all(vault: Vault) -> None:
    page = site(vault, ("pooling/lease.py", proof()))["snippets/index.md"]
    rows = [
        [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>.*?</tr>", page, re.S)
    ]
    assert rows[1:] == [
        ["Anti-pattern: sharedantipatterns/shared.py", "antipatterns", "", "", "not measured", "no"],
        [
            "A leasepooling/lease.py",
            "pooling",
            "SQLite, PostgreSQL",
            "sqlalchemy, psycopg",
            "not measured",
            "2026-11-22",
        ],
    ]
    assert {"antipatterns/shared/", "pooling/lease/", "../snippets.json"} <= set(links(page))
    assert "Linked from" not in page


def test_programs_read_the_same(vault: Vault) -> None:
    index = json.loads(site(vault, ("pooling/lease.py", proof())).build.assets["snippets.json"])
    shared, lease = index["snippets"]
    assert (shared["path"], shared["antipattern"], shared["proof"]) == ("antipatterns/shared.py", True, None)
    expected = proof() | {"browser": None}
    del expected["sha256"]
    assert lease == {
        "path": "pooling/lease.py",
        "title": "A lease",
        "about": [
            "Use it for `x < y` & [[brackets]] *as they are*. Not for <b>others</b>.",
            "Servers: SQLite, PostgreSQL. `DATABASE_URL` picks one.",
        ],
        "antipattern": False,
        "page": "snippets/pooling/lease/",
        "file": "snippets/pooling/lease.py",
        "sha256": sha256(LEASE.encode()).hexdigest(),
        "python": ">=3.10",
        "packages": ["sqlalchemy>=2.0", "psycopg[binary]"],
        "servers": ["SQLite", "PostgreSQL"],
        "notes": [""],
        "proof": expected,
    }


def test_the_proofs_of_a_build_are_those_of_snippets_as_they_are(vault: Vault) -> None:
    shared = proof("other bytes", day="2026-11-23")
    library = site(vault, ("pooling/lease.py", proof()), ("antipatterns/shared.py", shared)).build.library
    assert [found.day for found in library.proofs] == ["2026-11-22"]


def test_without_snippets_there_is_no_catalog(vault: Vault) -> None:
    built = vault({"index.md": "# Home\n", "snippets.json": "{}"}, pages=True)
    assert built.problems == []
    assert list(built.pages) == ["index.md"]


@pytest.mark.parametrize("path", ["snippets/mine.md", "snippets/pooling/lease.md", "snippets.json"])
def test_a_file_in_the_place_of_these_pages_is_refused(vault: Vault, path: str) -> None:
    built = vault({"index.md": INDEX, path: "# Mine\n"}, SNIPPETS, pages=True)
    what = "stands where the pages of the snippets go; move it out of snippets/ [file-place]"
    assert built.fatal == [f"docs/{path}:1: {what}"]
    assert built.build.refused == {path}
    assert "Mine" not in body(built[PAGE])
