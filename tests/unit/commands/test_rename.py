"""Renaming a note: every link leads where it led, whatever its form, and nothing is written otherwise."""

from __future__ import annotations

import subprocess
from itertools import count
from pathlib import Path

import pytest

from garden.commands import project, rename
from garden.commands.new_files import Refused
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.site import CONFIG
from tests.unit.repository import Repository

NOTE = "---\ntitle: Pool size\naliases: [sizing]\n---\n\n# Pool size\n\n## Method\n\nText. ^budget\n\nSee [[Home]].\n"


def texts(root: Path) -> dict[str, str]:
    """Return every file below docs/, and the configuration."""
    files = [file for file in root.joinpath("docs").rglob("*") if file.is_file()]
    return {file.relative_to(root).as_posix(): file.read_text() for file in [*files, root / "mkdocs.yml"]}


def renamed(root: Path, source: str, target: str) -> dict[str, str]:
    rename.write(root, rename.plan(root, source, target))
    report = Report()
    project.build(root, project.configuration(root / CONFIG), report)
    assert [str(problem) for problem in report.problems if problem.severity is Severity.ERROR] == []
    return texts(root)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[Pool size]]", "[[Pool size]]"),
        ("[[sizing]]", "[[sizing]]"),
        ("[[SIZING|how big]]", "[[SIZING|how big]]"),
        ("[[pool-size]]", "[[how-many]]"),
        ("[[pool-size.md]]", "[[how-many]]"),
        ("[[Pool-Size|how big]]", "[[how-many|how big]]"),
        ("[[pool-size#Method]]", "[[how-many#Method]]"),
        ("[[pool-size#Method|*how*]]", "[[how-many#Method|*how*]]"),
        ("[[ pool-size #^budget]]", "[[how-many #^budget]]"),
        ("[[topic/pool-size]]", "[[how-many]]"),
        ("[[/topic/pool-size|x]]", "[[how-many|x]]"),
        ("[[./topic/pool-size]]", "[[how-many]]"),
        ("| a |\n| --- |\n| [[pool-size\\|x]] |", "| a |\n| --- |\n| [[how-many\\|x]] |"),
        ("> A quotation of [[pool-size]].", "> A quotation of [[how-many]]."),
        ("![[pool-size]]", "![[how-many]]"),
        ("![[topic/pool-size#Method]]", "![[how-many#Method]]"),
        ("[how big](topic/pool-size.md)", "[how big](other/deep/how-many.md)"),
        ("[how big](topic/pool-size.md#method)", "[how big](other/deep/how-many.md#method)"),
        ('[how big](<topic/pool-size.md> "A title")', '[how big](<other/deep/how-many.md> "A title")'),
        ('[how big](./topic/../topic/pool-size.md "A (title)")', '[how big](other/deep/how-many.md "A (title)")'),
        (
            "[how big][1] [too][1]\n\n[1]: topic/pool-size.md#method",
            "[how big][1] [too][1]\n\n[1]: other/deep/how-many.md#method",
        ),
        ("[[pool-size]] and [[pool-size]]", "[[how-many]] and [[how-many]]"),
        ("A note.[^1]\n\n[^1]: See [[pool-size]].", "A note.[^1]\n\n[^1]: See [[how-many]]."),
        (
            "```dataview\nLIST FROM [[pool-size]] OR outgoing([[sizing]])\n```",
            "```dataview\nLIST FROM [[how-many]] OR outgoing([[sizing]])\n```",
        ),
        (
            '```dataview\nLIST\nFROM "topic/pool-size.md"\nWHERE title != "topic/pool-size"\n```',
            '```dataview\nLIST\nFROM "other/deep/how-many"\nWHERE title != "topic/pool-size"\n```',
        ),
        (
            "`[[pool-size]]` <!-- [[pool-size]] --> %% [[pool-size]] %% [[sizing]]",
            "`[[pool-size]]` <!-- [[pool-size]] --> %% [[pool-size]] %% [[sizing]]",
        ),
        ("```text\n[[pool-size]]\n```\n\n[[pool-size]]", "```text\n[[pool-size]]\n```\n\n[[how-many]]"),
        ("\\[[pool-size]] [[pool-size]]", "\\[[pool-size]] [[how-many]]"),
    ],
)
def test_a_link_in_whatever_form(repository: Repository, before: str, after: str) -> None:
    index = "# Home\n\n[[Pool size]]\n\n{}\n"
    root = repository({"docs/index.md": index.format(before), "docs/topic/pool-size.md": NOTE})
    found = renamed(root, "docs/topic/pool-size.md", "docs/other/deep/how-many.md")
    assert found["docs/index.md"] == index.format(after)
    assert "docs/topic/pool-size.md" not in found


def test_the_note_says_where_it_was_and_its_own_links_are_kept(repository: Repository) -> None:
    nav = "nav:\n  - index.md\n  - Topic:\n      - Size: {}  # here\n      - {}\n      - topic/b.md\n"
    links = "![A plot](plots/a.png), ![[./plots/a.png|A plot]], [[#Pool size]], [[./b]]"
    note = f"# Pool size\n\n[home](../index.md), {links}\n"
    root = repository(
        {
            "docs/index.md": "# Home\n\n[[Pool size]], [[b]]\n",
            "docs/topic/pool-size.md": note,
            "docs/topic/b.md": "# B\n",
            "tools/released-urls.txt": "/\n/topic/pool-size/\n",
            "docs/topic/plots/a.png": "",
        },
        nav=nav.format(*["topic/pool-size.md"] * 2),
    )
    found = renamed(root, "Pool size", "docs/how-many.md")
    assert found["docs/how-many.md"] == (
        "---\nmoved_from: [topic/pool-size/]\n---\n\n# Pool size\n\n"
        "[home](index.md), ![A plot](topic/plots/a.png), ![[/topic/plots/a.png|A plot]], [[#Pool size]], [[B]]\n"
    )
    assert found["mkdocs.yml"].endswith(nav.format(*["how-many.md"] * 2))


@pytest.mark.parametrize(
    ("head", "moved"),
    [
        ("title: A\n", "title: A\nmoved_from: [a/]\n"),
        ("moved_from: [old/]\ntitle: A\n", "moved_from: [old/, a/]\ntitle: A\n"),
        ("moved_from:\n  - old/\n  - older/\ntitle: A\n", "moved_from: [old/, older/, a/]\ntitle: A\n"),
        ("title: A\nmoved_from:\n  - old/\n", "title: A\nmoved_from: [old/, a/]\n"),
        ("title: A\nmoved_from: [b/]  # once\n", "title: A\nmoved_from: [a/]  # once\n"),
    ],
)
def test_the_addresses_that_it_had(repository: Repository, head: str, moved: str) -> None:
    root = repository(
        {
            "docs/index.md": "# Home\n\n[[a]]\n",
            "docs/a.md": f"---\n{head}---\n\n# A\n",
            "tools/released-urls.txt": "/a/\n/a/#a\n",
        }
    )
    found = renamed(root, "a", "docs/b.md")
    assert found["docs/b.md"] == f"---\n{moved}---\n\n# A\n"


@pytest.mark.parametrize("released", ["", "/a/\n"])
@pytest.mark.parametrize("head", ["", "---\ntitle: Title\n---\n\n", "---\n# one\ntags: [x]\n---\n"])
def test_there_and_back_again(repository: Repository, released: str, head: str) -> None:
    root = repository(
        {
            "docs/index.md": "# Home\n\n[x](a.md), [[a]]\n",
            "docs/a.md": f"{head}# Title\n",
            "tools/released-urls.txt": released,
        }
    )
    before = texts(root)
    there = renamed(root, "a", "docs/b.md")
    assert there["docs/index.md"] == "# Home\n\n[x](b.md), [[b]]\n"
    assert ("moved_from: [a/]" in there["docs/b.md"]) is bool(released)
    assert renamed(root, "b", "docs/a.md") == before


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("title: A\nmoved_from: [b/]  # once\n", "title: A\n"),
        ("moved_from: [b/]\ntitle: A\n", "title: A\n"),
        ("title: A\nmoved_from:\n  - b/\ntags: [x]\n", "title: A\ntags: [x]\n"),
        ("title: A\nmoved_from:\n  - b/\n", "title: A\n"),
        ("moved_from: [c/, b/]\n", "moved_from: [c/]\n"),
    ],
)
def test_an_address_that_it_has_again_is_no_longer_an_old_one(repository: Repository, head: str, after: str) -> None:
    root = repository({"docs/index.md": "# Home\n\n[[a]]\n", "docs/a.md": f"---\n{head}---\n\n# A\n"})
    assert renamed(root, "a", "docs/b.md")["docs/b.md"] == f"---\n{after}---\n\n# A\n"


def test_a_name_that_would_become_ambiguous_is_written_out_and_reads_as_before(repository: Repository) -> None:
    root = repository(
        {
            "docs/index.md": "# Home\n\n[[Size]], [[size#Method]], [[old]]\n\n| a |\n| --- |\n| [[size]] |\n",
            "docs/a/note.md": "---\ntitle: A note\naliases: [Size]\n---\n\n## Method\n",
            "docs/old.md": "# Another\n",
        }
    )
    found = renamed(root, "old", "docs/b/size.md")
    assert (
        found["docs/index.md"]
        == "# Home\n\n[[note|Size]], [[note#Method|size › Method]], [[b/size]]\n\n| a |\n| --- |\n| [[note\\|size]] |\n"
    )


X = "docs/x.md"
PATH = "is no path of a note, which is below docs/ and in small letters; write TO="
SNIPPET = (
    "is a snippet, and rename moves notes; move snippets/engine/lease.* and tests/snippets/engine/test_lease.py "
    "yourself, and `make check` says where they are still named"
)


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("Pol size", X, "no note is called Pol size; did you mean Pool size?"),
        ("zzzz", X, "no note is called zzzz; write its path"),
        ("twice", X, "twice may be docs/a/twice.md or docs/b/twice.md; write its path"),
        ("docs/pool-sise.md", X, "no file is at docs/pool-sise.md; did you mean docs/pool-size.md?"),
        ("nope.md", X, "no file is at docs/nope.md; write the path or the title of a note"),
        ("README.md", X, "README.md lies outside docs/; rename moves notes, so move it yourself"),
        ("engine/lease.py", X, f"engine/lease.py {SNIPPET}"),
        ("snippets/engine/lease.py", X, f"snippets/engine/lease.py {SNIPPET}"),
        ("index", X, "docs/index.md is where readers arrive; it stays where it is"),
        ("pool-size", "../x", f"'../x' {PATH}docs/x.md"),
        ("pool-size", "/etc/x.md", f"'/etc/x.md' {PATH}docs/etc/x.md"),
        ("pool-size", "docs/.hidden", f"'docs/.hidden' {PATH}docs/hidden.md"),
        ("pool-size", "notes/fairness.md", f"'notes/fairness.md' {PATH}docs/notes/fairness.md"),
        ("pool-size", "docs/Slow Motion.md", f"'docs/Slow Motion.md' {PATH}docs/slow-motion.md"),
        ("pool-size", "docs/a/", f"'docs/a/' {PATH}docs/a/pool-size.md"),
        ("pool-size", "..", f"'..' {PATH}docs/topic/name.md"),
        ("pool-size", "docs/a/twice.md", "docs/a/twice.md is there already; choose another name"),
        ("pool-size", "docs/pool-size.md", "docs/pool-size.md is there already; choose another name"),
        (
            "pool-size",
            "docs/gone.md",
            "docs/a/twice.md:2: `moved_from` holds `gone/`, where the page of docs/gone.md is; "
            "remove it from the list [old-address-taken]\n"
            "so it would be after the rename; choose another name",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    repository: Repository, source: str, target: str, why: str
) -> None:
    root = repository(
        {
            "docs/index.md": "# Home\n\n[[Pool size]], [[a/twice]], [[b/twice]], [[pool-size]]\n",
            "docs/pool-size.md": NOTE,
            "docs/a/twice.md": "---\nmoved_from: [gone/]\n---\n# One\n",
            "docs/b/twice.md": "# Other\n",
            "README.md": "# Not a note\n",
            "snippets/engine/lease.py": '"""A lease."""\n',
        }
    )
    before = texts(root)
    with pytest.raises(Refused) as refused:
        rename.plan(root, source, target)
    assert str(refused.value) == why
    assert texts(root) == before


def test_notes_that_have_problems_are_mended_first(repository: Repository) -> None:
    root = repository({"docs/index.md": "# Home\n\n[[a]], [[nowhere at all]]\n", "docs/a.md": "# A\n"})
    with pytest.raises(Refused) as refused:
        rename.plan(root, "a", "docs/b.md")
    assert str(refused.value) == (
        "docs/index.md:3: no note is called [[nowhere at all]]; write the title, "
        "file name or alias of a note [link-missing]\n"
        "the notes have problems; mend them first, so that no link is lost"
    )


@pytest.mark.parametrize(
    ("query", "after"),
    [("LIST FROM [[#]]", "LIST FROM [[#]]"), ("LIST FROM [[topic/pool-size]]", "LIST FROM [[how-many]]")],
)
def test_a_link_in_a_query(repository: Repository, query: str, after: str) -> None:
    note = f"# Home\n\n[[Size]]\n\n```dataview\n{query}\n```\n"
    root = repository({"docs/index.md": note, "docs/topic/pool-size.md": "# Size\n"})
    assert f"\n{after}\n" in renamed(root, "docs/topic/pool-size.md", "docs/topic/how-many.md")["docs/index.md"]


def test_a_link_in_a_query_that_goes_over_two_lines_of_a_quotation_is_told(repository: Repository) -> None:
    note = "# Home\n\n[[Size]]\n\n> ```dataview\n> LIST FROM [[topic/pool\n> size]]\n> ```\n"
    root = repository({"docs/index.md": note, "docs/topic/pool size.md": "# Size\n"})
    with pytest.raises(Refused, match="so it would be after the rename"):
        rename.plan(root, "docs/topic/pool size.md", "docs/topic/how-many.md")


def test_nothing_is_written_if_a_link_would_lead_elsewhere(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository({"docs/index.md": "# Home\n\n[[Size]]\n", "docs/a.md": "# Size\n"})
    before = texts(root)
    places = count()
    monkeypatch.setattr(rename, "_target", lambda *_: next(places))
    with pytest.raises(Refused, match=r"docs/index\.md has a link that cannot be rewritten"):
        rename.plan(root, "docs/a.md", "docs/b.md")
    assert texts(root) == before


def test_a_disk_that_fails_leaves_everything_as_it_was(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository({"docs/index.md": "# Home\n\n[[a]]\n", "docs/a.md": "# Title\n"})
    before = texts(root)
    plan = rename.plan(root, "a", "docs/b.md")
    real = Path.write_text

    def failing(file: Path, text: str, **options: str) -> int:
        if file.name == ".b.md.new":
            raise OSError(28, "No space left on device")
        return real(file, text, **options)

    monkeypatch.setattr(Path, "write_text", failing)
    with pytest.raises(OSError, match="No space left"):
        rename.write(root, plan)
    assert texts(root) == before


# What is printed


def test_it_says_what_follows_and_what_is_left_to_do(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(
        {
            "docs/index.md": "# Home\n\n[x](a.md), [[a]], [[Title]], [[title|x]]\n",
            "docs/c.md": "# C\n\n[[a]]\n",
            "docs/a.md": "# Title\n\n[[C]]\n",
            "tools/released-urls.txt": "/a/\n",
            "README.md": "See docs/a.md.\n",
            "tests/a.py": "open('docs/a.md')\n",
            "tests/browser/questions.py": "ASKED = [('a question', 'a|c'), ('of', 'abc')]\nPAGE = '/a/#title'\n",
        },
        nav="nav: [index.md, a.md]\n",
    )
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    assert rename.run(root, "docs/a.md", "docs/d/b.md") == 0
    assert capsys.readouterr().out.splitlines() == [
        "docs/a.md is docs/d/b.md now; `moved_from` in it keeps its old address alive",
        "docs/c.md: 1 link",
        "docs/index.md: 2 links",
        "mkdocs.yml: the navigation",
        "3 links in 2 notes rewritten; 2 by title or alias follow by themselves",
        "README.md:1: names the old file; see whether it should",
        "tests/a.py:1: opens the old file; change it",
        "tests/browser/questions.py:1: has the old address; write the new one",
        "tests/browser/questions.py:2: has the old address; write the new one",
        "then tell git: git add docs/a.md docs/c.md docs/d/b.md docs/index.md mkdocs.yml",
    ]
    assert rename.run(root, "docs/d/b.md", "docs/a.md") == 0
    assert capsys.readouterr().out.startswith("docs/d/b.md is docs/a.md now; no release had its old address\n")


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ("[[C]]", "no link is rewritten"),
        ("[[Title]]", "no link is rewritten; 1 by title or alias follows by itself"),
        ("[[A note]]", "1 link in 1 note rewritten"),
    ],
)
def test_one_and_none(repository: Repository, links: str, said: str) -> None:
    root = repository({"docs/index.md": f"# Home\n\n{links}\n", "docs/A note.md": "# Title\n", "docs/c.md": "# C\n"})
    assert list(rename.summary(rename.plan(root, "docs/A note.md", "docs/b.md")))[-1] == said


@pytest.mark.parametrize("known", [True, False], ids=["known to git", "new"])
def test_git_takes_what_it_is_told(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], known: bool
) -> None:
    files = {"docs/index.md": "# Home\n\n[[A note]]\n", "docs/A note.md": "# Title\n\nIt is about pools.\n"}
    root = repository(files, nav="nav: [index.md, A note.md]\n")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(
        ["git", "add", *(["."] if known else ["docs/index.md", "mkdocs.yml", "pyproject.toml"])], cwd=root, check=True
    )
    subprocess.run([*git, "commit", "-q", "-m", "x"], cwd=root, check=True)
    assert rename.run(root, "docs/A note.md", "docs/b.md") == 0
    command = capsys.readouterr().out.splitlines()[-1].removeprefix("then tell git: ")
    subprocess.run(command, shell=True, cwd=root, check=True)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True)
    new = 'R  "docs/A note.md" -> docs/b.md' if known else "A  docs/b.md"
    assert sorted(status.stdout.splitlines()) == sorted([new, "M  docs/index.md", "M  mkdocs.yml"])
