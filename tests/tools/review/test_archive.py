"""What a pull request built is taken as data: small static files, or nothing at all."""

from __future__ import annotations

import stat
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from tools.review import __main__ as review
from tools.review import archive
from tools.review.archive import Refused, unpack

INDEX = ("index.html", b"<p>Hello")


def packed(folder: Path, *files: tuple[str | ZipInfo, bytes]) -> Path:
    """Return an archive with these files."""
    with ZipFile(folder / "preview.zip", "w", ZIP_DEFLATED) as made:
        for name, data in files:
            made.writestr(name, data)
    return folder / "preview.zip"


def refused(tmp_path: Path, *files: tuple[str | ZipInfo, bytes]) -> str:
    """Return why an archive with these files is not published, having checked that nothing of it was written."""
    with pytest.raises(Refused) as caught:
        unpack(packed(tmp_path, *files), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    return str(caught.value)


def test_static_files_are_taken(tmp_path: Path) -> None:
    files = [INDEX, ("a/b-c/index.html", b"x"), ("assets/guide.css", b"y"), ("empty/", b"")]
    assert unpack(packed(tmp_path, *files), tmp_path / "out") == 3
    assert (tmp_path / "out/a/b-c/index.html").read_bytes() == b"x"
    assert not (tmp_path / "out/empty").exists()


def test_what_is_for_the_host_is_left_out(tmp_path: Path) -> None:
    files = [INDEX, ("_headers", b"/*\n  X: y"), ("_redirects", b"/ https://evil.test/")]
    assert unpack(packed(tmp_path, *files), tmp_path / "out") == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["index.html"]


SIGNS = "has a path with other signs than letters, digits and . _ + -, or that leads elsewhere"
TYPE = "is of a type that no page needs"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../index.html", SIGNS),
        ("a/../../x.html", SIGNS),
        ("/etc/x.html", SIGNS),
        ("C:/x.html", SIGNS),
        ("a//x.html", SIGNS),
        ("./x.html", SIGNS),
        (".git/config.txt", SIGNS),
        ("a/.htaccess", SIGNS),
        ("a\nb.html", SIGNS),
        ("a b.html", SIGNS),
        ("‮lmth.html", SIGNS),
        ("-rf.html", SIGNS),
        ("x.php", TYPE),
        ("x.HTML", TYPE),
        ("CNAME", TYPE),
        ("a/_headers", TYPE),
        ("x.html.exe", TYPE),
        ("run.sh", TYPE),
        ("a/" * 12 + "x.html", "has a path that is too long or too deep"),
        ("a" * 200 + ".html", "has a path that is too long or too deep"),
    ],
)
def test_a_name_that_is_refused(tmp_path: Path, name: str, what: str) -> None:
    assert refused(tmp_path, INDEX, (name, b"x")) == f"{name[:200]!r}: {what}"


def test_a_backslash_is_no_path(tmp_path: Path) -> None:
    info = ZipInfo("x.html")
    info.filename = "..\\x.html"
    assert refused(tmp_path, INDEX, (info, b"x")) == f"{'..' + chr(92) + 'x.html'!r}: {SIGNS}"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_what_is_no_plain_file(tmp_path: Path, kind: int) -> None:
    info = ZipInfo("a.html")
    info.external_attr = (kind | 0o777) << 16
    assert refused(tmp_path, INDEX, (info, b"/etc/passwd")) == "'a.html': is no plain file"


def test_no_name_twice_and_none_that_differs_in_case_alone(tmp_path: Path) -> None:
    what = refused(tmp_path, INDEX, ("a/b.html", b"x"), ("A/b.html", b"y"))
    assert what == "'A/b.html': is in the archive twice, or differs from 'a/b.html' in case alone"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_name_twice(tmp_path: Path) -> None:
    what = refused(tmp_path, INDEX, INDEX)
    assert what == "'index.html': is in the archive twice, or differs from 'index.html' in case alone"


def test_no_file_is_a_folder_as_well(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^'.*/a\.html': is a file and a folder in the archive$"):
        unpack(packed(tmp_path, INDEX, ("a.html", b"x"), ("a.html/b.html", b"y")), tmp_path / "out")


def test_without_a_first_page_it_is_no_site(tmp_path: Path) -> None:
    assert refused(tmp_path, ("a.html", b"x")) == "the archive has no index.html, so it is no site"


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_FILES", 2)
    monkeypatch.setattr(archive, "_FILE_BYTES", 50)
    monkeypatch.setattr(archive, "_BYTES", 90)
    assert refused(tmp_path, INDEX, *[(f"{n}.html", b"") for n in range(2)]) == (
        "the archive has 3 files; at most 2 are published"
    )
    assert refused(tmp_path, INDEX, ("a.html", b"x" * 51)) == "'a.html': has 51 bytes; at most 50 are published"
    assert refused(tmp_path, ("a.html", b"x" * 46), ("b.html", b"x" * 45)) == (
        "the archive has 91 bytes; at most 90 are published"
    )
    assert unpack(packed(tmp_path, ("index.html", b"x" * 40), ("b.html", b"x" * 50)), tmp_path / "out") == 2


def test_a_file_that_holds_more_than_the_archive_says(tmp_path: Path) -> None:
    path = packed(tmp_path, ("index.html", b"x" * 100_000))
    whole = path.read_bytes()
    said = (100_000).to_bytes(4, "little")
    assert whole.count(said) == 2
    path.write_bytes(whole.replace(said, (10).to_bytes(4, "little")))
    with pytest.raises(
        Refused, match=r"^preview\.zip is no archive that can be read: |holds more than the archive says$"
    ):
        unpack(path, tmp_path / "out")
    assert sum(file.stat().st_size for file in (tmp_path / "out").rglob("*") if file.is_file()) <= 10


@pytest.mark.parametrize("data", [b"", b"PK", b"<html>", b"PK\x05\x06" + b"\0" * 17])
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "preview.zip").write_bytes(data)
    with pytest.raises(Refused, match=r"^preview\.zip is no archive that can be read: "):
        unpack(tmp_path / "preview.zip", tmp_path / "out")


def test_damaged_data(tmp_path: Path) -> None:
    path = packed(tmp_path, ("index.html", bytes(range(256)) * 40))
    whole = bytearray(path.read_bytes())
    whole[60:80] = b"\xff" * 20
    path.write_bytes(whole)
    with pytest.raises(Refused, match=r"^preview\.zip is no archive that can be read: "):
        unpack(path, tmp_path / "out")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = packed(tmp_path, INDEX)
    assert review.main(["unpack", str(path), str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == "1 files\n"
    path = packed(tmp_path, ("x.php", b""))
    assert review.main(["unpack", str(path), str(tmp_path / "out2")]) == 1
    assert capsys.readouterr().err == f"refused: 'x.php': {TYPE}\n"
