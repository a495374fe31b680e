"""Reading a note's file: bytes, line endings, links between files, the title."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown

from garden.model.reference import Fault
from garden.source import loader
from tests.unit.conftest import SETTINGS, Vault, build_site

HOME = "# Home\n\n[[a]]\n"
NO_TITLE = "docs/a.md:1: has no title; begin its text with `# Title` [title-missing]"
OUTSIDE = "is a symbolic link that leaves docs/; put the file itself here"
NOWHERE = "is a symbolic link that leads nowhere; put the file itself here [file-symlink]"


# Bytes


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_byte_order_mark(vault: Vault, end: str, mark: bytes) -> None:
    lines = ["---", "title: The *A*", "tags: [x]", "---", "", "First.", "", "```text", "code", "```", "", "[[Missing]]"]
    site = vault({"index.md": HOME, "a.md": mark + end.join(lines).encode()})
    assert site.problems == [
        "docs/a.md:12: no note is called [[Missing]]; write the title, file name or alias of a note [link-missing]"
    ]
    assert "<p>First.</p>" in site["a.md"]
    assert site.build.notes["a.md"].title == "The *A*"
    assert site.build.notes["a.md"].meta.tags == ("x",)
    assert site.build.notes["a.md"].first_line == 5


def test_byte_order_mark_inside_the_text_stays(vault: Vault) -> None:
    assert "<p>a\ufeffb</p>" in vault({"index.md": "# Home\n\na\ufeffb\n"})["index.md"]


@pytest.mark.parametrize(("content", "body"), [("", ""), ("\n\n \n", ""), ("---\ntitle: A\n---\n", "")])
def test_empty_file(vault: Vault, content: str, body: str) -> None:
    site = vault({"index.md": HOME, "a.md": content})
    page, _, backlinks = site["a.md"].partition("<section")
    assert page.strip() == body
    assert "Linked from" in backlinks or "Home" in backlinks
    assert site.problems == ([] if "title" in content else [NO_TITLE])


@pytest.mark.parametrize(
    ("content", "line", "byte"),
    [
        (b"# A\n\nGr\xfc\xdfe\n", 3, "fc"),
        (b"# A\r\n\r\n\xff\r\n", 3, "ff"),
        (b"# A\r\r\xff\r", 3, "ff"),
        (b"\xef\xbb\xbf# A\n\xe4\n", 2, "e4"),
        (b"\xff\xfe#\x00 \x00A\x00", 1, "ff"),
        (b"---\ntitle: \xff\n---\n# A\n", 2, "ff"),
        (b"# A\n\n\xed\xa0\x80", 3, "ed"),
    ],
)
def test_not_utf_8(vault: Vault, content: bytes, line: int, byte: str) -> None:
    site = vault({"index.md": HOME, "a.md": content})
    assert site.problems[0] == f"docs/a.md:{line}: byte 0x{byte} is not UTF-8; save the file as UTF-8 [file-encoding]"
    assert not [problem for problem in site.problems[1:] if problem != NO_TITLE]
    assert "a.md" in site.pages


def test_reserved_characters_are_dropped(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n\x02a\x03b\x00c garden:\ue0020\ue003 \ue000\ue001\ue004\ue005d\n"})
    assert "<p>abc garden:0 d</p>" in site["index.md"]
    assert site.problems == []


# Symbolic links


def test_link_out_of_the_tree_is_not_published(vault: Vault, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("# password\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").symlink_to(secret)
    (tmp_path / "docs/image.png").symlink_to(secret)
    site = vault({"index.md": "# Home\n\n[[a]] and ![[image.png]]\n"})
    assert site.problems[:2] == [
        f"docs/a.md:1: {OUTSIDE} [file-symlink]",
        f"docs/image.png:1: {OUTSIDE}; it is used in docs/index.md [file-symlink]",
    ]
    assert [problem[:16] for problem in site.problems[2:]] == ["docs/index.md:3:"] * 2
    assert site.build.refused == {"a.md", "image.png"}
    assert list(site.pages) == ["index.md"]
    assert "password" not in site["index.md"]


def test_folder_that_is_a_link_out_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.md").write_text("# A")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/folder").symlink_to(tmp_path / "elsewhere")
    root = (tmp_path / "docs").resolve()
    with pytest.raises(Fault) as fault:
        loader.refuse(tmp_path / "docs/folder/a.md", root)
    assert str(fault.value) == OUTSIDE


def test_link_within_the_tree(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "docs/sub").mkdir(parents=True)
    (tmp_path / "docs/sub/b.md").symlink_to("../a.md")
    (tmp_path / "docs/b.png").symlink_to("a.png")
    site = vault({"index.md": "# Home\n\n[a](a.md) ![A plot](a.png)\n", "a.md": "# A\n", "a.png": b""})
    # A second note with the title of the first would make every link to it ambiguous.
    assert site.problems == [
        "docs/b.png:1: is a symbolic link to docs/a.png; remove it: links lead there by name [file-symlink]",
        "docs/sub/b.md:1: is a symbolic link to docs/a.md; remove it: links lead there by name [file-symlink]",
    ]
    assert site.build.refused == {"sub/b.md", "b.png"}
    assert set(site.pages) == {"index.md", "a.md"}


@pytest.mark.parametrize("target", ["missing.md", "a.md", "/missing"])
def test_link_that_leads_nowhere(vault: Vault, tmp_path: Path, target: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").symlink_to(target)
    (tmp_path / "docs/a.png").symlink_to(target)
    site = vault({"index.md": "# Home\n"})
    expected = [f"docs/a.md:1: {NOWHERE}", f"docs/a.png:1: {NOWHERE}"]
    # The second link leads through the first, which makes a circle of it too.
    assert site.problems == expected
    assert site.build.refused == {"a.md", "a.png"}


def test_notes_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/index.md").write_text("# Home\n")
    (tmp_path / "docs").symlink_to("real")
    site = build_site(tmp_path)
    assert site.problems == []
    assert list(site.pages) == ["index.md"]


# The title


def title(body: str) -> str:
    return loader.heading(body)


@pytest.mark.parametrize(
    "markdown",
    [
        "# Title",
        "#\tTitle",
        "#   Title   ",
        "# Title #",
        "# Title ####",
        "# Title {#id}",
        "# Title { #id .class }",
        "# Title {: #id }",
        "# Title ## {#id}",
        "text\n# Title",
        "text\n\n# Title\n\n# Other",
        "## Smaller\n\n# Title",
        "Title\n=====",
        "\n\n  Title  \n=\n\n# Other",
        "text\n\nTitle\n===   ",
        "Title {#id}\n===",
        "# *Title*",
        "# **Title**",
        "# ***Title***",
        "# __Title__",
        "# _Title_",
        "# `Title`",
        "# ``Title``",
        "# [Title](https://example.org/)",
        "# ![Title](image.png)",
        "# [[Title]]",
        "# [[note|Title]]",
        "```\n# Code\n```\n\n# Title",
        "~~~python\n# Code\n~~~\n# Title",
        "- item\n\n    ```\n    # Code\n    ```\n\n# Title",
        "<!--\n# Comment\n-->\n\n# Title",
        "%%\n# Comment\n%%\n\n# Title",
        "%% unclosed\n\n# Title",
        "<!-- unclosed\n\n# Title",
    ],
)
def test_title_from_the_heading(markdown: str) -> None:
    assert title(markdown) == "Title"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# C\\#", "C#"),
        ("# C\\# #", "C#"),
        ("# 2 * 3 * 4", "2 * 3 * 4"),
        ("# Why `SELECT *` hurts", "Why SELECT * hurts"),
        ("# `__del__` and `[[x]]`", "__del__ and [[x]]"),
        ("# ``a`b``", "a`b"),
        ("# a ` b", "a ` b"),
        ("# snake_case_name", "snake_case_name"),
        ("# \\*no emphasis\\* \\_here\\_", "*no emphasis* _here_"),
        ("# a {b", "a {b"),
        ("# a {}", "a {}"),
        ("# a{b}", "a{b}"),
        ("# {b}", "{b}"),
        ("# [Foo](bar) and [[Baz|the *qux*]] `x`", "Foo and the qux x"),
        ("# <b>Bold</b>", "<b>Bold</b>"),
        ("# Größe, 連線池 & 🐘", "Größe, 連線池 & 🐘"),
    ],
)
def test_title_without_markup(markdown: str, expected: str) -> None:
    assert title(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "text",
        "#Tag",
        "## Second level",
        "#",
        "# ",
        "    # Code",
        "    Code\n====",
        "> # Quoted",
        "two\nlines\n===",
        "no\n= equals",
        "\n====",
        "   \n====",
        "```\n# Code\n```",
        "<!-- # Comment -->",
    ],
)
def test_no_title(markdown: str) -> None:
    assert title(markdown) == ""


@pytest.mark.parametrize(
    "markdown",
    [
        "# A *b* `c_d_e` __f__ g_h \\* i",
        "# A ## {#x}",
        "# A \\#",
        "Title `x` ##\n===",
        "<!-- # no -->\n\n# A",
        "# `a` ` b",
        "# x * y ** z",
        "Title ##\n===",
        "Title ## {#x}\n===",
        "# *",
    ],
)
def test_title_reads_like_the_page(markdown: str) -> None:
    left_out = ("pymdownx.superfences", "pymdownx.snippets")
    page = Markdown(
        extensions=[name for name in SETTINGS.markdown.extensions if name not in left_out],
        extension_configs=SETTINGS.markdown.options,
    )
    page.convert(markdown)
    assert title(markdown) == page.toc_tokens[0]["name"]  # type: ignore[attr-defined]


def test_front_matter_title_comes_first(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: From the front\n---\n# From the text\n"})
    assert site.build.notes["index.md"].title == "From the front"
    assert site.problems == []


@pytest.mark.parametrize(("path", "name"), [("a.md", "a"), ("some/a b.c.md", "a b.c")])
def test_missing_title(vault: Vault, path: str, name: str) -> None:
    site = vault({"index.md": f"# Home\n\n[[{name}]]\n", path: "Text.\n"})
    assert site.problems == [f"docs/{path}:1: has no title; begin its text with `# Title` [title-missing]"]
    assert site.build.notes[path].title == name


def test_first_line_that_looks_like_metadata_is_text(vault: Vault) -> None:
    site = vault({"index.md": "---\ntitle: Home\n---\nNote: x\n"})
    assert site["index.md"] == "<p>Note: x</p>"
    assert site.problems == []


def test_entities_in_a_heading_are_characters_in_the_title(vault: Vault) -> None:
    site = vault({"index.md": "# Home\n\n[[Pools & queues]]\n", "a.md": "# Pools &amp; queues\n"})
    assert site.problems == []
    assert site.build.notes["a.md"].title == "Pools & queues"
