"""What a note may hold: headings with text, HTML where Markdown has no sign for it, images with words, light files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.conftest import Vault


@pytest.mark.parametrize("text", ["## A", "####### Seven", "\\#", "```text\n##\n```", "%%\n##\n%%", "<!--\n##\n-->"])
def test_a_heading_with_text_is_no_problem(vault: Vault, text: str) -> None:
    assert vault({"index.md": f"# Home\n\n{text}\n"}).problems == []


@pytest.mark.parametrize("heading", ["##", "## ", "## ##", "## {#a}", "##\t{.b} "])
def test_a_heading_without_text(vault: Vault, heading: str) -> None:
    what = "the heading `##` is empty; write its text, or remove it [heading-empty]"
    assert vault({"index.md": f"# Home\n\n{heading}\n"}).problems == [f"docs/index.md:3: {what}"]


HTML = "is HTML that notes do not use"


@pytest.mark.parametrize(
    ("text", "name", "advice"),
    [
        ('<a href="x.md">x</a>', "a", "write [text](address)"),
        ("<IMG SRC=x.png>", "img", "write ![[picture.png|What it shows]]"),
        ("<h2>x</h2>", "h2", "write `##`"),
        ("x<hr/>", "hr", "write `***`"),
        ("<table><tr></tr></table>", "table", "write a table with bars"),
        ("a <name> b", "name", "remove it, or write it between backticks to show it"),
        ("<video controls></video>", "video", "remove it, or write it between backticks to show it"),
    ],
)
def test_html_that_markdown_has_signs_for(vault: Vault, text: str, name: str, advice: str) -> None:
    site = vault({"index.md": f"# Home\n\n{text}\n"}, sound=False)
    assert site.problems[0] == f"docs/index.md:3: `<{name}>` {HTML}; {advice} [html-element]"


@pytest.mark.parametrize(
    "text",
    [
        "<kbd>Ctrl</kbd> H<sub>2</sub>O<br>",
        "<details><summary>x</summary>y</details>",
        "`<name>` and ``<a `b`>``",
        "a &lt;name> b, a < b and c > d, x <y",
        "<https://example.org/a> <me@example.org> [x](<index.md>)",
        "- a\n\n        <name>",
        "```text\n<name>\n```",
        "<!-- <name> -->",
    ],
)
def test_other_signs_are_none(vault: Vault, text: str) -> None:
    assert vault({"index.md": f"# Home\n\n{text}\n"}).problems == []


# Images


@pytest.mark.parametrize(
    ("image", "instead"),
    [
        ("![[i.png]]", "![[i.png|What it shows]] [image-alt]"),
        ("![[i.png|300]]", "![[i.png|What it shows|300]] [image-alt]"),
        ("![[i.png|300x200]]", "![[i.png|What it shows|300x200]] [image-alt]"),
        ("![](i.png)", "![What it shows](i.png) [image-alt]"),
    ],
)
def test_an_image_says_what_it_shows(vault: Vault, image: str, instead: str) -> None:
    site = vault({"index.md": f"# Home\n\n{image}\n", "i.png": ""})
    what = f"the image {image} says nothing to those who cannot see it; write {instead}"
    assert site.problems == [f"docs/index.md:3: {what}"]
    assert 'alt="" ' in site["index.md"]
    assert vault({"index.md": f"# Home\n\n{instead}\n"}).problems == []


# Files


@pytest.mark.parametrize(
    ("path", "most", "advice"),
    [
        ("long.md", 500, "make it several notes [file-too-large]"),
        ("i.png", 300, "save it smaller, or as WebP [file-too-large]"),
        ("I.JPG", 300, "save it smaller, or as WebP [file-too-large]"),
        ("data.csv", 2_000, "link to it where it is kept [file-too-large]"),
    ],
)
def test_a_file_that_weighs_too_much(vault: Vault, path: str, most: int, advice: str) -> None:
    enough = f"# Long\n\n[[index]]\n\n{'x ' * 500 * most}"[: 1000 * most]
    assert vault({"index.md": "# Home\n\n[[long]]\n" if path == "long.md" else "# Home\n", path: enough}).fatal == []
    site = vault({path: enough + "x"}, sound=False)
    assert site.problems[-1] == f"docs/{path}:1: has {most + 1} kB, and at most {most} are published; {advice}" or (
        site.problems[0] == f"docs/{path}:1: has {most + 1} kB, and at most {most} are published; {advice}"
    )
    assert site.build.refused == {path}


@pytest.mark.parametrize("path", ["a.html", "a.HTM", "a.xhtml", "a/b.xml"])
def test_a_page_of_its_own(vault: Vault, path: str) -> None:
    site = vault({"index.md": "# Home\n", path: "<p>x</p>"})
    assert site.problems == [f"docs/{path}:1: is a page of its own, which nothing checks; write a note [file-type]"]
    assert site.build.refused == {path}


def test_an_image_that_acts(vault: Vault) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'
    site = vault({"index.md": "# Home\n", "good.svg": drawing % "", "script.svg": drawing % "<script>x</script>"})
    acts = "is an image that would act in the reader's browser: `<script>`; remove that from it [image-active]"
    assert site.problems == [f"docs/script.svg:1: {acts}"]


# Snippets

HEADER = (
    '# /// script\n# requires-python = ">=3.10"\n# dependencies = ["psycopg[binary]>=3.1", "Flask-SQLAlchemy"]\n# ///\n'
)
NOTE = {"index.md": '# Home\n\n```python\n--8<-- "a/b.py"\n```\n'}


UNNAMED = (
    'imports {0}, which its header does not name; add "{0}" to `dependencies` in line 3, '
    "or remove the import [snippet-import]"
)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("import requests", UNNAMED.format("requests")),
        # What only a type names, or what works by being loaded, has to be there all the same.
        ("import requests  # noqa: F401", UNNAMED.format("requests")),
        ("import requests\n\nsession: 'requests.Session'", UNNAMED.format("requests")),
        ("from redis import *", UNNAMED.format("redis")),
        ("from redis.client import x as y, z\n\ny", UNNAMED.format("redis")),
        (
            "from . import other",
            "imports from its own folder, but a snippet is copied alone; put the code into it [snippet-alone]",
        ),
        (
            "import snippets.a.c",
            "imports another snippet, but a snippet is copied alone; put the code into it [snippet-alone]",
        ),
        ("x = (", "is no Python: '(' was never closed; correct this line [snippet-syntax]"),
    ],
)
def test_what_a_snippet_must_not_import(vault: Vault, statement: str, what: str) -> None:
    site = vault(NOTE, {"a/b.py": f"{HEADER}import os\n\n{statement}\n"}, pages=True)
    assert site.problems == [f"snippets/a/b.py:7: {what}"]


def test_what_a_snippet_may_import(vault: Vault) -> None:
    source = f"{HEADER}import os.path, psycopg\nfrom flask_sqlalchemy import x\nfrom b import itself\n"
    assert vault(NOTE, {"a/b.py": source}, pages=True).problems == []


def test_an_import_without_a_header(vault: Vault) -> None:
    what = (
        'imports redis, which its header does not name; add "redis" to its dependencies, '
        "or remove the import [snippet-import]"
    )
    site = vault(NOTE, {"a/b.py": "import redis\n\nredis.Redis()\n"}, pages=True)
    assert site.problems == [f"snippets/a/b.py:1: {what}"]


def test_a_snippet_that_nests_too_deep(vault: Vault) -> None:
    site = vault(NOTE, {"a/b.py": f"{HEADER}x = {'-' * 50_000}1\n"}, pages=True)
    assert len(site.problems) == 1
    assert site.problems[0].startswith("snippets/a/b.py:")


def test_a_snippet_that_is_a_link_out_of_the_folder(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "snippets/a").mkdir(parents=True)
    (tmp_path / "secret.py").write_text("password = 1\n")
    (tmp_path / "snippets/a/out.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "snippets/a/loop.py").symlink_to("loop.py")
    (tmp_path / "snippets/a/same.py").symlink_to("b.py")
    site = vault(NOTE, {"a/b.py": HEADER}, pages=True)
    assert site.problems == [
        "snippets/a/loop.py:1: is a symbolic link that leads nowhere; put the file itself here [file-symlink]",
        "snippets/a/out.py:1: is a symbolic link that leaves snippets/; put the file itself here [file-symlink]",
        'snippets/a/same.py:1: no note shows this snippet; include it in one: --8<-- "a/same.py" [snippet-unshown]',
    ]
    assert not any("password" in html for html in site.pages.values())


def test_a_snippet_that_is_too_large(vault: Vault) -> None:
    site = vault(NOTE, {"a/b.py": HEADER, "a/c.py": "#" * 100_001, "a/d.out": "x" * 100_000}, pages=True)
    assert site.problems == ["snippets/a/c.py:1: has 101 kB, and at most 100 are shown; shorten it [file-too-large]"]
