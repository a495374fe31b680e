"""The copy to keep: links name files, what needs a server stays out, the same site gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from garden.publish import offline


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ('<a href="../pool/">x</a>', '<a href="../pool/index.html">x</a>'),
        ('<a href="../pool/#how">x</a>', '<a href="../pool/index.html#how">x</a>'),
        ('<a class="b" href=".">x</a>', '<a class="b" href="./index.html">x</a>'),
        ('<a href="..">x</a>', '<a href="../index.html">x</a>'),
        ('<a href="./">x</a>', '<a href="./index.html">x</a>'),
        ('<a href="../?q=1">x</a>', '<a href="../index.html?q=1">x</a>'),
        ('<a href="#how">x</a>', '<a href="#how">x</a>'),
        ('<a href="../a.py" download>x</a>', '<a href="../a.py" download>x</a>'),
        ('<a href="https://example.org/a/">x</a>', '<a href="https://example.org/a/">x</a>'),
        ('<a href="//example.org/a/">x</a>', '<a href="//example.org/a/">x</a>'),
        ('<a href="mailto:a@example.org">x</a>', '<a href="mailto:a@example.org">x</a>'),
        ('<img alt="a" src="../assets/a.png">', '<img alt="a" src="../assets/a.png">'),
        ('<code>href="a/"</code>', '<code>href="a/"</code>'),
        ('<p title="1">src="a/"</p>', '<p title="1">src="a/"</p>'),
        ('<a data-href="a/" href="b/">x</a>', '<a data-href="a/" href="b/index.html">x</a>'),
    ],
)
def test_a_link_to_a_folder_names_its_file(written: str, named: str) -> None:
    assert offline.with_file_links(written) == named


def test_the_copy_does_not_lead_to_itself() -> None:
    html = '<ul>\n<li>a</li>\n<li data-online><a href="../offline.zip">b</a></li>\n<li>c</li></ul>'
    assert offline.with_file_links(html) == "<ul>\n<li>a</li>\n<li>c</li></ul>"


SITE = {
    "index.html": '<a href="pool/">x</a>',
    "pool/index.html": '<a href="..">x</a>',
    "pool/index.md": "# Pool\n",
    "404.html": "gone",
    "sitemap.xml": "<urlset/>",
    "addresses.txt": "/\n",
    "old/index.html": "moved",
    "assets/guide.css": "a {}",
    "assets/mark.png": "picture",
    "assets/sums.js": "export const one = 1;",
    "assets/runner/python.wasm": "big",
    "assets/social/1.png": "picture",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in SITE.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_the_archive_has_one_folder_with_what_works_without_a_server(folder: Path) -> None:
    offline.pack(folder, "the-guide", ["old/index.html"])
    with ZipFile(folder / "offline.zip") as archive:
        names = archive.namelist()
        paths = (
            "assets/guide.css",
            "assets/mark.png",
            "assets/sums.js",
            "index.html",
            "pool/index.html",
            "pool/index.md",
        )
        assert names == [f"the-guide/{path}" for path in paths]
        assert archive.read("the-guide/index.html") == b'<a href="pool/index.html">x</a>'
        assert archive.read("the-guide/assets/guide.css") == b"a {}"
        assert archive.read("the-guide/assets/sums.js") == b"{\nconst one = 1;}\n"


def test_what_is_compressed_already_is_only_kept(folder: Path) -> None:
    offline.pack(folder, "the-guide")
    with ZipFile(folder / "offline.zip") as archive:
        assert archive.getinfo("the-guide/assets/mark.png").compress_type == ZIP_STORED
        assert archive.getinfo("the-guide/assets/guide.css").compress_type == ZIP_DEFLATED


def test_the_same_site_gives_the_same_archive(folder: Path) -> None:
    offline.pack(folder, "the-guide")
    first = (folder / "offline.zip").read_bytes()
    (folder / "index.html").touch()
    offline.pack(folder, "the-guide")
    assert (folder / "offline.zip").read_bytes() == first


def test_a_module_becomes_a_script_that_a_folder_can_serve() -> None:
    assert offline.with_file_links('<script type="module" src="a.js"></script>') == '<script defer src="a.js"></script>'
    module = "export function one() {}\nconst two = 'export function';\nexport const three = 3;\n"
    plain = "{\nfunction one() {}\nconst two = 'export function';\nconst three = 3;\n}\n"
    assert offline.as_plain_script(module) == plain
    assert offline.as_plain_script("const two = 2;\n") == "const two = 2;\n"
