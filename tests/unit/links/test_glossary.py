"""The glossary's words: where other pages mark them, and what is wrong with an entry."""

from __future__ import annotations

import re

import pytest

from tests.unit.conftest import Site, Vault
from tests.unit.reading import assert_inert, elements, marked

ADVICE = "write it into the next line, behind `:   ` [glossary-definition]"
LEAK = "Leak %%also: leaks, leaked%%\n:   Never given *back*. → [[Pool]]\n"


def glossary(*entries: str) -> str:
    """Return a glossary; its first entry begins in line 5."""
    return "# Glossary\n\nWhat words mean.\n\n" + "\n".join(entries)


def site(vault: Vault, text: str, *entries: str, **options: bool) -> Site:
    """Build a note with ``text`` beside a glossary."""
    written = glossary(*(entries or (LEAK,)))
    return vault({"index.md": f"# Home\n\n{text}\n", "glossary.md": written, "pool.md": "# Pool\n"}, **options)


def terms(html: str) -> list[tuple[str, str]]:
    """Return the words that a page marks, each with its definition."""
    found = re.findall(r'<a class="term" data-definition="([^"]*)" href="[^"]*">(.*?)</a>', html, re.DOTALL)
    return [(word, definition) for definition, word in found]


def words(html: str) -> list[str]:
    return [word for word, _ in terms(html)]


def test_the_first_use_leads_to_the_definition_and_carries_it(vault: Vault) -> None:
    built = site(vault, "A leak, and another leak.")
    assert built["index.md"].partition("</h1>")[2].strip() == (
        '<p>A <a class="term" data-definition="Never given back." href="glossary/#term:leak">leak</a>, '
        "and another leak.</p>"
    )
    assert ("dt", {"id": "term:leak"}) in elements(built["glossary.md"])
    assert built.fatal == []


def test_from_a_folder(vault: Vault) -> None:
    built = vault({"a/b.md": "# B\n\nA leak.\n", "glossary.md": glossary(LEAK), "pool.md": "# Pool\n"})
    assert 'href="../../glossary/#term:leak"' in built["a/b.md"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Leaks, leaked, LEAK", ["Leaks"]),
        ("(leak)", ["leak"]),
        ("The pool's leak's end", ["leak"]),
        ("*leak*", ["leak"]),
        ("**A *leak* here**", ["leak"]),
        ("- x\n- leak", ["leak"]),
        ("- x\n\n    leak", ["leak"]),
        ("x\n:   leak", ["leak"]),
        ("> leak", ["leak"]),
        ("> [!note]\n> leak", ["leak"]),
        ("One[^1]\n\n[^1]: leak", ["leak"]),
        ("[[Pool]] leak [[Pool]] leak", ["leak"]),
        ("# A leak\n\nleak", ["leak"]),
        ("`leak`", []),
        ("    leak", []),
        ("```text\nleak\n```", []),
        ("[a leak](pool.md)", []),
        ("[[Pool|a leak]]", []),
        ("## A leak", []),
        ("leak\n:   x", []),
        ("| leak |\n| --- |\n| leak |", []),
        ("> [!note] A leak\n> x", []),
        ("leakage, a-leak, leak-free, _leak_x, leak.py, x/leak, leak/x", []),
        ("<p>leak</p>", []),
        ("<!-- leak --> %%leak%%", []),
    ],
)
def test_where_words_are_marked(vault: Vault, text: str, found: list[str]) -> None:
    assert words(site(vault, text, sound=False)["index.md"]) == found


def test_two_words_in_one_text_keep_their_order(vault: Vault) -> None:
    built = site(
        vault, "A b, then a b, then a c, then *d*, then d.", "B\n:   One.\n", "C\n:   Two.\n", "D\n:   Three.\n"
    )
    plain = re.sub("<[^<>]*>", "", built["index.md"].partition("</h1>")[2])
    assert plain.strip() == "A b, then a b, then a c, then d, then d."
    assert terms(built["index.md"]) == [("b", "One."), ("c", "Two."), ("d", "Three.")]


def test_the_longest_term_is_meant_and_may_be_broken_over_lines(vault: Vault) -> None:
    entries = ("Checkout\n:   One.\n", "Nested checkout %%also:  nested   checkouts ,, %%\n:   Two.\n")
    assert terms(site(vault, "Nested\ncheckouts and a checkout", *entries)["index.md"]) == [
        ("Nested\ncheckouts", "Two."),
        ("checkout", "One."),
    ]


def test_synonyms_share_a_definition(vault: Vault) -> None:
    built = site(vault, "A loan is a lease.", "Lease\nLoan\n:   On *loan*,\n    for `a while`.\n:   More.\n")
    assert terms(built["index.md"]) == [("loan", "On loan, for a while."), ("lease", "On loan, for a while.")]


def test_a_word_may_be_left_alone(vault: Vault) -> None:
    built = site(vault, "Release a leak.", "Release %%not marked%%\n:   Give back.\n", LEAK)
    assert words(built["index.md"]) == ["leak"]
    assert ("dt", {"id": "term:release"}) in elements(built["glossary.md"])


def test_pages_that_do_not_mark(vault: Vault) -> None:
    """The glossary itself, the note that explains the term, and what is embedded."""
    built = vault(
        {
            "index.md": "# Home\n\n![[Other]]\n",
            "glossary.md": glossary(LEAK, "Other\n:   A leak.\n"),
            "pool.md": "# Pool\n\nA leak. The other.\n",
            "other.md": "# Other\n\nA leak.\n",
        }
    )
    assert words(built["index.md"]) == []
    assert words(built["glossary.md"]) == []
    assert words(built["pool.md"]) == ["other"]
    assert words(built["other.md"]) == ["leak"]


def test_snippet_pages_do_not_mark(vault: Vault) -> None:
    snippet = '"""A leak: to look at.\n\nWhen there is a leak.\n"""\n'
    built = vault(
        {
            "index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n',
            "glossary.md": glossary(LEAK),
            "pool.md": "# Pool\n",
        },
        {"a/b.py": snippet},
        pages=True,
    )
    assert "leak" in built["snippets/a/b.md"]
    assert words(built["snippets/a/b.md"]) == []


def test_marks_are_no_links(vault: Vault) -> None:
    """Neither for backlinks nor for queries; the glossary's own links are."""
    text = "See [[Pool]] for a leak.\n\n```dataview\nLIST FROM [[Glossary]]\n```"
    built = site(vault, text)
    assert marked(built["pool.md"]) == {
        "Glossary": ["Never given back. → *Pool*"],
        "Home": ["See *Pool* for a leak."],
    }
    assert "No note matches." in built["index.md"]
    assert marked(built["glossary.md"]) == {}


def test_without_a_glossary_nothing_is_marked(vault: Vault) -> None:
    assert words(vault({"index.md": "# Home\n\nA leak.\n"})["index.md"]) == []


def test_without_terms_nothing_is_marked(vault: Vault) -> None:
    built = vault({"index.md": "# Home\n\nA leak.\n", "glossary.md": "# Glossary\n"})
    assert (words(built["index.md"]), built.fatal) == ([], [])


def test_a_definition_is_text(vault: Vault) -> None:
    built = site(vault, "A leak.", 'Leak\n:   `"><b onclick=x>` & [[Pool|so]] [on](pool.md).\n')
    assert terms(built["index.md"]) == [("leak", "&quot;&gt;&lt;b onclick=x&gt; &amp; so on.")]
    assert_inert(built.pages.values())


@pytest.mark.parametrize(
    "link", ["[[pool.md]]", "[[Pool#Nowhere]]", "[[gone]]", "[[pic.png]]", "", "[[gone]] [[Pool]]"]
)
def test_a_term_is_left_alone_by_the_notes_that_it_leads_to(vault: Vault, link: str) -> None:
    docs: dict[str, str | bytes] = {"pool.md": "# Pool\n\nA leak.\n", "pic.png": b""}
    built = vault(docs | {"glossary.md": glossary(f"Leak\n:   Lost. → {link}\n")}, sound=False)
    assert words(built["pool.md"]) == ([] if "ool" in link else ["leak"])


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        (["Leak\n"], [f"5: `Leak` has no definition; {ADVICE}"]),
        (["Leak %%also: leaks%%\n:\n"], [f"5: `Leak` has no definition; {ADVICE}"]),
        (
            ["Leak\nLoss\n:   → [[Pool]]\n"],
            [f"5: `Leak` has no definition; {ADVICE}", f"6: `Loss` has no definition; {ADVICE}"],
        ),
        (
            [LEAK, "Leak\n\n:   Gone.\n"],
            [
                f"8: `Leak` has no definition; {ADVICE}",
                "10: this definition has no term; write one into the line above, "
                "without an empty line between [glossary-definition]",
            ],
        ),
        (
            [LEAK, "leak\n:   Twice.\n"],
            ["8: `leak` is defined already, as `Leak`; keep one of the two [glossary-duplicate]"],
        ),
        (
            [LEAK, "Loss %%also: Leaked%%\n:   Twice.\n"],
            ["8: `leaked` is defined already, as `Leak`; keep one of the two [glossary-duplicate]"],
        ),
        (
            [LEAK, "Leak!\n:   One id.\n"],
            ["8: `leak!` is defined already, as `Leak`; keep one of the two [glossary-duplicate]"],
        ),
        (["A sentence.\n", "- item\n", "## Heading\n", "| a |\n", "```text\nLeak\n```\n", "<!--\n\nLeak\n\n-->\n"], []),
        (["~~~text\nLeak\n"], []),
    ],
)
def test_problems(vault: Vault, entries: list[str], found: list[str]) -> None:
    docs: dict[str, str | bytes] = {"glossary.md": glossary(*entries), "pool.md": "# Pool\n"}
    built = vault(docs, sound=False)
    told = [problem.removeprefix("docs/glossary.md:") for problem in built.fatal]
    assert [problem for problem in told if "never closed" not in problem] == found
