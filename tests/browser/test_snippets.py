"""The snippets on the built site: every one has its page and its file, and the published build wants every proof."""

from __future__ import annotations

import json
import re

import pytest

from garden.snippets.catalog import Snippet
from tests.browser.conftest import Outcome, Project, build
from tests.snippets.catalog import all_snippets

SNIPPET = '"""A thing."""\n\nx = 1\n'
NOTE = '# Home\n\n```python\n--8<-- "topic/thing.py"\n```\n'


@pytest.mark.parametrize("snippet", all_snippets(), ids=lambda snippet: snippet.key)
def test_its_page_shows_and_offers_what_the_tests_have_run(guide: Outcome, snippet: Snippet) -> None:
    published = (guide.folder / f"snippets/{snippet.key}.py").read_bytes()
    assert published == snippet.pasted.encode()
    page = guide.page(f"snippets/{snippet.key}/index.html")
    assert f'href="../{snippet.path.name}" download="{snippet.path.name}"' in page
    assert "Its tests" in page
    assert '<section class="backlinks"' in page


def test_the_catalog_and_its_file_for_programs_list_every_snippet(guide: Outcome) -> None:
    keys = [snippet.key for snippet in all_snippets()]
    page = guide.page("snippets/index.html")
    assert re.findall(r'<td><a href="(\w+/\w+)/"', page) == keys
    index = json.loads(guide.page("snippets.json"))
    assert [entry["path"].removesuffix(".py") for entry in index["snippets"]] == keys
    assert all((guide.folder / entry["file"]).is_file() for entry in index["snippets"])
    assert all(entry["notes"] for entry in index["snippets"])


def test_the_published_build_wants_every_proof(project: Project) -> None:
    folder = project({"index.md": NOTE})
    (folder / "snippets/topic").mkdir(parents=True)
    (folder / "snippets/topic/thing.py").write_text(SNIPPET)
    assert build(folder, "--strict").status == 0
    outcome = build(folder, "--strict", PROOFS="required")
    what = "is not verified: its tests have not passed for this text; run `make test` and build again"
    assert outcome.problems == [
        "mkdocs.yml:1: there is no Python for the browser; bring it with `make runtime` and build again "
        "[runtime-missing]",
        f"snippets/topic/thing.py:1: {what} [snippet-unverified]",
    ]
    assert outcome.status == 1
