"""Queries: the supported part of Dataview's language gives what Dataview gives; the rest says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.unit.conftest import Vault, build_site

DOCS = {
    "index.md": "---\ntags: [map]\nreviewed: 2026-03-01\n---\n# Home\n\n[[Alpha]], [[beta]], [[Gamma]].\n",
    "alpha.md": "---\naliases: [First]\ntags: [a, b/c]\nreviewed: 2026-01-31\n---\n# Alpha\n\n[[beta]] and [[deep]].\n",
    "beta.md": "---\ntags: b\nreviewed: 2026-02-28\ndescription: The second\n---\n# Beta\n\n[[Alpha]].\n",
    "pool/gamma.md": "---\ntags: [B/c/D]\nerrors: [E1, E2]\n---\n# gamma\n\n[[Alpha]].\n\n![[beta]]\n",
    "pool/sub/deep.md": "---\ntitle: Deep\n---\n\n[[index]].\n",
    "pool/sub.md": "# Sub\n\n[[Alpha]].\n",
    "pooling.md": "# Pooling\n\n[[Sub]].\n",
}
ALL = ["Alpha", "Beta", "Deep", "gamma", "Home", "Pooling", "Query", "Sub"]


class Answers:
    """The results of many queries that all stand in one note, `query.md`: one build answers them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._results: dict[str, str] = {}
        self._problems: dict[str, list[str]] = {}

    def ask(self, queries: Iterable[str]) -> None:
        text, starts = "# Query\n\n[[pooling]]\n", {}
        for query in queries:
            starts[text.count("\n") + 3] = query
            text += f"\n```dataview\n{query}\n```\n"
        for path, content in (DOCS | {"image.png": "", "query.md": text}).items():
            file = self._root / "docs" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        site = build_site(self._root)
        results = _RESULT.findall(site["query.md"].partition("<section")[0])
        self._results |= zip(starts.values(), results, strict=True)
        for problem in site.fatal:
            place = re.fullmatch(r"docs/query\.md:(\d+): (.*)", problem)
            assert place
            first = max(start for start in starts if start <= max(int(place[1]), min(starts)))
            self._problems.setdefault(starts[first], []).append(f"{int(place[1]) - first}: {place[2]}")

    def html(self, query: str) -> str:
        """Return what stands in the place of a query that can be computed."""
        assert query not in self._problems
        return self._results[query]

    def titles(self, query: str) -> list[str]:
        """Return the titles that a query lists."""
        html = self.html(query)
        if html == EMPTY:
            return []
        assert html.startswith(('<ul class="query">', '<table class="query">'))
        return re.findall(r"<(?:li|tr><td)><a [^>]*>([^<]*)</a>", html)

    def rows(self, query: str) -> list[list[str]]:
        """Return the texts of a table, its header first."""
        return [
            [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", self.html(query), re.DOTALL)
        ]

    def problem(self, query: str) -> str:
        """Return the one problem of a query, with the line of the query that it is in, counted from 0."""
        (problem,) = self._problems[query]
        assert self._results[query].startswith('<pre class="query-failed"><code>')
        return problem


EMPTY = '<p class="query-empty">No note matches.</p>'
_RESULT = re.compile(
    rf'<ul class="query">.*?</ul>|<table class="query">.*?</table>|{EMPTY}|<pre class="query-failed">.*?</pre>',
    re.DOTALL,
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    found = Answers(tmp_path_factory.mktemp("vault"))
    found.ask(ASKED)
    return found


# Sources


SOURCES: list[tuple[str, list[str]]] = [
    ("[[Alpha]]", ["Beta", "gamma", "Home", "Sub"]),
    ("[[alpha]]", ["Beta", "gamma", "Home", "Sub"]),
    ("[[First]]", ["Beta", "gamma", "Home", "Sub"]),
    ("[[ Alpha | shown ]]", ["Beta", "gamma", "Home", "Sub"]),
    ("[[Alpha#Heading]]", ["Beta", "gamma", "Home", "Sub"]),
    ("[[beta]]", ["Alpha", "gamma", "Home"]),
    ("[[pool/sub/deep]]", ["Alpha"]),
    ("[[Query]]", []),
    ("[[]]", []),
    ("[[#]]", []),
    ("outgoing([[Alpha]])", ["Beta", "Deep"]),
    ("outgoing( [[gamma]] )", ["Alpha", "Beta"]),
    ("outgoing([[]])", ["Pooling"]),
    ('"pool"', ["Deep", "gamma", "Sub"]),
    ('"Pool"', ["Deep", "gamma", "Sub"]),
    ('"pool/"', ["Deep", "gamma", "Sub"]),
    ('"pool/sub"', ["Deep"]),
    ('"pool/sub.md"', ["Sub"]),
    ('"pool/gamma"', ["gamma"]),
    ('"Alpha"', ["Alpha"]),
    ('"alpha.md"', ["Alpha"]),
    ('""', ALL),
    ("#a", ["Alpha"]),
    ("#b", ["Alpha", "Beta", "gamma"]),
    ("#B/C", ["Alpha", "gamma"]),
    ("#b/c/d", ["gamma"]),
    ("#c", []),
]


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_source(answers: Answers, source: str, expected: list[str]) -> None:
    assert answers.titles(f"LIST FROM {source}") == expected


COMBINED: list[tuple[str, list[str]]] = [
    ("#b AND [[Alpha]]", ["Beta", "gamma"]),
    ("#b & [[Alpha]]", ["Beta", "gamma"]),
    ('#a OR "pool/sub"', ["Alpha", "Deep"]),
    ('#a | "pool/sub"', ["Alpha", "Deep"]),
    ('-"pool"', ["Alpha", "Beta", "Home", "Pooling", "Query"]),
    ('!"pool"', ["Alpha", "Beta", "Home", "Pooling", "Query"]),
    ('NOT "pool"', ["Alpha", "Beta", "Home", "Pooling", "Query"]),
    ('- "pool"', ["Alpha", "Beta", "Home", "Pooling", "Query"]),
    ('--"pool"', ["Deep", "gamma", "Sub"]),
    ('not not -!"pool"', ["Deep", "gamma", "Sub"]),
    ('[[Alpha]] AND -"pool"', ["Beta", "Home"]),
    ('[[Alpha]] AND-"pool"', ["Beta", "Home"]),
    ('[[Alpha]]and-"pool"', ["Beta", "Home"]),
    ('-("pool" OR #b)', ["Home", "Pooling", "Query"]),
    ("([[Alpha]])", ["Beta", "gamma", "Home", "Sub"]),
    # Neither AND nor OR binds closer: from left to right, as in Dataview.
    ('#a OR "pool" AND "pool/sub"', ["Deep"]),
    ('#a OR ("pool" AND "pool/sub")', ["Alpha", "Deep"]),
    ('"pool" AND "pool/sub" OR #a', ["Alpha", "Deep"]),
    ('"pool" AND ("pool/sub" OR #a)', ["Deep"]),
    ('-#b AND "pool"', ["Deep", "Sub"]),
]


@pytest.mark.parametrize(("source", "expected"), COMBINED)
def test_sources_combined(answers: Answers, source: str, expected: list[str]) -> None:
    assert answers.titles(f"LIST FROM {source}") == expected


def test_without_source(answers: Answers) -> None:
    assert answers.titles("LIST") == ALL


def test_query_of_the_original_note(vault: Vault) -> None:
    docs = {
        "index.md": "# Home\n\n[[Database Connection Pooling]] and [[Changelog]].\n",
        "database-connection-pooling.md": "# Database Connection Pooling\n\n```dataview\n"
        'list from [[Database Connection Pooling]] AND -"Changelog"\n```\n',
        "flask.md": "# Flask\n\n[[database connection pooling]]. See [[Changelog]].\n",
        "changelog.md": "# Changelog\n\n[[Database Connection Pooling]], [[Flask]].\n",
    }
    site = vault(docs)
    assert site.problems == []
    page, _, backlinks = site["database-connection-pooling.md"].partition('<section class="backlinks"')
    sources = re.findall(r'<a class="backlinks-source" href="([^"]*)">([^<]*)</a>', backlinks)
    assert sources == [("../changelog/", "Changelog"), ("../flask/", "Flask"), ("../", "Home")]
    assert '<ul class="query">\n<li><a href="../flask/">Flask</a></li><li><a href="../">Home</a></li>\n</ul>' in page


def test_links_are_relative_to_the_page_that_shows_them(vault: Vault) -> None:
    site = vault(DOCS | {"pool/query.md": '# Query\n\n```dataview\nLIST FROM "pool"\n```\n', "top.md": "![[Query]]\n"})
    listed = '<li><a href="{0}sub/deep/">Deep</a></li><li><a href="{0}gamma/">gamma</a></li>'
    assert listed.format("../") in site["pool/query.md"]
    assert listed.format("../pool/") in site["top.md"]


def test_listed_is_not_linked(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n```dataview\nTABLE file.link\n```\n", "a.md": "# A\n"})
    assert "A</a>" in site["index.md"]
    assert "Linked from" not in site["a.md"]
    assert site.problems == [
        "docs/a.md:1: no note links here; link to it where a reader would want it, "
        "for example from a map [note-unlinked]"
    ]


def test_empty_result(answers: Answers) -> None:
    assert answers.html("LIST FROM #nothing") == EMPTY
    assert answers.html("TABLE title FROM #nothing") == EMPTY


def test_names_come_out_inert(vault: Vault) -> None:
    site = vault(
        {
            "index.md": '# Home\n\n```dataview\nTABLE title AS "<i>", "<b>" FROM "a"\n```\n',
            "a.md": "---\ntitle: <script>\"&'\n---\n[[index]]\n",
        }
    )
    page = site["index.md"].partition("<section")[0]
    assert '<th scope="col">&lt;i&gt;</th><th scope="col">&quot;&lt;b&gt;&quot;</th>' in page
    assert "<td>&lt;script&gt;" in page
    assert "<td>&lt;b&gt;</td>" in page


# Tables


FIELDS = [
    "title", "description", "aliases", "tags", "errors", "reviewed", "file.name", "file.path", "file.folder",
    "file.link", "file.inlinks", "file.outlinks",
]  # fmt: skip
TABLES = [
    (
        'TABLE reviewed, description AS "What it is", tags AS Tags FROM #b',
        [
            ["Note", "reviewed", "What it is", "Tags"],
            ["Alpha", "2026-01-31", "", "a, b/c"],
            ["Beta", "2026-02-28", "The second", "b"],
            ["gamma", "", "", "B/c/D"],
        ],
    ),
    (
        f'TABLE {", ".join(FIELDS)} FROM "pool/gamma"',
        [
            ["Note", *FIELDS],
            ["gamma", "gamma", "", "", "B/c/D", "E1, E2", "", "gamma", "pool/gamma.md", "pool", "gamma",
             "Home", "Alpha, Beta"],
        ],
    ),
    (
        'TABLE length( errors )\nAS "How  many", lower(\n title),\n 2.50, "x \\"y\\" \\\\ \\z" FROM "pool/gamma"',
        [
            ["Note", "How  many", "lower( title)", "2.50", "&quot;x \\&quot;y\\&quot; \\\\ \\z&quot;"],
            ["gamma", "2", "gamma", "2.5", "x &quot;y&quot; \\ \\z"],
        ],
    ),
    ("table title as Title from #a", [["Note", "Title"], ["Alpha", "Alpha"]]),
    ("TABLE FROM #a", [["Note"], ["Alpha"]]),
    ("TABLE", [["Note"], *([title] for title in ALL)]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), TABLES)
def test_table(answers: Answers, query: str, expected: list[list[str]]) -> None:
    assert answers.rows(query) == expected


# Conditions


CONDITIONS: list[tuple[str, list[str]]] = [
    ('title = "Alpha"', ["Alpha"]),
    ('title = "alpha"', []),
    ('lower(title) = "alpha"', ["Alpha"]),
    ('title != "Alpha"', [title for title in ALL if title != "Alpha"]),
    ('title < "Deep"', ["Alpha", "Beta"]),
    ('title <= "Deep"', ["Alpha", "Beta", "Deep"]),
    ('title > "home"', ["Home", "Pooling", "Query", "Sub"]),
    ('title >= "Query"', ["Query", "Sub"]),
    ("reviewed", ["Alpha", "Beta", "Home"]),
    ("!reviewed", ["Deep", "gamma", "Pooling", "Query", "Sub"]),
    ("reviewed = date(2026-01-31)", ["Alpha"]),
    ("reviewed >= date( 2026-02-28 )", ["Beta", "Home"]),
    # Nothing comes before everything, as in Dataview.
    ("reviewed < date(2026-02-01)", ["Alpha", "Deep", "gamma", "Pooling", "Query", "Sub"]),
    ("reviewed AND reviewed < date(2026-02-01)", ["Alpha"]),
    ("reviewed = null", ["Deep", "gamma", "Pooling", "Query", "Sub"]),
    ("description != null", ["Beta"]),
    ("length(errors) = 2", ["gamma"]),
    ("length(errors) > 1.5", ["gamma"]),
    ("length(errors) > -1", ALL),
    ("length(description)", ["Beta"]),
    ("length(reviewed)", []),
    ("errors", ["gamma"]),
    ('contains(title, "a")', ["Alpha", "Beta", "gamma"]),
    ('contains(title, "A")', ["Alpha"]),
    ('contains(tags, "b")', ["Alpha", "Beta"]),
    ('contains(lower(tags), "d")', ["gamma"]),
    ("contains(file.outlinks, [[beta]])", ["Alpha", "gamma", "Home"]),
    ("contains(file.inlinks, [[]])", ["Pooling"]),
    ("contains(title, 1)", []),
    ("contains(reviewed, date(2026-01-31))", ["Alpha"]),
    ("lower(reviewed) = date(2026-01-31)", ["Alpha"]),
    ('file.folder = "pool"', ["gamma", "Sub"]),
    ('file.name = "deep"', ["Deep"]),
    ('file.path = "pool/sub.md"', ["Sub"]),
    ("file.link = [[Alpha]]", ["Alpha"]),
    ('title = "Alpha" OR title = "Beta"', ["Alpha", "Beta"]),
    ('title = "Alpha" | title = "Beta" & reviewed', ["Alpha", "Beta"]),
    ('reviewed OR title = "Deep" AND title = "Deep"', ["Deep"]),
    ('reviewed OR (title = "Deep" AND title = "Deep")', ["Alpha", "Beta", "Deep", "Home"]),
    ('NOT title = "Alpha" AND reviewed', ["Beta", "Home"]),
    ('!(title = "Alpha") AND reviewed', ["Beta", "Home"]),
    ("!!reviewed", ["Alpha", "Beta", "Home"]),
    ("!(reviewed = null)", ["Alpha", "Beta", "Home"]),
    ("(reviewed = null) = false", ["Alpha", "Beta", "Home"]),
    ("(length(tags)) > (length(errors))", ["Alpha", "Beta", "Home"]),
    ("length(tags) = length(errors) AND true", ["Deep", "Pooling", "Query", "Sub"]),
    ("TRUE", ALL),
    ("false", []),
    ("null", []),
    ("0", []),
    ("1", ALL),
    ('""', []),
    ('1 < "a"', ALL),
    ('tags = lower("x")', []),
    ("tags < errors", ["gamma"]),
    ("Title = title", ALL),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_condition(answers: Answers, condition: str, expected: list[str]) -> None:
    assert answers.titles(f"LIST WHERE {condition}") == expected


# Commands


COMMANDS: list[tuple[str, list[str]]] = [
    ("SORT title DESC", ["Sub", "Query", "Pooling", "Home", "gamma", "Deep", "Beta", "Alpha"]),
    ("SORT title", ALL),
    ("SORT title ASC", ALL),
    ("sort title ascending", ALL),
    ("SORT title Descending LIMIT 2", ["Sub", "Query"]),
    ("SORT reviewed DESC LIMIT 4", ["Home", "Beta", "Alpha", "Deep"]),
    ("SORT reviewed LIMIT 2", ["Deep", "gamma"]),
    ("SORT file.folder DESC, title DESC LIMIT 4", ["Deep", "Sub", "gamma", "Query"]),
    ("SORT length(tags) DESC, title DESC LIMIT 3", ["Alpha", "Home", "gamma"]),
    ("LIMIT 2 SORT title DESC", ["Beta", "Alpha"]),
    ("LIMIT 0", []),
    ("LIMIT 1.9", ["Alpha"]),
    ("LIMIT 1000000000000000000000000000", ALL),
    ("LIMIT " + "9" * 5000, ALL),
    ("LIMIT 5 LIMIT 2", ["Alpha", "Beta"]),
    ("WHERE reviewed WHERE title > \"B\" LIMIT 1", ["Beta"]),
    ("LIMIT 1 WHERE title = \"Beta\"", []),
    ("WHERE title = \"Beta\" LIMIT 1", ["Beta"]),
]  # fmt: skip


@pytest.mark.parametrize(("commands", "expected"), COMMANDS)
def test_commands_in_the_order_they_stand(answers: Answers, commands: str, expected: list[str]) -> None:
    assert answers.titles(f"LIST {commands}") == expected


SPELLINGS = [
    'list from "pool" where length(errors) = 0 sort title desc limit 1',
    'LIST FROM "pool" WHERE length(errors) = 0 SORT title DESC LIMIT 1',
    'List\n  From\n\n    "pool"\n  Where Length(Errors) =\n0\n\tSORT Title Desc\nLIMIT\n1\n',
]


@pytest.mark.parametrize("query", SPELLINGS)
def test_case_and_lines_do_not_count(answers: Answers, query: str) -> None:
    assert answers.titles(query) == ["Sub"]


def test_in_a_list_and_in_a_callout(vault: Vault) -> None:
    in_list = "- item\n\n    ```dataview\n    LIST\n    FROM #a\n    ```\n"
    in_quotation = "> ~~~{.dataview}\n> LIST FROM #a\n> ~~~\n"
    site = vault(DOCS | {"query.md": f"# Query\n\n{in_list}\n{in_quotation}"})
    assert site.fatal == []
    assert site["query.md"].count('<li><a href="../alpha/">Alpha</a></li>') == 2


# What is wrong


WRONG = [
    ("TASK", "0: TASK is not supported in a query; {supported}"),
    ("calendar reviewed", "0: calendar is not supported in a query; {supported}"),
    ("LIST\nFROM #a\nGROUP BY title", "2: GROUP is not supported in a query; {supported}"),
    ("LIST FLATTEN tags", "0: FLATTEN is not supported in a query; {supported}"),
    ("LIST WITHOUT ID", "0: WITHOUT is not supported in a query; {supported}"),
    ("TABLE WITHOUT ID title", "0: WITHOUT is not supported in a query; {supported}"),
    ('LIST FROM\ncsv("x.csv")', "1: csv is not supported in a query; {supported}"),
    ("LIST WHERE task", "0: task is not supported in a query; {supported}"),
    ("SELECT 1", "0: cannot read the query at `SELECT`: a query begins with LIST or TABLE [query-syntax]"),
    ("FROM #a", "0: cannot read the query at `FROM`: a query begins with LIST or TABLE [query-syntax]"),
    ('"pool"', '0: cannot read the query at `"pool"`: a query begins with LIST or TABLE [query-syntax]'),
    (
        "LIST title",
        "0: cannot read the query at `title`: LIST shows no fields; write TABLE to show some, "
        "or go on with FROM [query-syntax]",
    ),
    (
        'LIST "pool"',
        '0: cannot read the query at `"pool"`: LIST shows no fields; write TABLE to show some, '
        'or go on with FROM [query-syntax]',
    ),
    ("LIST FROM", "0: cannot read the query at its end: {source}"),
    ("LIST FROM pool", "0: cannot read the query at `pool`: {source}"),
    ("LIST FROM 1", "0: cannot read the query at `1`: {source}"),
    ("LIST FROM #a AND", "0: cannot read the query at its end: {source}"),
    ("LIST FROM #a OR\nWHERE", "1: cannot read the query at `WHERE`: {source}"),
    ("LIST FROM -", "0: cannot read the query at its end: {source}"),
    ("LIST FROM ()", "0: cannot read the query at `)`: {source}"),
    ("LIST FROM (#a", "0: cannot read the query at its end: a closing parenthesis is missing [query-syntax]"),
    ("LIST FROM (#a\n#b)", "1: cannot read the query at `#b`: a closing parenthesis is missing [query-syntax]"),
    ("LIST FROM #a)", "0: cannot read the query at `)`: {goes_on}"),
    ("LIST FROM #a #b", "0: cannot read the query at `#b`: {goes_on}"),
    ("LIST FROM outgoing", "0: cannot read the query at its end: outgoing is followed by ([[a note]]) [query-syntax]"),
    ("LIST FROM outgoing(#a)", "0: cannot read the query at `#a`: [[a note]] is missing [query-syntax]"),
    ("LIST FROM outgoing([[Alpha]]", "0: cannot read the query at its end: "
                                     "a closing parenthesis is missing [query-syntax]"),
    ('LIST\nFROM "none"', '1: no folder or note is at "none"; write its path from the notes\' folder [query-name]'),
    ('LIST FROM "sub"', '0: no folder or note is at "sub"; write its path from the notes\' folder [query-name]'),
    ('LIST FROM "poo"', '0: no folder or note is at "poo"; write its path from the notes\' folder [query-name]'),
    ("LIST FROM [[alpa]]", "0: no note is called [[alpa]]; did you mean [[Alpha]]? [link-missing]"),
    ("LIST FROM #a\nOR outgoing(\n[[bet]])", "2: no note is called [[bet]]; did you mean [[Beta]]? [link-missing]"),
    ("LIST FROM [[image.png]]", "0: [[image.png]] is no note; name a note [query-name]"),
    ("LIST\nFROM #a\nFROM #b", "2: cannot read the query at `FROM`: {from_}"),
    ("LIST\nWHERE title\nFROM #b", "2: cannot read the query at `FROM`: {from_}"),
    ("LIST FROM #a AND FROM #b", "0: cannot read the query at `FROM`: {source}"),
    ("LIST WHERE", "0: cannot read the query at its end: {operand}"),
    ("LIST WHERE title =", "0: cannot read the query at its end: {operand}"),
    ("LIST WHERE = 1", "0: cannot read the query at `=`: {operand}"),
    ("LIST WHERE #a", "0: cannot read the query at `#a`: {operand}"),
    ("LIST WHERE -title", "0: cannot read the query at `-`: {operand}"),
    ("LIST WHERE title = 1 = 2", "0: cannot read the query at `=`: {goes_on}"),
    ("LIST WHERE title title", "0: cannot read the query at `title`: {goes_on}"),
    ("LIST WHERE (title", "0: cannot read the query at its end: a closing parenthesis is missing [query-syntax]"),
    ("LIST WHERE\ntitl = 1", "1: `titl` is no field; fields are {fields}"),
    ("LIST WHERE date = 1", "0: `date` is no field; fields are {fields}"),
    ("LIST WHERE file.mtime", "0: `file.mtime` is no field; fields are {fields}"),
    ("LIST WHERE\nregexmatch(title)", "1: `regexmatch` is no function; functions are contains, length, lower, "
                                      "date [query-name]"),
    ("LIST WHERE contains(title)", "0: contains takes 2 values, not 1 [query-syntax]"),
    ("LIST WHERE length(title, tags)", "0: length takes 1 value, not 2 [query-syntax]"),
    ("LIST WHERE length()", "0: cannot read the query at `)`: {operand}"),
    ("LIST WHERE length(title", "0: cannot read the query at its end: a closing parenthesis is missing [query-syntax]"),
    ("LIST WHERE date(today)", "0: date(today) is no date; write it like date(2026-01-31) [query-syntax]"),
    ("LIST WHERE date(2026-02-31)", "0: date(2026-02-31) is no date; write it like date(2026-01-31) [query-syntax]"),
    ("LIST WHERE date(20260131)", "0: date(20260131) is no date; write it like date(2026-01-31) [query-syntax]"),
    ("LIST WHERE date()", "0: date() is no date; write it like date(2026-01-31) [query-syntax]"),
    ("LIST WHERE\ndate(2026-01-31", "1: cannot read the query at its end: "
                                    "a closing parenthesis is missing [query-syntax]"),
    ("LIST SORT", "0: cannot read the query at its end: {operand}"),
    ("LIST SORT title,", "0: cannot read the query at its end: {operand}"),
    ("LIST SORT title UP", "0: cannot read the query at `UP`: {goes_on}"),
    ("LIST LIMIT", "0: cannot read the query at its end: a number is missing [query-syntax]"),
    ("LIST LIMIT ten", "0: cannot read the query at `ten`: a number is missing [query-syntax]"),
    ("LIST LIMIT -1", "0: LIMIT -1 is no number of notes; write it like LIMIT 10 [query-syntax]"),
    ("TABLE title,", "0: cannot read the query at its end: {operand}"),
    ("TABLE , title", "0: cannot read the query at `,`: {operand}"),
    ("TABLE title AS", '0: cannot read the query at its end: a header such as "Title" is missing [query-syntax]'),
    ("TABLE title AS 1", '0: cannot read the query at `1`: a header such as "Title" is missing [query-syntax]'),
    ("TABLE title tags", "0: cannot read the query at `tags`: {goes_on}"),
    ("TABLE none", "0: `none` is no field; fields are {fields}"),
    ('LIST\nFROM "pool', '1: cannot read the query at `"pool`: this text is never closed; '
                         'end it with " [query-syntax]'),
    ("LIST FROM [[Alpha", "0: cannot read the query at `[[Alpha`: this link is never closed; "
                          "write it like [[a note]] [query-syntax]"),
    ("LIST FROM [Alpha]", "0: cannot read the query at `[Alpha]`: this link is never closed; "
                          "write it like [[a note]] [query-syntax]"),
    ("LIST FROM #", "0: cannot read the query at `#`: a tag has a name; write it like #a-tag [query-syntax]"),
    (
        "LIST FROM\n\n“pool”",
        '2: cannot read the query at `“pool”`: these quotes are curly; write straight ones: "…" [query-syntax]',
    ),
    ("LIST FROM ”pool”", '0: cannot read the query at `”pool”`: these quotes are curly; write straight ones: '
                         '"…" [query-syntax]'),
    ("LIST\n  ;drop", "1: cannot read the query at `;drop`: this sign means nothing in a query; "
                      "remove it [query-syntax]"),
    ("LIST " + "?" * 99, f"0: cannot read the query at `{'?' * 40}`: this sign means nothing in a query; "
                         "remove it [query-syntax]"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "what"), WRONG)
def test_problem(answers: Answers, query: str, what: str) -> None:
    assert answers.problem(query) == what.format(
        supported="supported are LIST, TABLE, FROM, WHERE, SORT, LIMIT [query-unsupported]",
        source='a source is [[a note]], outgoing([[a note]]), "a folder" or #a-tag [query-syntax]',
        goes_on="a query goes on with WHERE, SORT or LIMIT, and FROM before them [query-syntax]",
        from_="FROM stands once, before WHERE, SORT and LIMIT; join sources with AND or OR [query-syntax]",
        operand='a field, a "text", a number or a function is missing [query-syntax]',
        fields=", ".join(FIELDS) + " [query-name]",
    )


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_empty_query(vault: Vault, lines: list[str]) -> None:
    site = vault({"index.md": "\n".join(["# Home", "", "```dataview", *lines, "```", ""])})
    assert site.problems == [
        "docs/index.md:3: this query is empty; write one, such as LIST FROM [[a note]] [query-syntax]"
    ]


def test_ambiguous_note(vault: Vault) -> None:
    docs = {"a/x.md": "# X\n", "b/x.md": "# Y\n", "index.md": "# Home\n\n```dataview\nLIST\nFROM [[x]]\n```\n"}
    assert vault(docs).fatal == [
        "docs/index.md:5: 2 notes are called [[x]]: docs/a/x.md, docs/b/x.md; write [[a/x]] or [[b/x]] [link-ambiguous]"
    ]


DEEP = "it nests deeper than 50 parentheses; simplify it [query-syntax]"


LONG = [
    ("LIST FROM " + "(" * 50 + "#a" + ")" * 50, ""),
    ("LIST FROM " + "(" * 51 + "#a" + ")" * 51, f"cannot read the query at `#a`: {DEEP}"),
    ("LIST FROM " + "(" * 10_000, f"cannot read the query at `(`: {DEEP}"),
    ("LIST FROM " + "-(" * 10_000, f"cannot read the query at `-`: {DEEP}"),
    ("LIST WHERE " + "lower(" * 10_000, f"cannot read the query at `lower`: {DEEP}"),
    ("LIST WHERE " + "!(" * 50 + "title" + ")" * 50, ""),
    ("LIST FROM " + "-" * 10_000 + "#a", ""),
    ("LIST WHERE " + "!" * 10_001 + "title", ""),
    ("LIST WHERE " + "NOT " * 10_000 + "title", ""),
    ("LIST WHERE " + "title OR " * 3_000 + "title", ""),
    ("LIST FROM " + "#a AND " * 3_000 + "-#a", ""),
]


@pytest.mark.parametrize(("query", "what"), LONG)
def test_deep_and_long(answers: Answers, query: str, what: str) -> None:
    if what:
        assert answers.problem(query) == f"0: {what}"
    else:
        answers.titles(query)


def test_ten_wrong_queries_are_ten_problems(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n" + "```dataview\nTASK\n```\n\n" * 10})
    assert [problem.split(": ")[0] for problem in site.problems] == [f"docs/index.md:{4 + 4 * i}" for i in range(10)]


def test_line_in_a_list(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: Home\n---\n\n- item\n\n    ```dataview\n    LIST\n    FROM x\n    ```\n"})
    assert [problem.split(": ")[0] for problem in site.problems] == ["docs/index.md:9"]


def test_failed_query_is_shown_as_written(vault: Vault) -> None:
    site = vault({"index.md": '# Home\n\n```dataview\nLIST FROM "<b>"\n```\n'})
    assert '<pre class="query-failed"><code>LIST FROM &quot;&lt;b&gt;&quot;</code></pre>' in site["index.md"]


def test_query_in_an_embedded_note(vault: Vault) -> None:
    docs = {
        "index.md": "# Home\n\n![[a]] [[b]]\n\n![[a]]\n",
        "a.md": "# A\n\n```dataview\nLIST FROM [[]]\n```\n\n```dataview\nTASK\n```\n",
        "b.md": "# B\n\n[[a]]\n",
    }
    site = vault(docs)
    assert [problem for problem in site.fatal if "TASK" in problem] == [
        "docs/a.md:8: TASK is not supported in a query; supported are LIST, TABLE, FROM, WHERE, SORT, "
        "LIMIT [query-unsupported]"
    ]
    assert '<li><a href="b/">B</a></li>' in site["index.md"]


ASKED = [
    "LIST",
    "LIST FROM #nothing",
    "TABLE title FROM #nothing",
    *(f"LIST FROM {source}" for source, _ in SOURCES + COMBINED),
    *(f"LIST WHERE {condition}" for condition, _ in CONDITIONS),
    *(f"LIST {commands}" for commands, _ in COMMANDS),
    *(query for query, _ in TABLES),
    *SPELLINGS,
    *(query for query, _ in WRONG + LONG),
]


def test_truth_in_a_cell_is_written_as_dataview_writes_it(vault: Vault) -> None:
    query = '```dataview\nTABLE contains(title, "B") AS "Has B"\nWHERE title = "B"\n```\n'
    site = vault({"index.md": f"# Home\n\n{query}", "b.md": "# B\n"})
    assert "<td>true</td>" in site["index.md"]
