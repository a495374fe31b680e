"""Renaming a note: every link leads where it led, whatever its form, and nothing is written otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import rename, vault
from desk.files import Refused

from .conftest import Repository

NOTE = "---\ntitle: Pool size\naliases: [sizing]\n---\n\n# Pool size\n\n## Method\n\nText. ^budget\n\nSee [[Home]].\n"


def texts(root: Path) -> dict[str, str]:
    """Return every file below docs/, and the configuration."""
    files = [file for file in root.joinpath("docs").rglob("*") if file.is_file()]
    return {file.relative_to(root).as_posix(): file.read_text() for file in [*files, root / "mkdocs.yml"]}


def renamed(root: Path, source: str, target: str) -> dict[str, str]:
    rename.write(root, rename.plan(root, source, target))
    build = vault.build(root, *vault.markdown_config(root / vault.CONFIG)).build
    assert [str(problem) for problem in build.problems if problem.fatal] == []
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
            "docs/topic/plots/a.png": "",
        },
        nav=nav.format(*["topic/pool-size.md"] * 2),
    )
    found = renamed(root, "Pool size", "how many")
    assert found["docs/how many.md"] == (
        "---\nmoved_from: [topic/pool-size/]\n---\n\n# Pool size\n\n"
        "[home](index.md), ![A plot](topic/plots/a.png), ![[/topic/plots/a.png|A plot]], [[#Pool size]], [[B]]\n"
    )
    assert found["mkdocs.yml"].endswith(nav.format(*["how many.md"] * 2))


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
    root = repository({"docs/index.md": "# Home\n\n[[a]]\n", "docs/a.md": f"---\n{head}---\n\n# A\n"})
    found = renamed(root, "a", "b")
    assert found["docs/b.md"] == f"---\n{moved}---\n\n# A\n"


def test_there_and_back_again(repository: Repository) -> None:
    root = repository({"docs/index.md": "# Home\n\n[x](a.md), [[a]]\n", "docs/a.md": "# Title\n"})
    before = texts(root)
    there = renamed(root, "a", "b")
    assert there["docs/index.md"] == "# Home\n\n[x](b.md), [[b]]\n"
    back = renamed(root, "b", "a")
    assert back["docs/index.md"] == before["docs/index.md"]
    assert back["docs/a.md"] == "---\nmoved_from: [b/]\n---\n\n# Title\n"


def test_a_name_that_would_become_ambiguous_is_written_out_and_reads_as_before(repository: Repository) -> None:
    root = repository(
        {
            "docs/index.md": "# Home\n\n[[Size]], [[size#Method]], [[old]]\n\n| a |\n| --- |\n| [[size]] |\n",
            "docs/a/note.md": "---\ntitle: A note\naliases: [Size]\n---\n\n## Method\n",
            "docs/old.md": "# Another\n",
        }
    )
    found = renamed(root, "old", "b/size")
    assert (
        found["docs/index.md"]
        == "# Home\n\n[[note|Size]], [[note#Method|size › Method]], [[b/size]]\n\n| a |\n| --- |\n| [[note\\|size]] |\n"
    )


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("Pol size", "x", "no note is called Pol size; did you mean Pool size?"),
        ("zzzz", "x", "no note is called zzzz; write its path"),
        ("twice", "x", "twice may be docs/a/twice.md or docs/b/twice.md; write its path"),
        ("index", "x", "docs/index.md is where readers arrive; it stays where it is"),
        ("pool-size", "../x", "../x is no path of a note; write it like docs/topic/name.md"),
        ("pool-size", "/etc/x", "/etc/x is no path of a note; write it like docs/topic/name.md"),
        ("pool-size", ".hidden", ".hidden is no path of a note; write it like docs/topic/name.md"),
        ("pool-size", "a/Twice", "docs/a/twice.md is there already; choose another name"),
        ("pool-size", "pool-size", "docs/pool-size.md is there already; choose another name"),
        (
            "pool-size",
            "gone",
            "docs/a/twice.md:2: `moved_from` holds `gone/`, where the page of docs/gone.md is; "
            "remove it from the list\n"
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
        rename.plan(root, "a", "b")
    assert str(refused.value) == (
        "docs/index.md:3: no note is called [[nowhere at all]]; write the title, file name or alias of a note\n"
        "the notes have problems; mend them first, so that no link is lost"
    )


def test_a_disk_that_fails_leaves_everything_as_it_was(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository({"docs/index.md": "# Home\n\n[[a]]\n", "docs/a.md": "# Title\n"})
    before = texts(root)
    plan = rename.plan(root, "a", "b")
    real = Path.write_text

    def failing(file: Path, text: str, **options: str) -> int:
        if file.name == ".b.md.new":
            raise OSError(28, "No space left on device")
        return real(file, text, **options)

    monkeypatch.setattr(Path, "write_text", failing)
    with pytest.raises(OSError, match="No space left"):
        rename.write(root, plan)
    assert texts(root) == before
