"""Vaults to build, generated from a seed: each for the engine, and as the same pages for plain MkDocs.

`write_small` writes notes of a few sentences, so that what a page costs beside its text is what counts. `write_real`
writes notes as mixed as those of real vaults: headings, lists, tables, code, footnotes, callouts, included snippets,
queries, and links. Their lengths are those of 3,000 notes of a real vault, 330 words and seven links on average and a
few notes much longer; or, ``long``, those that this guide asks for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path

ROOT = Path(__file__).parents[2]

LINKS = 5
WORDS = [
    "pool", "connection", "request", "worker", "thread", "engine", "session", "timeout", "overflow", "checkout",
    "driver", "server", "transaction", "query", "latency", "queue", "database", "process", "socket", "commit",
    "rollback", "release", "acquire", "limit", "budget",
]  # fmt: skip
# What the sentences of real notes are made of. The rest of their words, most of them rare, is put together.
_SMALL_WORDS = [
    "the", "a", "of", "to", "and", "in", "is", "that", "for", "it", "with", "as", "on", "by", "from", "this",
    "at", "or", "which", "when", "if", "an", "its", "no", "than",
]  # fmt: skip
_SYLLABLES = ["".join(letters) for letters in product("bdfgklmnprstv", "aei")]
_ENDINGS = ("", "l", "n", "t", "x", "ms", "nt", "st")
_MARKED = ("`{}`", "*{}*", "**{}**", "`{}_size`", "[{}](https://example.com/{})")
_SENTENCE = 15  # words, on average
_MOST_WORDS = 6_000
# How many words a note has: from and to, or the mean and the spread of a logarithm.
_LONG = (600, 1500)
_REAL = (5.4, 0.9)
_REAL_LINKS = 8
_PER_FOLDER = 50
_PER_TOPIC = 10
_CODE = {
    "bash": "export {0}_{1}=5\nuv run {0}.py --{1} {2} | tee {2}.log",
    "ini": "[{0}]\n{1} = 20\n{2} = 30\n# {0} counts twice\nserver_idle_timeout = 600",
    "sql": "SELECT {0}, count(*) FROM {1}\nWHERE {2} > 10 AND {0} IS NOT NULL\nGROUP BY {0} ORDER BY 2 DESC;",
    "text": "{0}: {1} waiting for {2}\n  at {1}.{2}(), after 30.00 s",
    "yaml": "{0}:\n  {1}: 5\n  {2}: [one, two]",
}
_SNIPPET = '''\
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Count {0} {number}.

It counts every {0} that {1} holds. Use it to see when {2} grows.

Servers: SQLite.
"""

import sqlite3

# --8<-- [start:count]
def count_{number}(connection: sqlite3.Connection, {0}: int = 5) -> int:
    """Return how many rows each {1} has, at least {0}."""
    found = connection.execute("SELECT count(*) FROM {1} WHERE {2} > ?", ({0},))
    return max({0}, *(row[0] for row in found))
# --8<-- [end:count]


if __name__ == "__main__":
    print("{2}", 5)
'''


@dataclass(frozen=True, slots=True)
class Form:
    """How links and queries are written: for the engine, or for plain MkDocs, which has no queries."""

    engine: bool

    def link(self, number: int, label: str = "", heading: str = "") -> str:
        """Return a link to a note, from any other."""
        if self.engine:
            return f"[[{title(number)}{f'#{heading}' if heading else ''}{f'|{label}' if label else ''}]]"
        anchor = "#" + heading.lower().replace(" ", "-") if heading else ""
        return f"[{label or title(number)}](../{path(number)}{anchor})"

    def query(self, text: str) -> list[str]:
        """Return a block with a query; nothing where there are none."""
        return [f"```dataview\n{text}\n```"] if self.engine else []


def path(number: int) -> str:
    """Return where a note lies below docs/."""
    return f"part-{number // _PER_FOLDER:03d}/note-{number:05d}.md"


def title(number: int) -> str:
    """Return the title of a note."""
    return f"Note {number:05d}"


def write_small(folder: Path, notes: int, *, engine: bool) -> None:
    """Write a site of ``notes`` short notes in folders of fifty, each with five links; every fiftieth has a query."""
    rng, form = random.Random(notes), Form(engine)
    _write_site(folder, [_small(rng, form, number, notes) for number in range(notes)], engine=engine)


def write_real(folder: Path, notes: int, *, engine: bool, long: bool = False) -> None:
    """Write a site of ``notes`` notes, and of the snippets that they show."""
    rng = random.Random(notes)
    lengths = [rng.randint(*_LONG) if long else min(int(rng.lognormvariate(*_REAL)), _LONG[1]) for _ in range(notes)]
    writer = _Writer(rng, Form(engine), lengths)
    _write_site(folder, [writer.note(number) for number in range(notes)], engine=engine)
    for name, text in writer.snippets.items():
        file = folder / "snippets" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _write_site(folder: Path, texts: Sequence[str], *, engine: bool) -> None:
    """Write the notes, and this guide's settings; for plain MkDocs with the theme that the engine's is made from."""
    for number, text in enumerate(texts):
        file = folder / "docs" / path(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "docs/index.md").write_text("# Home\n\nA generated vault.\n", encoding="utf-8")
    (folder / "snippets").mkdir()
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"^(extra_css|nav|watch|extra_javascript):.*\n(?:[ -].*\n)*", "", config, flags=re.MULTILINE)
    if not engine:
        config = config.replace("  name: garden\n", "  name: material\n  font: false\n  features: [navigation.prune]\n")
        config = re.sub(r"^plugins:\n(?: .*\n)*", "plugins: [search]\n", config, flags=re.MULTILINE)
        config = re.sub(r"^validation:\n(?: .*\n)*", "validation: {anchors: warn}\n", config, flags=re.MULTILINE)
        base = f"  - pymdownx.snippets:\n      base_path: ['{folder / 'snippets'}']\n"
        config = config.replace("  - pymdownx.snippets:\n", base)
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")


def _small(rng: random.Random, form: Form, number: int, notes: int) -> str:
    """Return a note of five paragraphs, a list and a table."""
    links = [form.link(rng.randrange(notes)) for _ in range(LINKS)]
    paragraphs = [
        f"{_twelve(rng)} {_twelve(rng)[:-1]} as {link} shows for *every* `pool_size`. {_twelve(rng)}" for link in links
    ]
    items = "\n".join(f"- {_twelve(rng)}" for _ in range(4))
    table = "| setting | value |\n| --- | --- |\n| pool_size | 5 |\n| max_overflow | 10 |"
    query = form.query(f'LIST FROM [[{title(number)}]] AND -"part-000"') if number % _PER_FOLDER == 0 else []
    front = f"---\ntitle: {title(number)}\ntags: [pool, part-{number // _PER_FOLDER}]\n---"
    head = [front, f"# {title(number)}", *paragraphs[:3], "## Why it matters", *paragraphs[3:]]
    return "\n\n".join([*head, items, table, *query]) + "\n"


def _twelve(rng: random.Random) -> str:
    """Return a sentence of twelve words."""
    return " ".join(rng.choices(WORDS, k=12)).capitalize() + "."


class _Writer:
    """Writes real notes one after the other; the choices are the same for both forms."""

    def __init__(self, rng: random.Random, form: Form, lengths: Sequence[int]) -> None:
        self._rng, self._form, self._lengths = rng, form, lengths
        made = ["".join(parts) for parts in product(_SYLLABLES, _SYLLABLES, _SYLLABLES, _ENDINGS)]
        self._words = WORDS + rng.sample(made, _MOST_WORDS)
        # As in any language, a word's place in the list of all tells how often it is used.
        self._weights = list(accumulate(1 / place for place in range(1, len(self._words) + 1)))
        self._headings = [[self._heading() for _ in range(1 + length // 170)] for length in lengths]
        self._linked = 0.0
        self.snippets = {
            f"topic_{number // _PER_TOPIC}/count_{number}.py": _SNIPPET.format(*self._some(3), number=number)
            for number in range(max(1, len(lengths) // 60))
        }

    def note(self, number: int) -> str:
        """Return the text of a note."""
        rng, length, headings = self._rng, self._lengths[number], self._headings[number]
        self._linked = min(0.6, _REAL_LINKS * _SENTENCE / length)
        lead = self._sentence()
        tags = rng.sample(["pool", "engine", "server", "driver", "session", "thread"], rng.randrange(1, 4))
        front = [f"title: {title(number)}", f"description: {lead}", f"tags: [{', '.join(tags)}, part-{number % 40}]"]
        if number % 4 == 0:
            front.append(f"aliases: [{' '.join(self._some(3))} {number}]")
        if number % 10 == 0:
            front.append(f"errors: ['{' '.join(self._some(6))} at {number}, timeout 30.00']")
        blocks = ["---\n{}\n---".format("\n".join(front)), f"# {title(number)}", lead]
        for place, heading in enumerate(headings):
            blocks += [f"{'###' if place % 3 == 2 else '##'} {heading}", *self._blocks(length // len(headings))]
        if number % 7 == 0:
            blocks += [self._paragraph(20) + "[^1]", f"[^1]: {self._sentence()}"]
        if number % 20 == 0:
            blocks += self._form.query(self._query(number))
        if number % 3 == 0:
            blocks.append(f'```python\n--8<-- "{rng.choice(list(self.snippets))}:count"\n```')
        return "\n\n".join(blocks) + "\n"

    def _blocks(self, words: int) -> list[str]:
        """Return blocks of about so many words, mostly paragraphs."""
        blocks: list[str] = []
        while words > 0:
            blocks.append(self._block(min(words, self._rng.randrange(25, 90))))
            words -= len(blocks[-1].split())
        return blocks

    def _block(self, words: int) -> str:
        rng, kind = self._rng, self._rng.random()
        if kind < 0.68:
            return self._paragraph(words)
        if kind < 0.80:
            return "\n".join(f"{sign} {self._sentence()}" for sign in self._signs(words // _SENTENCE + 2))
        if kind < 0.88:
            return self._table(words // 10 + 2)
        if kind < 0.96:
            language = rng.choice(list(_CODE))
            return f"```{language}\n{_CODE[language].format(*self._some(3))}\n```"
        return f'!!! note "{" ".join(self._some(3)).capitalize()}"\n\n    {self._sentence()}'

    def _signs(self, count: int) -> list[str]:
        return [f"{number}." for number in range(1, count + 1)] if self._rng.random() < 0.3 else ["-"] * count

    def _paragraph(self, words: int) -> str:
        sentences = []
        while words > 0:
            sentences.append(self._sentence())
            words -= len(sentences[-1].split())
        return " ".join(sentences)

    def _sentence(self) -> str:
        rng = self._rng
        words = [
            rng.choice(_SMALL_WORDS) if rng.random() < 0.45 else self._some(1)[0]
            for _ in range(rng.randrange(8, 2 * _SENTENCE - 8))
        ]
        words[0] = words[0].capitalize()
        if rng.random() < 0.25:
            at = rng.randrange(1, len(words))
            words[at] = rng.choice(_MARKED).replace("{}", words[at])
        if rng.random() < self._linked:
            words.insert(rng.randrange(1, len(words)), self._link())
        return " ".join(words) + "."

    def _link(self) -> str:
        rng, number = self._rng, self._rng.randrange(len(self._lengths))
        kind = rng.random()
        label = " ".join(self._some(2)) if kind > 0.5 else ""
        return self._form.link(number, label, rng.choice(self._headings[number]) if kind > 0.85 else "")

    def _table(self, rows: int) -> str:
        cells = [[self._some(1)[0], " ".join(self._some(3)), str(self._rng.randrange(1000))] for _ in range(rows)]
        lines = [f"| {' | '.join(row)} |" for row in cells]
        return "\n".join([lines[0], "| --- | --- | --- |", *lines[1:]])

    def _heading(self) -> str:
        return f"{' '.join(self._some(3)).capitalize()} {self._rng.randrange(100)}"

    def _query(self, number: int) -> str:
        return self._rng.choice([
            f"LIST FROM [[{title(number)}]]",
            "LIST FROM #pool AND #engine\nSORT file.name DESC\nLIMIT 20",
            f'TABLE description, tags FROM "part-{number // _PER_FOLDER:03d}"\nSORT file.name\nLIMIT 30',
            f'TABLE length(file.inlinks) AS "Links" FROM #part-{number % 40}\nSORT length(file.inlinks) DESC',
        ])  # fmt: skip

    def _some(self, count: int) -> list[str]:
        return self._rng.choices(self._words, cum_weights=self._weights, k=count)
