"""New notes and snippets: they pass the checks as they are, and say what to fill in."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from desk import files, note, snippet, vault

from .conftest import Repository

DAY = datetime.date(2026, 1, 31)


def problems(root: Path) -> list[str]:
    build = vault.build(root, *vault.markdown_config(root / vault.CONFIG)).build
    return [str(problem) for problem in build.problems]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How long may a connection live?", "how-long-may-a-connection-live"),
        ("  What's  _pool_size_? ", "whats-pool-size"),
        ("Überlauf: größer", "uberlauf-groer"),
        ("10 workers & 2 pools", "10-workers-2-pools"),
    ],
)
def test_a_note(repository: Repository, title: str, name: str) -> None:
    root = repository({"docs/index.md": "# Home\n"})
    file = note.write(root, title, DAY)
    assert file == root / f"docs/{name}.md"
    alone = "no note links here; link to it where a reader would want it, for example from a map"
    assert problems(root) == [f"docs/{name}.md:1: {alone}"]
    build = vault.build(root, *vault.markdown_config(root / vault.CONFIG)).build
    assert build.notes[f"{name}.md"].title == " ".join(title.split())
    assert build.notes[f"{name}.md"].meta.reviewed == DAY
    (root / "docs/index.md").write_text(f"# Home\n\n[[{' '.join(title.split())}]]\n")
    assert problems(root) == []


def test_a_note_says_what_to_fill_in(repository: Repository) -> None:
    file = note.write(repository({"docs/index.md": "# Home\n"}), "Pools", DAY)
    assert list(files.told("docs/pools.md", file.read_text())) == [
        "docs/pools.md:2: fill in: description: one sentence for search engines; "
        "remove the sign at the beginning of this line",
        "docs/pools.md:3: fill in: tags: [pooling]",
        "docs/pools.md:9: fill in: the answer, in two sentences; link to other notes as [[their title]]",
        "docs/pools.md:13: fill in: what proves it: a snippet that is included, a figure from a record, "
        "a page that you have read",
        "docs/pools.md:17: fill in: the exceptions; then link to this note from where a reader would want it, "
        "such as a page below docs/maps",
    ]


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("", 'the title is empty; write: make note TITLE="How large is a pool?"'),
        ("a|b", "the title holds '|', which no link could name; write: make note TITLE=\"How large is a pool?\""),
        ("[[x]]", "the title holds '[', which no link could name; write: make note TITLE=\"How large is a pool?\""),
        ("大きさ", "no file name can be made of '大きさ'; write a title with letters a to z in it"),
        ("pool  SIZE", "docs/a/size.md answers to 'pool SIZE' already; add to it, or choose another title"),
        ("Size?", "docs/a/size.md answers to 'size' already; add to it, or choose another title"),
    ],
)
def test_a_title_that_cannot_be(repository: Repository, title: str, why: str) -> None:
    root = repository({"docs/index.md": "# Home\n", "docs/a/size.md": "# Pool size\n"})
    with pytest.raises(files.Refused) as refused:
        note.write(root, title, DAY)
    assert str(refused.value) == why
    assert len(list(root.rglob("docs/**/*.md"))) == 2


@pytest.mark.parametrize("key", ["sizing/longest_wait", "snippets/a1/b.py", "antipatterns/no_pool"])
def test_a_snippet_runs_and_is_tested_and_passes(repository: Repository, key: str) -> None:
    root = repository({"docs/index.md": "# Home\n"})
    written = snippet.write(root, key)
    source, output, test = written[:3]
    path = source.relative_to(root / "snippets").as_posix()
    assert problems(root) == [
        f'snippets/{path}:1: no note shows this snippet; include it in one: --8<-- "{path}"',
    ]
    (root / "docs/index.md").write_text(f'# Home\n\n```python\n--8<-- "{path}:{source.stem}"\n```\n')
    assert problems(root) == []
    ran = subprocess.run([sys.executable, source], capture_output=True, text=True, check=True)
    assert ran.stdout == output.read_text()
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(test)]
    tested = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert "1 passed" in tested.stdout, tested.stdout
    tools = Path(sys.executable)
    for arguments in (["ruff", "check"], ["ruff", "format", "--check"]):
        checked = subprocess.run(
            [tools.with_name(arguments[0]), *arguments[1:]], cwd=root, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout


def test_a_snippet_keeps_the_contract(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.snippets import catalogue, test_contract

    root = repository({})
    for key in ("sizing/longest_wait", "antipatterns/no_pool"):
        file = snippet.write(root, key)[0]
        monkeypatch.setattr(catalogue, "FOLDER", root / "snippets")
        monkeypatch.setattr(catalogue, "ROOT", root)
        made = catalogue.Snippet(file)
        assert [rule.__name__ for rule in test_contract.RULES if not rule(made)] == []


@pytest.mark.parametrize(
    "key", ["", "lease", "a/b/c", "A/b", "a/b-c", "../a/b", "a/_b", "a/class", "import/a", "a b/c"]
)
def test_a_name_that_is_none(repository: Repository, key: str) -> None:
    root = repository({})
    with pytest.raises(files.Refused) as refused:
        snippet.write(root, key)
    what = "is no name of a snippet; write: make snippet NAME=topic/name, in small letters"
    assert str(refused.value) == f"{key!r} {what}"
    assert not (root / "snippets").exists()


def test_a_file_that_is_there_is_not_written_over(repository: Repository) -> None:
    root = repository({"tests/snippets/a/test_b.py": "x = 1\n"})
    with pytest.raises(files.Refused) as refused:
        snippet.write(root, "a/b")
    assert str(refused.value) == f"test_b.py is in {root / 'tests/snippets/a'} already; choose another name"
    assert not (root / "snippets").exists()
