"""`make check` and `make fix`: what they find, how they say it, and what they mend."""

from __future__ import annotations

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from garden.commands import check, editor, fix, printing
from garden.lint import external_tools, snippet_files
from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule, Severity
from garden.model.settings import Folders, Settings
from tests.browser.conftest import build, copy_tree
from tests.unit.repository import ROOT, Repository

MISSPELLED = "rec" + "ieve"  # so that it is none in this file
WRONG = {
    "docs/index.md": "# Home\n\nRead [[Pools]].\n",
    "docs/pools.md": f"# Pools\n\n* {MISSPELLED}\n* [[nowhere]]\n\n<script>x</script>\n\n#### Deep  \n",
    "docs/alone.md": "# Alone\n",
    "snippets/a/b.py": '"""A title."""\n\nimport os\nimport redis\n\nx=redis\n',
}


def test_everything_is_found_in_the_order_of_files_and_lines(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The snippet is cut short; what its contract asks has tests of its own.
    monkeypatch.setattr(snippet_files, "problems", lambda *_: ())
    found = check.problems(repository(WRONG))
    assert [str(problem) for problem in found] == [
        "docs/alone.md:1: no note links here; link to it where a reader would want it, "
        "for example from a map [note-unlinked]",
        f"docs/pools.md:3: `{MISSPELLED}` is misspelled in American English; write `receive` [typos]",
        "docs/pools.md:3: list marker '*' does not match expected style '-'; `make fix` fixes it [MD004]",
        "docs/pools.md:4: no note is called [[nowhere]]; write the title, file name or alias of a note [link-missing]",
        "docs/pools.md:4: list marker '*' does not match expected style '-'; `make fix` fixes it [MD004]",
        "docs/pools.md:6: `<script>` is HTML that notes do not use; "
        "remove it, or write it between backticks to show it [html-element]",
        "docs/pools.md:8: expected heading level 2, but found heading level 4; "
        "write one `#` more than the heading above it has, or run `make fix` [MD001]",
        "docs/pools.md:8: 2 trailing spaces found; `make fix` fixes it [MD009]",
        'snippets/a/b.py:1: no note shows this snippet; include it in one: --8<-- "a/b.py" [snippet-unshown]',
        "snippets/a/b.py:3: Import block is un-sorted or un-formatted; `make fix` fixes it [I001]",
        "snippets/a/b.py:3: `os` imported but unused; `make fix` fixes it [F401]",
        'snippets/a/b.py:4: imports redis, which its header does not name; add "redis" to its dependencies, '
        "or remove the import [snippet-import]",
    ]
    assert [problem.file for problem in found if problem.severity is not Severity.ERROR] == [
        "docs/alone.md",
        "snippets/a/b.py",
    ]


def test_what_a_machine_can_mend_is_mended(repository: Repository) -> None:
    root = repository(WRONG | {"desk/a.py": '"""A module."""\nx=1\n'})
    fix.fix(root, Settings())
    assert (root / "docs/pools.md").read_text() == (
        "# Pools\n\n- receive\n- [[nowhere]]\n\n<script>x</script>\n\n## Deep\n"
    )
    assert (root / "desk/a.py").read_text() == '"""A module."""\n\nx = 1\n'
    assert "import os" not in (root / "snippets/a/b.py").read_text()
    assert "a/b.py" in (root / editor.COMPLETIONS).read_text()
    assert [str(problem) for problem in check.problems(root) if "make fix" in problem.text] == []


def test_fix_says_what_it_has_mended(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Which of two words is meant, and what a file should be called, only a person can say.
    doubts = {f"docs/{MISSPELLED}.md": "# Receive\n", "docs/doubtful.md": f"# Doubtful\n\nThey {'ma' + 'k'} it.\n"}
    root = repository(WRONG | doubts | {".github/a.md": f"# A\n\n* {MISSPELLED}\n"})
    assert fix.run(root, Settings()) == 0
    assert capsys.readouterr().out.splitlines() == [
        ".github/a.md: mended",
        "docs/pools.md: mended",
        "snippets/a/b.py: mended",
        "3 files mended; make check tells what is left",
    ]
    fix.run(root, Settings())
    assert capsys.readouterr().out == "nothing to mend\n"
    (root / "docs/index.md").write_text("# Home \n")
    fix.run(root, Settings())
    assert capsys.readouterr().out == "docs/index.md: mended\n1 file mended; make check tells what is left\n"
    assert [problem.text for problem in check.problems(root) if "misspelled" in problem.text] == [
        f"`{'ma' + 'k'}` is misspelled in American English; write `make` or `mask`",
        f"in the file's name, `{MISSPELLED}` is misspelled in American English; "
        f'run `make rename FROM="docs/{MISSPELLED}.md" TO="docs/receive.md"`',
    ]


def test_a_file_that_is_not_laid_out(repository: Repository) -> None:
    root = repository({"docs/index.md": "# Home\n", "desk/a.py": '"""A module."""\n\nx = 1\ny=2\nz=3\n'})
    assert [str(problem) for problem in check.problems(root)] == [
        "desk/a.py:4: is not laid out as the other files are; `make fix` fixes it [ruff-format]"
    ]


def test_the_site_finds_the_same(tmp_path: Path) -> None:
    copy_tree(tmp_path, docs=False)
    for path, text in WRONG.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    told = build(tmp_path, "--strict").problems
    shutil.rmtree(tmp_path / "site-mkdocs", ignore_errors=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    found = [str(problem) for problem in check.problems(tmp_path)]
    assert told
    assert [line for line in found if line in told] == told


def test_a_note_in_no_menu_and_an_image_that_nobody_shows_are_only_advice(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = {"docs/index.md": "# Home\n\n[[Pools]]\n", "docs/a/pools.md": "# Pools\n", "docs/plot.png": "x"}
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert check.run(repository(notes, nav="nav:\n  - index.md\n")) == 0
    menu, image, last = capsys.readouterr().out.splitlines()
    assert (
        menu == "docs/a/pools.md:1: is in no menu; add it to `nav` in mkdocs.yml: a/pools.md [note-unlisted] (advice)"
    )
    what = "no note shows this image; show it with ![[plot.png|What it shows]], or remove it [image-unused]"
    assert image == f"docs/plot.png:1: {what} (advice)"
    assert last.startswith("no problems, and 2 that are only advice (")


def test_a_note_in_no_menu_may_wait(repository: Repository) -> None:
    notes = {"docs/index.md": "# Home\n\n[[Pools]]\n", "docs/a/pools.md": "# Pools\n"}
    found = check.problems(repository(notes, nav="nav:\n  - index.md\n"))
    assert [(str(problem), problem.severity) for problem in found] == [
        ("docs/a/pools.md:1: is in no menu; add it to `nav` in mkdocs.yml: a/pools.md [note-unlisted]", Severity.ADVICE)
    ]
    assert check.problems(repository(notes)) == []


def test_this_repository_passes() -> None:
    assert [str(problem) for problem in check.problems(ROOT) if problem.severity is Severity.ERROR] == []


# What is printed


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem("docs/a.md", 3, Rule.LINK_MISSING, "is wrong; mend it"),
            "::error file=docs/a.md,line=3::is wrong; mend it [link-missing]",
        ),
        (
            Problem("docs/a.md", 3, Rule.NOTE_UNLINKED, "may wait"),
            "::warning file=docs/a.md,line=3::may wait [note-unlinked]",
        ),
        (
            Problem("docs/a,b:c%.md", 1, Rule.LINK_MISSING, "100 %: x\n::error::y"),
            "::error file=docs/a%2Cb%3Ac%25.md,line=1::100 %25: x ::error::y [link-missing]",
        ),
    ],
)
def test_an_annotation(problem: Problem, line: str) -> None:
    assert printing.annotation(problem) == line


@pytest.mark.parametrize(
    ("errors", "later", "advice", "words"),
    [
        (0, 0, 0, "no problems (1.5 s)"),
        (1, 0, 0, "1 problem (1.5 s)"),
        (2, 1, 0, "2 problems, and 1 that may wait until a pull request (1.5 s)"),
        (0, 2, 1, "no problems, and 2 that may wait until a pull request, and 1 that is only advice (1.5 s)"),
        (0, 0, 2, "no problems, and 2 that are only advice (1.5 s)"),
    ],
)
def test_the_last_line(errors: int, later: int, advice: int, words: str) -> None:
    counts = ((Rule.LINK_MISSING, errors), (Rule.NOTE_UNLINKED, later), (Rule.IMAGE_UNUSED, advice))
    found = [Problem("a", 1, rule, "x") for rule, count in counts for _ in range(count)]
    assert printing.summary(found, 1.46) == words


def test_how_it_ends(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    root = repository({"docs/index.md": "# Home\n", "docs/alone.md": "# Alone\n"})
    assert check.run(root) == 0
    alone = "no note links here; link to it where a reader would want it, for example from a map [note-unlinked]"
    assert capsys.readouterr().out.splitlines()[:-1] == [f"docs/alone.md:1: {alone} (may wait until a pull request)"]
    (root / "docs/alone.md").write_text("# Alone\n\n[[x]]\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert check.run(root) == 1
    lines = capsys.readouterr().out.splitlines()
    none = "no note is called [[x]]; write the title, file name or alias of a note [link-missing]"
    assert lines[:-1] == [
        f"docs/alone.md:1: {alone} (may wait until a pull request)",
        f"docs/alone.md:3: {none}",
        f"::warning file=docs/alone.md,line=1::{alone}",
        f"::error file=docs/alone.md,line=3::{none}",
    ]
    assert lines[-1].startswith("1 problem, and 1 that may wait until a pull request (")


@pytest.mark.parametrize("where", ["2", "1"], ids=["to its errors", "to its output"])
def test_a_tool_that_cannot_check_is_no_pass(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    where: str,
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    for name in ("typos", "rumdl", "ruff"):
        (fake / name).write_text(f"#!/bin/sh\necho 'no such option' >&{where}\nexit 2\n")
        (fake / name).chmod(stat.S_IRWXU)
    monkeypatch.setattr(sys, "executable", str(fake / "python"))
    assert check.run(repository({"docs/index.md": "# Home\n"})) == 2
    assert capsys.readouterr().err == "typos could not check: no such option\n"


# Editors


def test_the_schema_in_the_repository_is_that_of_the_engine() -> None:
    assert (ROOT / editor.SCHEMA).read_text(encoding="utf-8") == editor.texts(ROOT, Folders())[editor.SCHEMA]


def test_the_schema_takes_what_the_engine_takes() -> None:
    from garden.source import frontmatter

    schema = editor.schema()
    assert list(schema["properties"]) == list(frontmatter.READERS)
    for key, shape in schema["properties"].items():
        for example in shape["examples"]:
            report = Report()
            frontmatter.parse(f"{key}: {json.dumps(example)}", "a.md", report)
            assert report.problems == [], key


def test_completions_know_the_snippets(repository: Repository) -> None:
    root = repository({"snippets/a/b.py": "", "snippets/a/c.py": ""})
    offered = editor.completions(root / "snippets")
    assert offered["link to a snippet"]["body"] == "[[${1|a/b.py,a/c.py|}]]"
    assert offered["include a snippet"]["body"][1] == '--8<-- "${1|a/b.py,a/c.py|}"'
    assert offered["front matter: reviewed"]["body"] == 'reviewed: "2026-01-31"'
    assert editor.completions(root / "none")["link to a snippet"]["body"] == "[[${1:topic/name.py}]]"


def test_the_vault_of_obsidian_writes_links_as_we_do_and_is_not_published(tmp_path: Path) -> None:
    settings = json.loads((ROOT / "docs/.obsidian/app.json").read_text(encoding="utf-8"))
    assert settings["useMarkdownLinks"] is False
    assert (ROOT / "docs" / settings["attachmentFolderPath"]).is_dir()
    copy_tree(tmp_path, docs=False)
    (tmp_path / "docs/index.md").write_text("# Home\n")
    shutil.copytree(ROOT / "docs/.obsidian", tmp_path / "docs/.obsidian")
    outcome = build(tmp_path, "--strict")
    assert (outcome.status, outcome.problems) == (0, [])
    assert list(outcome.folder.rglob(".obsidian")) == []


def test_hooks_before_a_commit_use_what_is_installed() -> None:
    import yaml

    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    for hook in config["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert (ROOT / hook["entry"].split()[0]).exists()


def test_no_program_is_asked_for_that_is_not_required() -> None:
    wanted = (ROOT / "requirements.in").read_text(encoding="utf-8").split()
    assert {tool.name for tool in external_tools.TOOLS} <= set(wanted)
    assert all(Path(sys.executable).with_name(tool.name).exists() for tool in external_tools.TOOLS)
