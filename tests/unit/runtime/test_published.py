"""Which blocks offer to run in the reader's browser, what the others say instead, and what is published for it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.unit.conftest import Site, Vault
from tests.unit.pages.test_snippet_page import INDEX, LEASE, PAGE, SHARED, SNIPPETS, proof, text

GUIDE = "assets/guide.js"
DOCS = {"index.md": INDEX}
OWN = {"theme/scripts/own.js": "own();\n", "theme/styles/own.css": "own {}\n"}
BROWSER = OWN | {"browser/page.js": "run();\n", "browser/page.css": "run {}\n"}
MANIFEST = {"key": "k1", "files": {"k1/worker.js": "site/worker.js", "service.js": "site/service.js"}}
RUNTIME = {
    ".runtime/manifest.json": json.dumps(MANIFEST),
    ".runtime/site/worker.js": "",
    ".runtime/site/service.js": "",
}


def site(vault: Vault, browser: dict[str, Any] | None = None, **options: Any) -> Site:
    """Build the pages with a runtime, and with this result of the test in the browser's Python."""
    proofs = {"pooling/lease.py": proof() | {"browser": browser}} if browser else {}
    others = BROWSER | RUNTIME | {"proofs.json": json.dumps(proofs)} | options.pop("others", {})
    built = vault(options.pop("docs", DOCS), options.pop("snippets", SNIPPETS), pages=True, others=others, **options)
    assert built.fatal == []
    return built


def figures(page: str) -> list[str]:
    """Return how each block of a page begins."""
    return re.findall(r'<figure class="snippet"([^>]*)>', page)


def test_a_block_names_the_file_and_the_lines_that_it_shows(vault: Vault) -> None:
    built = site(vault)
    part, both, printed = figures(built["index.md"])
    assert part == ' id="garden:code-1" data-runs="pooling/lease.py" data-lines="14-16" data-indent="0"'
    assert "data-runs" not in both
    assert "data-runs" not in printed
    assert LEASE.split("\n")[14] == "def borrow() -> int:"
    assert figures(built[PAGE])[0].endswith(' data-runs="pooling/lease.py"')


def test_a_part_that_stood_further_right_keeps_its_place(vault: Vault) -> None:
    source = LEASE.replace(
        "# --8<-- [end:borrow]\n",
        "# --8<-- [end:borrow]\n\n    # --8<-- [start:deep]\n\n    x = 1\n    # --8<-- [end:deep]\n",
    )
    index = '# Home\n\n```python\n--8<-- "pooling/lease.py:deep"\n```\n\n```python\n--8<-- "pooling/lease.py"\n```\n'
    built = site(vault, docs=DOCS | {"index.md": index}, snippets={"pooling/lease.py": source})
    assert figures(built["index.md"])[0].endswith('data-lines="18-19" data-indent="4"')


def test_several_parts_of_a_file_run_it_whole(vault: Vault) -> None:
    source = LEASE + "# --8<-- [start:more]\nx = 1\n# --8<-- [end:more]\n"
    index = '# Home\n\n```python\n--8<-- "pooling/lease.py:borrow"\n--8<-- "pooling/lease.py:more"\n```\n'
    built = site(vault, docs=DOCS | {"index.md": index}, snippets={"pooling/lease.py": source})
    assert figures(built["index.md"])[0].endswith('data-runs="pooling/lease.py" data-lines="" data-indent="0"')


def test_what_was_measured_decides(vault: Vault) -> None:
    runs = site(vault, {"runs": True})
    assert "data-runs" in figures(runs["index.md"])[0]
    assert "The tests ran it under the same Python" in text(runs[PAGE])
    lacks = site(vault, {"runs": False, "needs": "<threads>"})
    assert "data-runs" not in figures(lacks["index.md"])[0]
    said = "Not in the browser: it needs <threads>. On your machine: uv run lease.py"
    assert said in re.sub(r"&lt;|&gt;", lambda found: {"&lt;": "<", "&gt;": ">"}[found[0]], text(lacks["index.md"]))
    assert "Not in this page: it needs" in text(lacks[PAGE])


def test_what_was_not_measured_is_offered_if_it_needs_no_server(vault: Vault) -> None:
    built = site(vault)
    assert "That it runs there was not measured in this build." in text(built[PAGE])
    assert "Not in this page: it needs a server." in text(built["snippets/antipatterns/shared.md"])
    assert "Not in the browser: it needs a server. On your machine: uv run shared.py" in text(built["index.md"])
    source = SHARED.replace("shared.", "shared.\n\nServers: PostgreSQL.\n", 1).replace("ANTI", "ANTI", 1)
    server = site(vault, snippets=SNIPPETS | {"antipatterns/shared.py": source})
    assert "it needs PostgreSQL. On your machine: DATABASE_URL=postgresql+psycopg:" in text(server["index.md"])


def test_the_catalog_and_programs_know(vault: Vault) -> None:
    built = site(vault, {"runs": True})
    row = re.findall(r"<tr>.*?</tr>", built["snippets/index.md"], re.DOTALL)[2]
    assert re.findall(r"<td[^>]*>(.*?)</td>", row)[4] == "runs"
    lease = json.loads(built.build.assets["snippets.json"])["snippets"][1]
    assert lease["proof"]["browser"] == {"runs": True, "needs": ""}
    lacks = site(vault, {"runs": False, "needs": "threads"})
    assert "<td>needs threads</td>" in lacks["snippets/index.md"]


def test_what_is_published(vault: Vault) -> None:
    built = site(vault).build
    assert {path: file.name for path, file in built.files.items()} == {
        "assets/runner/k1/worker.js": "worker.js",
        "assets/runner/service.js": "service.js",
    }
    name = next(path for path in built.assets if path.startswith("assets/runner/snippets-"))
    assert json.loads(built.assets[name])["pooling/lease.py"] == built.library.snippets["pooling/lease.py"].copied
    known = json.dumps({"key": "k1", "sources": name.rpartition("/")[2]})
    assert built.assets[GUIDE] == f"own();\n\nconst runtime = location.protocol === 'file:' ? null : {known};\nrun();\n"
    assert built.assets["assets/guide.css"] == "own {}\n\nrun {}\n"


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"key": "k", "files": []}', '{"key": "k", "files": {"a.js": "missing.js"}}'],
)
def test_without_a_runtime_pages_say_so(vault: Vault, manifest: str) -> None:
    built = site(vault, others={".runtime/manifest.json": manifest}).build
    assert built.files == {}
    assert built.assets[GUIDE] == "own();\n\nconst runtime = null;\nrun();\n"
    assert not any(path.startswith("assets/runner/") for path in built.assets)


def test_where_proofs_are_required_so_is_the_runtime(vault: Vault) -> None:
    proofs = {
        "pooling/lease.py": proof() | {"browser": {"runs": True}},
        "antipatterns/shared.py": proof(SHARED),
    }
    others = BROWSER | {"proofs.json": json.dumps(proofs)}
    built = vault(DOCS, SNIPPETS, pages=True, others=others, required=True)
    what = "there is no Python for the browser; bring it with `make runtime` and build again [runtime-missing]"
    assert built.fatal == [f"mkdocs.yml:1: {what}"]
    assert vault(DOCS, pages=True, others=RUNTIME, required=True).fatal == []


def test_a_site_without_these_files_has_no_run(vault: Vault) -> None:
    alone = {path: text for path, text in BROWSER.items() if path not in OWN}
    assert GUIDE not in vault(DOCS, SNIPPETS, pages=True, others=alone).build.assets


def test_a_site_without_the_runner_has_no_run(vault: Vault) -> None:
    built = vault(DOCS, SNIPPETS, pages=True, others=OWN)
    assert built.build.assets[GUIDE] == "own();\n"
    assert "data-runs" not in built["index.md"]
    assert "snippet-local" not in built["index.md"]
    assert "this page" not in text(built[PAGE])
