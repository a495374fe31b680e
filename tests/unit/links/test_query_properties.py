"""Queries of any kind: no text makes one fail otherwise than by its own fault, and sources are sets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from garden.links.graph import Graph
from garden.links.query import Evaluator, QueryFault
from garden.links.resolve import Resolver
from garden.model.note import FrontMatter, Note
from garden.model.report import Report
from tests.unit.conftest import Site, build_site

COMMON = settings(derandomize=True, deadline=None, database=None)
NAMES = ["a", "b", "c", "d", "e", "f"]
FOLDERS = ["", "x/", "x/y/", "z/"]
TAGS = ["p", "q", "q/r", "s"]

# A vault that no query changes: who links to whom, where each note is, and its tags.
PATHS = {name: f"{FOLDERS[i % 4]}{name}.md" for i, name in enumerate(NAMES)}
LINKS = {"a": "bc", "b": "ac", "c": "f", "d": "abcef", "e": "e", "f": ""}
TAGGED = {name: TAGS[i % 4 : i % 4 + i % 3] for i, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    root = tmp_path_factory.mktemp("vault")
    for name, path in PATHS.items():
        file = root / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        links = " ".join(f"[[{target}]]" for target in LINKS[name])
        file.write_text(f"---\ntags: [{', '.join(TAGGED[name])}]\n---\n# {name.upper()}\n\n{links}\n")
    return evaluator_of(build_site(root))


def evaluator_of(site: Site) -> Evaluator:
    build = site.build
    return Evaluator(
        build.notes.values(),
        build.resolver,
        Graph((document.note, document.mentions) for document in build.documents.values()),
    )


def run(evaluator: Evaluator, query: str) -> list[str]:
    origin = next(note for note in evaluator.notes if note.name == "a")
    return [note.name for note in evaluator.run(query, origin).notes]


# Any text

_WORDS = st.sampled_from([
    "LIST", "TABLE", "list", "FROM", "from", "WHERE", "SORT", "LIMIT", "AS", "AND", "OR", "NOT", "and",
    "-", "!", "(", ")", ",", "=", "!=", "<", "<=", ">", ">=", "&", "|",
    "#p", "#q/r", "#", '"x"', '""', '"a\\""', '"b', "[[a]]", "[[]]", "[[", "[[b|c]]", "[[none]]", "outgoing(",
    "outgoing", "title", "tags", "reviewed", "file.link", "file.inlinks", "null", "true", "1", "-2", "0.5", "9" * 30,
    "date(", "date(2026-01-31)", "2026-01-31", "contains(", "length(", "lower(", "DESC", "asc",
    "TASK", "GROUP BY", "FLATTEN", "WITHOUT ID", "csv(",
    "“x”", ";", "é", "\x00", "\n", "\t", "[", "]", "٣", "%%", "```", "\\",
])  # fmt: skip


@settings(COMMON, max_examples=800)
@given(
    st.one_of(
        st.lists(_WORDS, max_size=14).map(" ".join), st.lists(_WORDS, max_size=8).map("".join), st.text(max_size=40)
    )
)
@example("LIST LIMIT " + "9" * 400)
@example("LIST WHERE date(99999-99-99)")
@example('LIST FROM "' + "/" * 50 + '"')
def test_no_text_raises_anything_but_a_fault(evaluator: Evaluator, query: str) -> None:
    try:
        result = evaluator.run(query, evaluator.notes[0])
    except QueryFault as fault:
        line, text = fault.line, str(fault)
    else:
        assert set(result.notes) <= set(evaluator.notes)
        for column in result.columns or ():
            assert len([column.cell(note) for note in result.notes]) == len(result.notes)
        return
    assert 0 <= line <= query.count("\n")
    assert text


@settings(COMMON, max_examples=300)
@given(st.lists(_WORDS, max_size=10).map(" ".join))
def test_conditions_never_raise(evaluator: Evaluator, condition: str) -> None:
    try:
        found = run(evaluator, f"LIST WHERE {condition}")
    except QueryFault:
        return
    assert set(found) <= set(NAMES)


# Sources are sets

LEAVES = {
    **{f"[[{name}]]": {n for n in NAMES if name in LINKS[n] and n != name} for name in NAMES},
    **{f"outgoing([[{name}]])": set(LINKS[name]) - {name} for name in NAMES},
    **{f"#{tag}": {n for n in NAMES if any(f"{t}/".startswith(f"{tag}/") for t in TAGGED[n])} for tag in TAGS},
    **{f'"{folder[:-1]}"': {n for n in NAMES if PATHS[n].startswith(folder)} for folder in FOLDERS},
    **{f'"{PATHS[name]}"': {name} for name in NAMES},
}


def _combine(children: st.SearchStrategy[tuple[str, set[str]]]) -> st.SearchStrategy[tuple[str, set[str]]]:
    """A text and the set that it stands for."""
    every = set(NAMES)
    return st.one_of(
        st.tuples(st.sampled_from(["-", "!", "NOT ", "not "]), children).map(
            lambda pair: (f"({pair[0]}({pair[1][0]}))", every - pair[1][1])
        ),
        st.tuples(children, st.sampled_from(["AND", "and", "&"]), children).map(
            lambda parts: (f"({parts[0][0]} {parts[1]} {parts[2][0]})", parts[0][1] & parts[2][1])
        ),
        st.tuples(children, st.sampled_from(["OR", "or", "|"]), children).map(
            lambda parts: (f"({parts[0][0]} {parts[1]} {parts[2][0]})", parts[0][1] | parts[2][1])
        ),
    )


SETS = st.recursive(st.sampled_from(sorted(LEAVES.items(), key=lambda leaf: leaf[0])), _combine, max_leaves=12)


@settings(COMMON, max_examples=200)
@given(SETS)
def test_sources_are_set_algebra(evaluator: Evaluator, source: tuple[str, set[str]]) -> None:
    text, expected = source
    assert run(evaluator, f"LIST FROM {text}") == sorted(expected)


@settings(COMMON, max_examples=300)
@given(
    st.sampled_from(sorted(LEAVES)),
    st.lists(st.tuples(st.sampled_from("&|"), st.sampled_from(sorted(LEAVES))), max_size=8),
)
def test_without_parentheses_from_left_to_right(evaluator: Evaluator, first: str, rest: list[tuple[str, str]]) -> None:
    expected = LEAVES[first]
    for sign, leaf in rest:
        expected = expected & LEAVES[leaf] if sign == "&" else expected | LEAVES[leaf]
    text = " ".join([first, *(f"{sign} {leaf}" for sign, leaf in rest)])
    assert run(evaluator, f"LIST FROM {text}") == sorted(expected)


# Values have one order

_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=3), st.dates()),
    lambda values: st.lists(values, max_size=3).map(tuple),
    max_leaves=5,
)


@settings(COMMON, max_examples=200)
@given(_VALUES, _VALUES)
def test_any_two_values_compare(left: object, right: object) -> None:
    signs = {sign: compare(left, right, sign) for sign in ("=", "!=", "<", "<=", ">", ">=")}
    assert signs["="] != signs["!="]
    assert signs["<="] == (signs["<"] or signs["="])
    assert signs[">="] == (signs[">"] or signs["="])
    assert [signs["<"], signs["="], signs[">"]].count(True) == 1


def compare(left: object, right: object, sign: str) -> bool:
    """Compare two values that stand in the lists of one note."""
    meta = FrontMatter(aliases=(left,), tags=(right,))  # type: ignore[arg-type]
    note = Note("a.md", "docs/a.md", "a/", "A", "", meta=meta)
    evaluator = Evaluator([note], Resolver([], {}, Report()), Graph([(note, ())]))
    return bool(evaluator.run(f"LIST WHERE aliases {sign} tags", note).notes)


def test_paths_of_the_vault_differ() -> None:
    assert len({Path(path).parent for path in PATHS.values()}) == len(FOLDERS)
