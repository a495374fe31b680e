"""New notes and snippets: they pass the checks as they are, and say what to fill in."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from garden.commands import new_files, new_note, new_snippet, project
from garden.lint import placeholders, snippet_files
from garden.model.report import Report
from garden.model.site import CONFIG
from garden.source.settings import load
from tests.unit.repository import Repository

DAY = datetime.date(2026, 1, 31)


def problems(root: Path) -> list[str]:
    report = Report()
    project.build(root, project.configuration(root / CONFIG), report)
    return [str(problem) for problem in report.problems]


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
    file = new_note.write(root, title, DAY)
    assert file == root / f"docs/{name}.md"
    alone = "no note links here; link to it where a reader would want it, for example from a map [note-unlinked]"
    assert problems(root) == [f"docs/{name}.md:1: {alone}"]
    built = project.build(root, project.configuration(root / CONFIG), Report())
    assert built.notes[f"{name}.md"].title == " ".join(title.split())
    assert built.notes[f"{name}.md"].meta.reviewed == DAY
    (root / "docs/index.md").write_text(f"# Home\n\n[[{' '.join(title.split())}]]\n")
    assert problems(root) == []


def test_a_note_says_what_to_fill_in(repository: Repository) -> None:
    file = new_note.write(repository({"docs/index.md": "# Home\n"}), "Pools", DAY)
    text = file.read_text()
    assert [str(problem) for problem in placeholders.fill_ins("docs/pools.md", text)] == [
        "docs/pools.md:2: fill in: the sentence; then remove the first `#`, and this remark [note-unfinished]",
        "docs/pools.md:3: fill in: other names for links; then remove the first `#`, and this remark; "
        "or remove the line [note-unfinished]",
        "docs/pools.md:4: fill in: tags that other notes have; then remove the first `#`, and this remark; "
        "or remove the line [note-unfinished]",
        "docs/pools.md:10: fill in: the answer, in two sentences; "
        "link to other notes as [[their title]] [note-unfinished]",
        "docs/pools.md:14: fill in: what proves it: a snippet that is included, a figure from a record, "
        "a page that you have read [note-unfinished]",
        "docs/pools.md:18: fill in: the exceptions; then link to this note from where a reader would want it, "
        "such as a page below docs/maps [note-unfinished]",
    ]


def test_a_description_may_have_a_colon(repository: Repository) -> None:
    root = repository({"docs/index.md": "# Home\n"})
    file = new_note.write(root, "Pools", DAY)
    line = '# description: "One sentence for search engines."'
    assert line in file.read_text()
    file.write_text(file.read_text().replace(line, 'description: "Pools: what they are."'))
    built = project.build(root, project.configuration(root / CONFIG), Report())
    assert built.notes["pools.md"].meta.description == "Pools: what they are."


def test_a_note_may_have_the_keys_that_are_offered(repository: Repository) -> None:
    root = repository({"docs/index.md": "# Home\n"})
    file = new_note.write(root, "Pools", DAY)
    file.write_text(file.read_text().replace("\n# aliases", "\naliases").replace("\n# tags", "\ntags"))
    built = project.build(root, project.configuration(root / CONFIG), Report())
    meta = built.notes["pools.md"].meta
    assert (meta.aliases, meta.tags) == (("pool size",), ("pooling",))


def test_a_note_says_what_comes_next(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_note.run(repository({"docs/index.md": "# Home\n"}), "Pools") == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "then put pools.md below `nav` in mkdocs.yml: until then it is in no menu",
        "no test asks for a question in tests/browser/questions.py or a line in docs/changelog.md; both are welcome",
        "git does not know the file yet; when it is done: git add docs/pools.md mkdocs.yml",
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
    with pytest.raises(new_files.Refused) as refused:
        new_note.write(root, title, DAY)
    assert str(refused.value) == why
    assert len(list(root.rglob("docs/**/*.md"))) == 2


@pytest.mark.parametrize("key", ["sizing/longest_wait", "snippets/a1/b.py", "antipatterns/no_pool"])
def test_a_snippet_runs_and_is_tested_and_passes(repository: Repository, key: str) -> None:
    root = repository({"docs/index.md": "# Home\n"})
    written = new_snippet.write(root, key, load(root / CONFIG))
    source, test = written[:2]
    path = source.relative_to(root / "snippets").as_posix()
    assert problems(root) == [
        f'snippets/{path}:1: no note shows this snippet; include it in one: --8<-- "{path}:{Path(path).stem}" '
        "[snippet-unshown]",
    ]
    (root / "docs/index.md").write_text(f'# Home\n\n```python\n--8<-- "{path}:{source.stem}"\n```\n')
    assert problems(root) == []
    ran = subprocess.run([sys.executable, source], capture_output=True, text=True, check=True)
    assert ran.stdout == "2\n"
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(test)]
    tested = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert "1 passed" in tested.stdout, tested.stdout
    tools = Path(sys.executable)
    for arguments in (["ruff", "check"], ["ruff", "format", "--check"]):
        checked = subprocess.run(
            [tools.with_name(arguments[0]), *arguments[1:]], cwd=root, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout


def test_a_snippet_says_what_comes_next(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository({"docs/index.md": "# Home\n"})
    assert new_snippet.run(root, "a/b", load(root / CONFIG)) == 0
    *_, outputs, include, added = capsys.readouterr().out.splitlines()
    assert outputs == "then keep what it prints: make outputs ONLY=a/b"
    assert include == 'and show it in a note, between ```python and ```: --8<-- "a/b.py:b"'
    what, command = added.split(": ")
    assert what == "git does not know the files yet; when they are done"
    (root / "snippets/a/b.out").write_text("2\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(command, shell=True, cwd=root, check=True)
    known = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    assert known.stdout.splitlines() == [
        "snippets/a/b.out",
        "snippets/a/b.py",
        "tests/snippets/a/__init__.py",
        "tests/snippets/a/test_b.py",
    ]


@pytest.mark.parametrize("key", ["sizing/longest_wait", "antipatterns/no_pool"])
def test_a_snippet_keeps_the_contract_but_for_what_it_prints(repository: Repository, key: str) -> None:
    root = repository({})
    new_snippet.write(root, key, load(root / CONFIG))
    found = [str(problem) for problem in snippet_files.problems(root, [f"{key}.py"], load(root / CONFIG))]
    assert found == [f"snippets/{key}.py:1: has no kept output; run `make outputs ONLY={key}` [snippet-output-missing]"]


_LIKE = "write NAME=topic/name, each with a to z, 0 to 9 and `_` between them"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (
            "engine/health-check",
            "has a hyphen, which no name in Python has; write: make snippet NAME=engine/health_check",
        ),
        ("A/b", "has capital letters or spaces; write: make snippet NAME=a/b"),
        ("a b/c", "has capital letters or spaces; write: make snippet NAME=a_b/c"),
        ("", "is no topic and a name; write: make snippet NAME=topic/name"),
        ("lease", "is no topic and a name; write: make snippet NAME=topic/name"),
        ("a/b/c", "is no topic and a name; write: make snippet NAME=topic/name"),
        ("../a/b", "is no topic and a name; write: make snippet NAME=topic/name"),
        ("a/_b", f"is no name of a snippet; {_LIKE}"),
        ("a/1b", f"is no name of a snippet; {_LIKE}"),
        ("a/class", "has 'class' in it, which is a word of Python; choose another name"),
        ("import/a", "has 'import' in it, which is a word of Python; choose another name"),
    ],
)
def test_a_name_that_is_none(repository: Repository, key: str, why: str) -> None:
    root = repository({})
    with pytest.raises(new_files.Refused) as refused:
        new_snippet.write(root, key, load(root / CONFIG))
    assert str(refused.value) == f"{key!r} {why}"
    assert not (root / "snippets").exists()


def test_a_file_that_is_there_is_not_written_over(repository: Repository) -> None:
    root = repository({"tests/snippets/a/test_b.py": "x = 1\n"})
    with pytest.raises(new_files.Refused) as refused:
        new_snippet.write(root, "a/b", load(root / CONFIG))
    assert str(refused.value) == f"test_b.py is in {root / 'tests/snippets/a'} already; choose another name"
    assert not (root / "snippets").exists()
