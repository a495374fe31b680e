"""Front matter: what it may say, and the line and cure of everything that is wrong with it."""

from __future__ import annotations

import datetime
import sys

import pytest
import yaml

from garden.model.note import FrontMatter, Search
from garden.model.report import Report
from garden.source import frontmatter
from tests.unit.conftest import Vault

KNOWN = (
    "known are `title`, `description`, `aliases`, `tags`, `errors`, `reviewed`, `hide`, `search`, `moved_from`, "
    "`paths` [front-matter-key]"
)
NOT_TEXT = (
    "is not text; write it on the same line, in quotes if it holds a colon or begins with a sign [front-matter-value]"
)
NOT_TEXTS = "is not text or a list of texts; write `[one, two]` [front-matter-value]"
NOT_DATE = "is not a date; write it like 2026-01-31 [front-matter-date]"
CURE = "correct this line, or put its text in quotes [front-matter-syntax]"


def parse(source: str) -> tuple[FrontMatter, list[str]]:
    report = Report()
    meta = frontmatter.parse(source, "docs/a.md", report)
    return meta, [str(problem) for problem in report.problems]


def problems(source: str) -> list[str]:
    return parse(source)[1]


def test_every_key(vault: Vault) -> None:
    site = vault(
        {
            "index.md": (
                "---\n"
                "title: The title\n"
                "description: What it is 'in' \"short\"\n"
                "aliases: [One, Two]\n"
                "tags:\n  - a\n  - '#b/c'\n"
                "errors:\n  - 'TimeoutError: QueuePool limit of size 5 overflow 10 reached'\n"
                "reviewed: 2026-01-31\n"
                "hide: [toc]\n"
                "search: {boost: 0.5, exclude: true}\n"
                "---\n\nText.\n"
            )
        }
    )
    assert site.problems == []
    assert site.build.notes["index.md"].meta == FrontMatter(
        title="The title",
        description="What it is 'in' \"short\"",
        aliases=("One", "Two"),
        tags=("a", "b/c"),
        errors=("TimeoutError: QueuePool limit of size 5 overflow 10 reached",),
        reviewed=datetime.date(2026, 1, 31),
        hide=("toc",),
        search=Search(boost=0.5, exclude=True),
    )
    assert site["index.md"].startswith('<p>Text.</p>\n<p class="errors-title">')


def test_as_templates_get_it() -> None:
    meta, _ = parse("title: A\ntags: [x, y]\nreviewed: 2026-01-31\nsearch: {boost: 2}")
    assert meta.as_dict() == {
        "title": "A",
        "tags": ["x", "y"],
        "reviewed": datetime.date(2026, 1, 31),
        "search": {"boost": 2.0, "exclude": False},
    }


@pytest.mark.parametrize("value", ["{boost: 0.1}", "{boost: 9.9}", "{exclude: false}", "{exclude: true}", "{}"])
def test_search(value: str) -> None:
    assert problems(f"search: {value}") == []


@pytest.mark.parametrize(
    "value",
    ["2", "[boost]", "{boost: 0}", "{boost: 10}", "{boost: -1}", "{boost: x}", "{exclude: yes}", "{bost: 2}", "~"],
)
def test_search_that_is_not_understood(value: str) -> None:
    what = "is not understood; write `{boost: 2}` (from 0.1 to 9.9) or `{exclude: true}` [front-matter-value]"
    assert problems(f"title: A\nsearch: {value}") == [f"docs/a.md:3: `search` {what}"]


@pytest.mark.parametrize("source", ["aliases: One", "aliases: [One]", "aliases:\n- One", "aliases: &x One\ntags: *x"])
def test_text_or_list(source: str) -> None:
    meta, found = parse(source)
    assert meta.aliases == ("One",)
    assert found == []


def test_aliases_as_text_and_as_list_name_the_note(vault: Vault) -> None:
    site = vault(
        {
            "index.md": "# Home\n\n[[Eins]] [[zwei]] [[Drei]]\n",
            "a.md": "---\naliases: Eins\n---\n# A\n",
            "b.md": "---\naliases: [Zwei, drei]\n---\n# B\n",
        }
    )
    assert site.problems == []
    assert site.finished["index.md"].html.count('href="b/"') == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3.10", "3.10"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("yes", "yes"),
        ("No", "No"),
        ("true", "true"),
        ("2026-01-31", "2026-01-31"),
        ("1e3", "1e3"),
        ("12:30:00", "12:30:00"),
        ("=", "="),
        ("<<", "<<"),
        ("'null'", "null"),
        ("!!str 1", "1"),
        ("'  a '", "a"),
        ("|\n  two\n  lines", "two lines"),
        (">-\n  two\n  lines", "two lines"),
        ("*a", None),
    ],
)
def test_text_is_taken_as_it_is_written(value: str, text: str | None) -> None:
    meta, found = parse(f"title: {value}")
    assert meta.title == (text or "")
    assert found == ([] if text else [f"docs/a.md:2: the front matter is not YAML: found undefined alias; {CURE}"])


def test_items_are_taken_as_they_are_written() -> None:
    assert parse("aliases: [3.10, on, 2026-01-31, 1]")[0].aliases == ("3.10", "on", "2026-01-31", "1")


@pytest.mark.parametrize("source", ["", "\n\n", "# only a comment", "aliases:", "tags: ~", "errors: null\nhide: []"])
def test_nothing_said(source: str) -> None:
    assert parse(source) == (FrontMatter(), [])


# Keys


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("alias", "did you mean `aliases`? [front-matter-key]"),
        ("Title", "did you mean `title`? [front-matter-key]"),
        ("tag", "did you mean `tags`? [front-matter-key]"),
        ("zzz", KNOWN),
        ("1", KNOWN),
        ("null", KNOWN),
        ("2026-01-01", KNOWN),
        ("<<", KNOWN),
    ],
)
def test_unknown_key(key: str, advice: str) -> None:
    meta, found = parse(f"title: A\n{key}: x\ntags: [b]")
    assert found == [f"docs/a.md:3: `{key}` is no front matter key; {advice}"]
    assert (meta.title, meta.tags) == ("A", ("b",))


def test_key_that_is_a_list() -> None:
    assert problems("? [a, b]\n: x") == [f"docs/a.md:2: `?` is no front matter key; {KNOWN}"]


def test_key_that_stands_twice() -> None:
    meta, found = parse("title: A\ntags: x\ntitle: B\ntags: y")
    assert found == [
        "docs/a.md:4: `title` stands twice in the front matter; keep one [front-matter-key]",
        "docs/a.md:5: `tags` stands twice in the front matter; keep one [front-matter-key]",
    ]
    assert meta == FrontMatter(title="A", tags=("x",))


# Values


@pytest.mark.parametrize("key", ["title", "description"])
@pytest.mark.parametrize(
    "value",
    ["", "''", "' '", "~", "[a]", "{a: b}", "!foo x", "!!python/name:os.system x", "!!binary aGk=", "!!null x"],
)
def test_not_text(key: str, value: str) -> None:
    assert problems(f"tags: x\n{key}: {value}") == [f"docs/a.md:3: `{key}` {NOT_TEXT}"]


@pytest.mark.parametrize("key", ["aliases", "tags", "errors", "hide"])
@pytest.mark.parametrize(
    "value",
    ["{a: b}", "[a, [b]]", "[a, '']", "[a, ~]", "[{a: b}]", "''", "!!python/tuple [a]", "&a [x, *a]", "!!set {a}"],
)
def test_not_texts(key: str, value: str) -> None:
    assert problems(f"{key}: {value}\ntitle: A") == [f"docs/a.md:2: `{key}` {NOT_TEXTS}"]


@pytest.mark.parametrize("tag", ["a, b", "a b", "a#b", "'#'", "'##a'"])
def test_not_a_tag(tag: str) -> None:
    shown = tag.strip("'").removeprefix("#")
    expected = (
        f"`tags` holds `{shown}`, which is no tag; write a list such as `[one, two]`, "
        "each without spaces [front-matter-value]"
    )
    assert problems(f"tags: {tag}") == [f"docs/a.md:2: {expected}"]


@pytest.mark.parametrize("value", ["2026-01-31", "'2026-01-31'"])
def test_date(value: str) -> None:
    assert parse(f"reviewed: {value}") == (FrontMatter(reviewed=datetime.date(2026, 1, 31)), [])


@pytest.mark.parametrize(
    "value",
    [
        "", "soon", "2026", "2026-1-1", "2026-02-31", "2026-13-01", "0000-01-01", "20260131", "2026-W05-6",
        "2026-01-31 10:00", "2026-01-31T10:00:00Z", "[2026-01-31]", "31.01.2026", "٢٠٢٦-٠١-٣١",
    ],
)  # fmt: skip
def test_not_a_date(value: str) -> None:
    assert problems(f"title: A\nreviewed: {value}") == [f"docs/a.md:3: `reviewed` {NOT_DATE}"]


# YAML


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("title: A\ndescription: a: b", 3, "mapping values are not allowed in this context"),
        ("title: A\ntags: [a, b\naliases: x", 3, "did not find expected ',' or ']'"),
        ("tags: {a: b\naliases: x", 2, "did not find expected ',' or '}'"),
        ('title: A\ndescription: "never\nclosed\n\nhere', 3, "found unexpected end of stream"),
        ("title: @a", 2, "found character that cannot start any token"),
        ("title: A\ntags: %x", 3, "found character that cannot start any token"),
        ("title: A\n  tags: x", 3, "mapping values are not allowed in this context"),
        ("aliases: |\n  x\n y", 4, "did not find expected key"),
        ("title: A\ntags: *x", 3, "found undefined alias"),
        ("title: A\n--- !x\ntags: b", 3, "but found another document"),
        ("title: Grüße\ntags: \x07", 3, "control characters are not allowed"),
        ("tags: " + "[" * 10_000, 3, "did not find expected node content"),
    ],
)
def test_not_yaml(source: str, line: int, reason: str) -> None:
    meta, found = parse(source)
    assert meta == FrontMatter()
    assert found == [f"docs/a.md:{line}: the front matter is not YAML: {reason}; {CURE}"]


def test_line_counts_from_the_top_of_the_file(vault: Vault) -> None:
    site = vault({"index.md": "---\r\ntitle: Home\r\n\r\nfoo: x\r\n---\r\n"})
    assert site.problems == [f"docs/index.md:4: `foo` is no front matter key; {KNOWN}"]


@pytest.mark.parametrize("source", ["- title: A", "title", "[title, A]", "'title: A'"])
def test_not_a_mapping(source: str) -> None:
    assert problems(source) == [
        "docs/a.md:2: the front matter is not a list of `key: value` lines; write it so [front-matter-syntax]"
    ]


@pytest.mark.parametrize("source", ["!!python/object/apply:os.system ['true']", "title: !!python/object:x.Y {}"])
def test_no_value_is_ever_constructed(source: str) -> None:
    found = problems(source)
    assert found in (
        ["docs/a.md:2: the front matter is not a list of `key: value` lines; write it so [front-matter-syntax]"],
        [f"docs/a.md:2: `title` {NOT_TEXT}"],
    )


def test_too_long() -> None:
    assert problems("title: A\n#" + "x" * 16_384) == [
        "docs/a.md:1: the front matter is longer than 16384 characters; shorten it [front-matter-syntax]"
    ]
    assert problems("#" + "x" * 16_383) == []


def test_deep_nesting() -> None:
    assert problems("tags: " + "[" * 8_000 + "]" * 8_000) == [f"docs/a.md:2: `tags` {NOT_TEXTS}"]


def test_aliases_of_aliases_cost_nothing() -> None:
    rows = [f"  - &a{i} [{', '.join([f'*a{i - 1}'] * 9) if i else 'x'}]" for i in range(50)]
    assert problems("tags:\n" + "\n".join(rows)) == [f"docs/a.md:2: `tags` {NOT_TEXTS}"]


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontmatter, "_Loader", yaml.SafeLoader)
    assert parse("title: 3.10\ntags: [a]") == (FrontMatter(title="3.10", tags=("a",)), [])
    depth = sys.getrecursionlimit() // 2
    assert problems("title: A\ntags: " + "[" * depth + "]" * depth) == [
        "docs/a.md:1: the front matter nests too deep; write its lists on one level [front-matter-syntax]"
    ]


# Where it begins and ends


@pytest.mark.parametrize("end", ["---", "...", "---  ", "...\t"])
def test_end(vault: Vault, end: str) -> None:
    site = vault({"index.md": f"--- \ntitle: Home\n{end}\nText.\n"})
    assert site.problems == []
    assert site["index.md"] == "<p>Text.</p>"


@pytest.mark.parametrize("text", ["---\ntitle: Home\n\nText.\n", "---\n\n# Home\n", "---", "--- \n# Home"])
def test_never_closed(vault: Vault, text: str) -> None:
    site = vault({"index.md": text})
    assert site.problems[0] == (
        "docs/index.md:1: the front matter is never closed; end it with a line of `---` "
        "(a rule across the page is `***`) [front-matter-syntax]"
    )


@pytest.mark.parametrize("text", ["----\n\n# Home\n", "--- x\n# Home\n", " ---\n# Home\n\n---\n", "# Home\n\n---\n"])
def test_rule_is_no_front_matter(vault: Vault, text: str) -> None:
    assert vault({"index.md": text}).problems == []


def test_rule_below_front_matter(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: Home\n---\n---\n\nText.\n"})
    assert site.problems == []
    assert "<hr />" in site["index.md"]


def test_empty_front_matter(vault: Vault) -> None:
    site = vault({"index.md": "---\n---\n# Home\n"})
    assert site.problems == []
    assert site.build.notes["index.md"].first_line == 3


def test_a_tab(vault: Vault) -> None:
    site = vault({"a.md": "---\ntitle: A\naliases:\n\t- x\n---\n\n# A\n"})
    assert site.fatal == [
        "docs/a.md:4: the front matter has a tab on this line; write spaces instead [front-matter-syntax]"
    ]


def test_below_empty_lines_it_is_read_and_told(vault: Vault) -> None:
    site = vault({"a.md": "\n \n---\ntitle: A\ntag: x\n---\n\nIt takes 2 ms.\n"})
    assert site.build.notes["a.md"].title == "A"
    assert [what.partition("; ")[0] for what in site.fatal] == [
        "docs/a.md:1: the front matter has to begin on line 1",
        "docs/a.md:5: `tag` is no front matter key",
        "docs/a.md:8: `2 ms` is a figure typed by hand",
    ]


@pytest.mark.parametrize(
    "text", ["\n# A\n\n---\n\ntitle: A\n---\n", "\n---\ntitle: A\n\n# A\n", "\n---\n\n# A\n\n---\n"]
)
def test_a_rule_is_no_front_matter(vault: Vault, text: str) -> None:
    assert vault({"a.md": text}).fatal == []
