"""The stages of a build: each is run, each is drawn, and each takes and gives what its row says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sized
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from garden import Build, drawing
from garden import build as module
from garden.build import STAGES
from garden.stage import PROBLEMS, Stage, When, shown

from .conftest import Vault, build_site

GARDEN = Path(module.__file__).parent
# Each stage has something to take, and something to find fault with.
DOCS: dict[str, str | bytes] = {
    "index.md": "# Home\n\n[[a]] [[none]]\n\n![[a#A]]\n\n`= one.row.column`\n\nIt takes 25 ms.\n\n"
    '```python\n--8<-- "topic/one.py"\n```\n\n```dataview\nLIST\n```\n\n```calculator\nnone.py\n```\n',
    "a.md": '---\nerrors: [m]\npaths: [None]\n---\n\n# A\n\n```python\n--8<-- "none.py"\n```\n',
    "glossary.md": "# Glossary\n\nPool\n:   A store. → [[none]]\n",
    "b.md": "---\nerrors: [m]\naliases: [A]\n---\n\n# B\n",
    "image.png": b"\x89PNG",
    "latin.md": b"# \xe9\n",
    "other.markdown": "# Other\n",
}
SNIPPETS = {"topic/one.py": '"""One.\n\nIt is one.\n"""\n', "topic/two.py": '"""Two."""\n'}
OTHERS = {"proofs.json": "{", "measurements/one.json": "{", "runner/browser/page.js": ""}


OWN = ("seen", "_read_now")


class Watched(Build):
    """A build that notes which of its attributes each stage reads and changes."""

    seen: dict[str, tuple[set[str], set[str]]]
    _read_now: set[str] | None

    def __getattribute__(self, name: str) -> Any:
        if name == "__dict__":
            return object.__getattribute__(self, name)
        reading = vars(self).get("_read_now")
        if reading is not None and name in vars(self) and name not in OWN:
            reading.add(name)
        return object.__getattribute__(self, name)

    def watch(self, stage: Stage, run: Callable[[], object]) -> None:
        """Run a stage."""
        before = dict(_state(self))
        self._read_now = set()
        run()
        read, self._read_now = self._read_now, None
        changed = {name for name, state in _state(self) if before.get(name) != state}
        old = self.seen.get(stage.does, (set(), set()))
        self.seen[stage.does] = (old[0] | read, old[1] | changed)

    def _run(self, when: When) -> None:
        if when is When.BEGIN:
            self.seen = {}
        for stage in STAGES:
            if stage.when is when:
                self.watch(stage, lambda stage=stage: stage.run(self))  # type: ignore[misc]

    def begin(self, note: Any) -> str:
        """Watch the first half of the stage that is run for each note."""
        text: list[str] = []
        self.watch(_of_notes(), lambda: text.append(Build.begin(self, note)))
        return text[0]

    def rendered(self, note: Any, html: str) -> None:
        """Watch the second."""
        self.watch(_of_notes(), lambda: Build.rendered(self, note, html))


def _of_notes() -> Stage:
    (stage,) = [stage for stage in STAGES if stage.when is When.NOTE]
    return stage


def _state(build: Build) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield what tells whether an attribute has been set anew, or has grown."""
    for name, value in vars(build).items():
        if name not in OWN:
            yield name, (id(value), len(value) if isinstance(value, Sized) else 0)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[set[str], set[str]]]:
    """What each stage read and changed in a build that has something for all of them."""
    root = tmp_path_factory.mktemp("vault")
    folders: list[tuple[str, Mapping[str, str | bytes]]] = [("docs", DOCS), ("snippets", SNIPPETS), ("", OTHERS)]
    for folder, files in folders:
        for path, content in files.items():
            file = root / folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.vault.Build", Watched)
        site = build_site(root, pages=True, required=True)
    assert isinstance(site.build, Watched)
    return site.build.seen


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.does)
def test_a_stage_takes_and_gives_what_its_row_says(seen: dict[str, tuple[set[str], set[str]]], stage: Stage) -> None:
    read, changed = seen[stage.does]
    read.discard(PROBLEMS)  # to add to it
    takes, gives = set(stage.takes), set(stage.gives)
    assert changed == gives
    # What a stage makes it may also look at, without taking it from another.
    assert read - changed == takes - gives
    assert takes <= read


def test_every_method_that_the_build_does_not_call_itself_is_a_stage() -> None:
    source = (GARDEN / "build.py").read_text()
    methods = re.findall(r"^    def (_[a-z]+)\(self\) -> None:", source, re.MULTILINE)
    assert methods == [stage.run.__name__ for stage in STAGES if stage.when is not When.NOTE]


def test_the_modules_of_a_stage_are_there() -> None:
    named = {name for stage in STAGES for name in stage.modules}
    assert {name for name in named if not (GARDEN / f"{name}.py").is_file()} == set()


# The drawing


def test_the_block_shows_every_stage_with_what_it_takes_and_gives(vault: Vault) -> None:
    page = unescape(vault({"index.md": "# Home\n\n```stages\n```\n"})["index.md"])
    svg, table = page.split("<table>")
    assert re.findall(r'<text class="name" [^>]*>\d+\. (.*?)</text>', svg) == [stage.does for stage in STAGES]
    flowing = {name for stage in STAGES for name in (*stage.takes, *stage.gives)} - {PROBLEMS}
    assert sorted(re.findall(r'<text class="thing" [^>]*>(.*?)</text>', svg)) == sorted(map(shown, flowing))
    assert svg.count('<g class="problems">') == sum(PROBLEMS in stage.gives for stage in STAGES)
    assert svg.count("<circle") == svg.count('<g class="problems">') + sum(len(stage.takes) for stage in STAGES)
    rows = [re.sub("<[^>]*>", "|", row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]
    assert [row.split("|")[1] for row in rows] == [f"{n}. {stage.does}" for n, stage in enumerate(STAGES, 1)]
    assert [all(f"{name}.py" in row for name in stage.modules) for row, stage in zip(rows, STAGES, strict=True)] == [
        True
    ] * len(STAGES)


def stage(does: str, takes: tuple[str, ...], gives: tuple[str, ...]) -> Stage:
    """Return a stage that does nothing."""
    return Stage(does, lambda: None, takes, gives, ("reader",))


def test_things_share_a_lane_where_neither_is_on_its_way() -> None:
    stages = [stage("one", ("a",), ("b",)), stage("two", ("b",), ("c",)), stage("three", ("b",), ("d", PROBLEMS))]
    lines = re.findall(r'<polyline points="\d+,\d+ (\d+),', drawing.block(stages))
    # `a` ends where `b` begins, so that they need two lanes; `c` and `d` leave the build, beside `b` and below it.
    assert lines == ["7", "17", "7", "27"]


def test_stages_without_problems_draw_none() -> None:
    assert '<g class="problems">' not in drawing.block([stage("one", ("a",), ("b",))])


def test_names_are_text() -> None:
    drawn = drawing.block([stage("<b>", ("_a_<i>",), ())])
    assert "1. &lt;b&gt;" in drawn
    assert "a &lt;i&gt;" in drawn
