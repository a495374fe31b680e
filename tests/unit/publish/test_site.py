"""What is published beside the pages, and what each page says of itself."""

from __future__ import annotations

import datetime
from pathlib import Path

from garden.build import Built
from garden.model.report import Report
from garden.model.site import Site
from garden.publish import page_text
from garden.publish.page_metadata import Breadcrumb, ReadingPathStep
from garden.publish.site import Publication
from garden.publish.social_cards import SocialCards
from garden.source.git_history import Change, History
from tests.unit.conftest import Vault, build_site

GUIDE = Site(
    "The Guide",
    "https://guide.example/",
    "All of it.",
    {"index.md": (), "a.md": ("Ground", "Deep"), "snippets/index.md": ("Evidence",)},
)
NOTES = {
    "index.md": "---\npaths: [Order]\n---\n\n# Home\n\n## Order\n\n1. [[A]]\n2. [[B#Part]]\n",
    "a.md": "---\ndescription: About a.\nreviewed: 2026-01-31\nmoved_from: [old/]\n---\n\n# A\n\nSee [[B]].\n\n"
    '```python\n--8<-- "t/x.py"\n```\n',
    "b.md": "# B\n\n## Part\n",
}
SNIPPETS = {"t/x.py": '"""A snippet."""\n'}
TIME = datetime.datetime(2026, 2, 3, tzinfo=datetime.UTC)


def markdown_of(built: Built, site: Site) -> dict[str, str]:
    return {path: text.markdown for path, text in page_text.of_all(built, site).items()}


def published(vault: Vault, *, dated: bool = False, site: Site = GUIDE) -> Publication:
    built = vault(NOTES, SNIPPETS, pages=True).build
    history = History({"docs/a.md": Change("abc1234", TIME, TIME)} if dated else {})
    return Publication(built, site, history, markdown_of(built, site))


def files_of(publication: Publication) -> dict[str, str]:
    """Return the text of each file that is written, by path."""
    return {path: "".join(parts) for path, parts in publication.files()}


def test_every_page_is_there_as_markdown(vault: Vault) -> None:
    files = files_of(published(vault, dated=True))
    assert files["a/index.md"] == (
        '---\ntitle: "A"\ndescription: "About a."\nurl: "https://guide.example/a/"\nreviewed: "2026-01-31"\n'
        'changed: "2026-02-03"\nlicense: "CC BY 4.0"\n---\n\n'
        "# A\n\nSee [B](https://guide.example/b/).\n\n"
        '```python\n"""A snippet."""\n```\n\n'
        "[t/x.py](https://guide.example/snippets/t/x/) not verified in this build "
        "[Download the whole file](https://guide.example/snippets/t/x.py)\n"
    )
    assert files["snippets/t/x/index.md"].startswith('---\ntitle: "A snippet"\n')
    assert 'license: "MIT-0"' in files["snippets/t/x/index.md"]
    assert files["index.md"].startswith('---\ntitle: "Home"\nurl: "https://guide.example/"\n')


def test_a_page_that_has_moved_leaves_a_redirect_and_its_markdown(vault: Vault) -> None:
    publication = published(vault)
    assert list(publication.redirects) == ["old/index.html"]
    files = files_of(publication)
    assert files["old/index.html"] == publication.redirects["old/index.html"]
    assert files["old/index.md"] == files["a/index.md"]


def test_every_file_is_written_where_it_belongs(tmp_path: Path, vault: Vault) -> None:
    publication = published(vault, dated=True)
    publication.write(tmp_path / "site")
    written = {
        file.relative_to(tmp_path / "site").as_posix(): file.read_text(encoding="utf-8")
        for file in (tmp_path / "site").rglob("*")
        if file.is_file()
    }
    assert written == files_of(publication)
    assert sorted(written) == sorted(publication.paths)


def test_the_feed_is_there_if_anything_is_known(vault: Vault) -> None:
    assert published(vault).feed == ""
    with_dates = published(vault, dated=True)
    assert with_dates.feed == "feed.xml"
    assert "<title>A</title>" in files_of(with_dates)["feed.xml"]


def test_the_addresses_are_those_that_stay(vault: Vault) -> None:
    assert files_of(published(vault, dated=True))["addresses.txt"].split() == [
        *("/", "/#order", "/a/", "/b/", "/b/#part", "/snippets/", "/snippets/t/x/"),
        *("/llms-full.txt", "/llms.txt", "/snippets.json", "/snippets/t/x.py"),
    ]


def test_an_address_that_is_gone_stops_a_release(tmp_path: Path, vault: Vault) -> None:
    vault(
        NOTES, SNIPPETS, others={"tools/released-urls.txt": "/a/\n/old/\n/old/#x\n/a/#a\n/gone/\n/llms.txt\n/x.png\n"}
    )
    (tmp_path / "docs/x.png").write_bytes(b"")
    report = Report()
    built = build_site(tmp_path, pages=True).build
    Publication(built, GUIDE, History({}), markdown_of(built, GUIDE)).check(report)
    assert [str(problem).partition(";")[0] for problem in report.problems] == [
        "tools/released-urls.txt:3: /old/#x was published, and no heading leads there now",
        "tools/released-urls.txt:5: /gone/ was published and is gone",
    ]


def test_a_page_says_where_it_stands(vault: Vault) -> None:
    publication = published(vault)
    notes = publication._built.notes
    assert publication.about(notes["index.md"]).breadcrumbs == ()
    assert publication.about(notes["a.md"]).breadcrumbs == (
        Breadcrumb("Home", "../"),
        Breadcrumb("Ground"),
        Breadcrumb("Deep"),
        Breadcrumb("A"),
    )
    assert publication.about(notes["b.md"]).breadcrumbs == (Breadcrumb("Home", "../"), Breadcrumb("B"))
    home = (Breadcrumb("Home", "../../../"), Breadcrumb("Evidence"))
    assert publication.about(notes["snippets/t/x.md"]).breadcrumbs == (
        *home,
        Breadcrumb("Snippets", "../../"),
        Breadcrumb("A snippet"),
    )
    assert publication.about(notes["snippets/index.md"]).breadcrumbs[-1] == Breadcrumb("Snippets")


def test_a_page_says_how_old_it_is_and_how_long_it_takes(vault: Vault) -> None:
    publication = published(vault, dated=True)
    about = publication.about(publication._built.notes["a.md"])
    assert [(dated.what, dated.in_words) for dated in about.dates] == [
        ("Reviewed", "31 January 2026"),
        ("Changed", "3 February 2026"),
    ]
    assert (about.minutes, about.markdown, about.image) == (1, "index.md", "")
    assert "version of 3 February 2026 (commit abc1234)" in about.citation.plain
    assert publication.about(publication._built.notes["snippets/t/x.md"]).minutes == 0


def test_without_history_the_review_is_the_version(vault: Vault) -> None:
    publication = published(vault)
    about = publication.about(publication._built.notes["a.md"])
    assert [dated.what for dated in about.dates] == ["Reviewed"]
    assert "version of 31 January 2026," in about.citation.plain


def test_a_page_says_where_to_read_on(vault: Vault) -> None:
    publication = published(vault)
    notes = publication._built.notes
    name, url = "Home › Order", "../#order"
    assert publication.about(notes["a.md"]).path_steps == (
        ReadingPathStep(name, url, 1, 2, None, Breadcrumb("B", "../b/#part")),
    )
    assert publication.about(notes["b.md"]).path_steps == (
        ReadingPathStep(name, url, 2, 2, Breadcrumb("A", "../a/"), None),
    )


def test_a_step_to_a_heading_that_is_gone_leads_to_its_page(vault: Vault) -> None:
    docs = {
        "index.md": "---\npaths: [Go]\n---\n# Home\n\n## Go\n\n1. [[A]]\n2. [[B#None]]\n",
        "a.md": "# A\n",
        "b.md": "# B\n",
    }
    built = vault(docs).build
    publication = Publication(built, GUIDE, History({}), markdown_of(built, GUIDE))
    assert publication.about(built.notes["a.md"]).path_steps[0].following == Breadcrumb("B", "../b/")


def test_pages_of_snippets_share_the_picture_of_the_home_page(tmp_path: Path, vault: Vault) -> None:
    publication = published(vault)
    pictures = SocialCards(tmp_path, "The Guide")
    notes = publication._built.notes
    images = {path: publication.about(notes[path], pictures).image for path in ("index.md", "a.md", "snippets/t/x.md")}
    assert images["snippets/t/x.md"] == images["index.md"] != images["a.md"]
    assert images["a.md"] == f"https://guide.example/{pictures.path('A', 'Ground › Deep')}"
