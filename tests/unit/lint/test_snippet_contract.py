"""Where a snippet breaks its contract: each rule, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from garden.lint.snippet_contract import problems, readers_data
from garden.model.settings import Licenses, Server, Settings
from garden.snippets.catalog import Snippet
from tests.snippets.catalog import SETTINGS, snippet

KEPT = '''# SPDX-License-Identifier: MIT-0
# /// script
# requires-python = ">=3.10"
# dependencies = ["sqlalchemy>=2.0"]
# ///
"""A title.

Use it here, not there.

Servers: SQLite.
"""

import os

from sqlalchemy import text


# --8<-- [start:part]
def part() -> object:
    """Do it."""
    return os, text
# --8<-- [end:part]


def demo() -> None:
    """Print it."""
    print(part())


if __name__ == "__main__":
    demo()
'''


TEST = "from snippets.topic.made_up import part\n\n\ndef test_it() -> None:\n    assert part()\n"
HERE = "snippets/topic/made_up.py"
ITS_TEST = "tests/snippets/topic/test_made_up.py"


def said_of(folder: Path, files: dict[str, str]) -> list[str]:
    """Return what is said of a made-up snippet, the first of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [str(problem) for problem in problems(snippet(folder / next(iter(files))))]


def beside(source: str) -> dict[str, str]:
    """Return a snippet with a test and an output, by their paths."""
    return {HERE: source, ITS_TEST: TEST, HERE.replace(".py", ".out"): "1\n", HERE.replace("made_up", "other"): ""}


def test_a_good_snippet_breaks_nothing(tmp_path: Path) -> None:
    assert said_of(tmp_path, beside(KEPT)) == []


def test_it_may_import_itself(tmp_path: Path) -> None:
    assert said_of(tmp_path, beside(KEPT.replace("import os\n", "import os\n\nimport made_up\n"))) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            KEPT[KEPT.index("# ///") : KEPT.index('"""')],
            "",
            1,
            "has no header between `# /// script` and `# ///`; write one like that of its neighbors [snippet-header]",
        ),
        ("= [", "= [[", 2, "its header is no TOML: "),
        (
            "requires-python",
            "python",
            2,
            'its header does not say which Python it needs; write `# requires-python = ">=3.10"` [snippet-header]',
        ),
        (
            '["sqlalchemy>=2.0"]',
            '["sqlalchemy>=2.0", "Flask_X>=3"]',
            4,
            "its header lists flask-x, which neither it nor one of its servers needs; remove it [snippet-header]",
        ),
        (
            "Servers: SQLite.",
            "Servers: SQLite, PostgreSQL.",
            4,
            "its header does not list psycopg, which PostgreSQL needs; add it to `dependencies` [snippet-header]",
        ),
        (
            "import os\n",
            "import os\n\nimport other\n",
            1,
            "imports other, which a reader who copies it does not have; put the code into it [snippet-alone]",
        ),
        (
            "MIT-0",
            "MIT",
            1,
            "does not say its license; begin it with `# SPDX-License-Identifier: MIT-0` [snippet-license]",
        ),
        (
            "A title.",
            "A title",
            6,
            "its docstring has no title; begin it with one line that ends with a full stop [snippet-docstring]",
        ),
        (
            "Use it here, not",
            "It is not",
            6,
            "its docstring does not say when to use it; write `Use it when …` [snippet-docstring]",
        ),
        (", not there", "", 6, "its docstring does not say when not to use it; write `Not when …` [snippet-docstring]"),
        (
            "Servers: SQLite.\n",
            "",
            1,
            "has no line `Servers:`; write `Servers: SQLite.` at the end of its docstring [snippet-servers]",
        ),
        (
            "Servers: SQLite.",
            "Servers: SQLite",
            10,
            "has no line `Servers:` that ends with a full stop; write `Servers: "
            "SQLite.` at the end of its docstring [snippet-servers]",
        ),
        (
            "Servers: SQLite.",
            "Servers: Oracle.",
            10,
            "no test has a server `Oracle`; the servers are SQLite, PostgreSQL, PostgreSQL with TLS, "
            "PostgreSQL with gunicorn, MariaDB [snippet-servers]",
        ),
        (
            "    demo()\n",
            "    part()\n",
            31,
            'does not end with `if __name__ == "__main__":` and `    demo()`; '
            "write that as its last two lines [snippet-demo]",
        ),
        (
            "def demo",
            "def main",
            31,
            "has no function `demo`; write one that prints what a reader should see [snippet-demo]",
        ),
        (
            "    return os, text",
            "    print()\n    return os, text",
            21,
            "prints outside `demo`; return the value, and print it in `demo` [snippet-demo]",
        ),
        ('    """Do it."""\n', "", 19, "`part` has no docstring; say in one line what it does [snippet-docstring]"),
        (
            "# --8<-- [start:part]\n",
            "",
            21,
            "the region `part` ends here but is not open; add its start or remove this line [region-bounds]",
        ),
        (
            "# --8<-- [end:part]\n",
            "",
            18,
            "the region `part` is never closed; add `--8<-- [end:part]` where it ends [region-bounds]",
        ),
        (
            "# --8<-- [end:part]\n",
            "# --8<-- [end:part]\n# --8<-- [start:part]\n# --8<-- [end:part]\n",
            23,
            "the region `part` begins a second time; give it a name of its own [region-bounds]",
        ),
        (
            "    return os, text\n",
            "    return os, text\n# --8<-- [start:other]\n",
            22,
            "the region `other` begins inside `part`; end that before it [region-bounds]",
        ),
        (
            "    return os, text\n#",
            "    return os, text  #",
            21,
            "is no marker of a region; write `# --8<-- [start:name]`, alone on its line [region-marker]",
        ),
        (
            "# SPDX",
            "# ANTI-PATTERN\n# SPDX",
            1,
            "calls itself an anti-pattern; move it to snippets/antipatterns/, "
            "or remove this line [snippet-antipattern]",
        ),
        (
            "    print(part())\n",
            "    print(part())\n" * 150,
            161,
            "has 178 lines, and nobody reads more than 160; shorten it [snippet-length]",
        ),
    ],
)
def test_each_breach_is_said(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    said = said_of(tmp_path, beside(KEPT.replace(old, new)))
    assert any(words.startswith(f"{HERE}:{line}: {what}") for words in said), said


def test_a_snippet_without_regions_has_nothing_to_show(tmp_path: Path) -> None:
    source = "".join(line for line in KEPT.splitlines(keepends=True) if "8<" not in line)
    what = (
        "has no region; put `# --8<-- [start:name]` and `# --8<-- [end:name]` around what notes show [region-missing]"
    )
    assert said_of(tmp_path, beside(source)) == [f"{HERE}:1: {what}"]


def test_what_is_no_python_is_told_by_others(tmp_path: Path) -> None:
    assert said_of(tmp_path, beside("def (")) == []
    assert said_of(tmp_path, beside(KEPT) | {ITS_TEST: "def ("}) == []


def test_an_antipattern_says_so_at_the_top_and_in_each_region(tmp_path: Path) -> None:
    path, says = "snippets/antipatterns/made_up.py", "# ANTI-PATTERN: it hurts.\n"
    (tmp_path / "tests/snippets/antipatterns").mkdir(parents=True)
    (tmp_path / "tests/snippets/antipatterns/test_made_up.py").write_text(TEST)
    what = "an anti-pattern says here what harm it does; write a line `# ANTI-PATTERN: …` [snippet-antipattern]"

    def said(source: str) -> list[str]:
        return said_of(tmp_path, {path: source, path.replace(".py", ".out"): ""})

    fix = what.replace(" [", ", or `# FIX: …` above the fix [")
    assert said(KEPT) == [f"{path}:1: {what}", f"{path}:19: {fix}"]
    assert said(says + KEPT) == [f"{path}:20: {fix}"]
    assert said((says + KEPT).replace("[start:part]\n", f"[start:part]\n{says}")) == []
    assert said((says + KEPT).replace("[start:part]\n", "[start:part]\n# FIX: so.\n")) == []
    assert said(f"# FIX: so.\n{KEPT}") == [f"{path}:1: {what}", f"{path}:20: {fix}"]


URL = 'os.environ["DATABASE_URL"]'
LOOK = 'sys.exit("table t exists, and the demo would drop it: point DATABASE_URL at an empty database")'
ADVICE = "create something to change, and drop that"
MAY_DROP = (
    "may drop what is the reader's; if it is there, end with "
    '`sys.exit("table … exists, and the demo would drop it: …")` before'
)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([URL, "metadata.drop_all(engine)"], [f"3: {MAY_DROP}"]),
        ([URL, "run('DROP TABLE t')", LOOK], [f"3: {MAY_DROP}"]),
        ([URL, "run(f'DROP DATABASE {name}')"], [f"3: {MAY_DROP}"]),
        ([URL, LOOK, "run('DROP TABLE t')", "metadata.drop_all(engine)"], []),
        (["run('DROP TABLE t')", "run('ALTER DATABASE d CONNECTION LIMIT 3')"], []),
        (['"""It does not DROP TABLE or TRUNCATE."""', URL], []),
        *(
            ([URL, LOOK, f"run('{words} t')"], [f"4: `{words}` changes what is the reader's; {ADVICE}"])
            for words in ("ALTER DATABASE", "ALTER ROLE", "ALTER SYSTEM", "SET GLOBAL", "TRUNCATE")
        ),
    ],
)
def test_what_a_demo_may_do_to_a_readers_database(tmp_path: Path, lines: list[str], said: list[str]) -> None:
    file = tmp_path / "made_up.py"
    file.write_text("\n".join(["# A snippet.", *lines]))
    assert [f"{line}: {what}" for line, what in readers_data(snippet(file))] == said


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (None, f"{HERE}:1: has no test; write {ITS_TEST} [snippet-test]"),
        (
            "",
            f"{ITS_TEST}:1: holds no test; write a function `test_…` that fails when the behavior goes away "
            "[snippet-test]",
        ),
        (
            "def test_it() -> None:\n    pass\n",
            f"{ITS_TEST}:1: asserts nothing, so that it cannot fail; "
            "write `assert` before what must hold [snippet-test]",
        ),
    ],
)
def test_a_test_that_shows_nothing(tmp_path: Path, test: str | None, said: str) -> None:
    files = {HERE: KEPT, HERE.replace(".py", ".out"): ""} | ({} if test is None else {ITS_TEST: test})
    assert said_of(tmp_path, files) == [said]


def test_every_output_is_kept(tmp_path: Path) -> None:
    source = KEPT.replace("Servers: SQLite", "Servers: SQLite, MariaDB").replace('0"]', '0", "pymysql"]')
    files = {HERE: source, ITS_TEST: TEST}
    advice = "run `make outputs ONLY=topic/made_up` [snippet-output-missing]"
    assert said_of(tmp_path, files) == [
        f"{HERE}:1: has no kept output; {advice}",
        f"{HERE}:1: has no kept output of MariaDB; {advice}",
    ]
    assert said_of(tmp_path, files | {HERE.replace(".py", ".out"): "", HERE.replace(".py", ".mariadb.out"): ""}) == []


def test_every_server_is_one_of_the_tests() -> None:
    from tools.outputs import KINDS

    assert {"sqlite", *KINDS} == {name.lower() for name in SETTINGS.servers}


# What is asked follows the settings of the site

PLAIN = '''# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""A title.

Use it here, not there.
"""


# --8<-- [start:part]
def part() -> int:
    """Return it."""
    return 1
# --8<-- [end:part]


def demo() -> None:
    """Print it."""
    print(part())


if __name__ == "__main__":
    demo()
'''
CACHES = Settings(
    licenses=Licenses(snippets="0BSD"),
    servers={"Redis": Server(("redis",), {"REDIS_URL": "redis://localhost"}), "Memory": Server()},
)


def said(folder: Path, source: str, settings: Settings, *outputs: str) -> list[str]:
    tests = folder / "tests/snippets/topic"
    (folder / HERE).parent.mkdir(parents=True, exist_ok=True)
    tests.mkdir(parents=True, exist_ok=True)
    (folder / HERE).write_text(source)
    (tests / "test_made_up.py").write_text("def test_it():\n    assert True\n")
    for name in outputs:
        (folder / HERE).with_name(name).write_text("1\n")
    return [str(problem) for problem in problems(Snippet(folder / HERE, settings))]


def test_a_site_without_servers_and_licenses_asks_for_none(tmp_path: Path) -> None:
    assert said(tmp_path, PLAIN, Settings()) == [
        f"{HERE}:1: has no kept output; run `make outputs ONLY=topic/made_up` [snippet-output-missing]"
    ]
    assert said(tmp_path, PLAIN, Settings(), "made_up.out") == []
    named = PLAIN.replace("there.\n", "there.\n\nServers: Redis.\n")
    assert said(tmp_path, named, Settings()) == [
        f"{HERE}:9: no test has a server `Redis`; remove it: this site has no servers [snippet-servers]"
    ]


def test_another_site_asks_for_its_own(tmp_path: Path) -> None:
    assert said(tmp_path, PLAIN, CACHES, "made_up.out") == [
        f"{HERE}:1: does not say its license; begin it with `# SPDX-License-Identifier: 0BSD` [snippet-license]",
        f"{HERE}:1: has no line `Servers:`; write `Servers: Redis.` at the end of its docstring [snippet-servers]",
    ]
    named = "# SPDX-License-Identifier: 0BSD\n" + PLAIN.replace("there.\n", "there.\n\nServers: Memory, Redis, Disk.\n")
    assert said(tmp_path, named, CACHES, "made_up.out") == [
        f"{HERE}:4: its header does not list redis, which Redis needs; add it to `dependencies` [snippet-header]",
        f"{HERE}:10: no test has a server `Disk`; the servers are Redis, Memory [snippet-servers]",
        f"{HERE}:1: has no kept output of Redis; run `make outputs ONLY=topic/made_up` [snippet-output-missing]",
    ]


def test_what_a_demo_may_drop_is_asked_where_a_reader_names_the_server(tmp_path: Path) -> None:
    body = 'print(os.environ["REDIS_URL"], "DROP TABLE t")'
    source = "# SPDX-License-Identifier: 0BSD\n" + PLAIN.replace("there.\n", "there.\n\nServers: Memory.\n")
    source = source.replace("print(part())", body).replace('"""\n\n\n# --8', '"""\n\nimport os\n\n\n# --8')
    assert said(tmp_path, source, CACHES, "made_up.out") == [
        f"{HERE}:25: may drop what is the reader's; if it is there, end with "
        '`sys.exit("table … exists, and the demo would drop it: …")` before [snippet-data]'
    ]
    assert said(tmp_path, source.replace("REDIS_URL", "HOME"), CACHES) == []
