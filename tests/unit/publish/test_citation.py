"""A citation says what, which version and where, in a sentence and for BibTeX."""

from __future__ import annotations

import datetime

from garden.model.note import Note
from garden.model.site import Site
from garden.publish.citation import citation

SITE = Site("The Guide", "https://guide.example/")
DAY = datetime.date(2026, 3, 1)


def note(title: str) -> Note:
    return Note("a/pool size.md", "docs/a/pool size.md", "a/pool%20size/", title, "")


def test_a_version_has_a_day_and_a_commit() -> None:
    found = citation(note("How big?"), SITE, DAY, "abc1234")
    version = "version of 1 March 2026 (commit abc1234)"
    assert found.plain == f"“How big?”, The Guide, {version}, https://guide.example/a/pool%20size/"
    assert found.bibtex == (
        "@misc{a-pool-size,\n"
        "  title = {{How big?}},\n"
        "  author = {{The Guide}},\n"
        "  year = {2026},\n"
        "  month = {3},\n"
        "  note = {Version of 1 March 2026 (commit abc1234)},\n"
        "  url = {https://guide.example/a/pool%20size/},\n"
        "}"
    )


def test_without_history_the_day_of_the_review_is_the_version() -> None:
    assert "version of 1 March 2026, https:" in citation(note("How big?"), SITE, DAY, "").plain


def test_without_any_day_there_is_no_version() -> None:
    found = citation(note("How big?"), SITE, None, "")
    assert found.plain == "“How big?”, The Guide, https://guide.example/a/pool%20size/"
    assert [line.partition(" = ")[0] for line in found.bibtex.split("\n")[1:-1]] == ["  title", "  author", "  url"]


def test_signs_that_tex_would_read_are_spelled() -> None:
    found = citation(note(r"100 % of {a}_b & c\d ~ ^"), SITE, None, "")
    assert r"{{100 \% of \{a\}\_b \& c\textbackslash{}d \textasciitilde{} \textasciicircum{}}}" in found.bibtex
