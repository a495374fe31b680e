"""Every snippet runs as pasted, on every server it names, and prints what is kept beside it."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from garden.snippets.catalog import Snippet
from tests.conftest import missing
from tests.servers import mariadb
from tests.snippets import catalog
from tests.snippets.catalog import all_snippets
from tests.snippets.normalize import normalize
from tests.snippets.test_demo import tables
from tools import outputs
from tools.outputs import NoRegistry, SnippetFailed, drift, run_as_pasted

# The fixture with an empty database on each server that a snippet may name.
FIXTURES = {
    "postgresql": "postgres_database",
    "postgresql with tls": "tls_postgres_database",
    "postgresql with gunicorn": "postgres_database",
    "mariadb": "mariadb_database",
}

HEADER = '''# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Made up.

Servers: SQLite.
"""
'''


@pytest.fixture(scope="session")
def environments(folder_of_the_run: Path) -> Path:
    """Where the environments of this run are."""
    return folder_of_the_run / "environments"


def pasted(snippet: Snippet, folder: Path, url: str | None, environments: Path) -> str:
    """Return what a snippet prints; skip the test if no registry answers: the first to wait for it waits for all."""
    unanswered = environments.with_name("unanswered")
    if unanswered.exists():
        missing(outputs.MISSING)
    try:
        return run_as_pasted(snippet, folder, url, environments)
    except NoRegistry:
        unanswered.touch()
        missing(outputs.MISSING)


@pytest.mark.parametrize(
    ("snippet", "server"),
    [
        pytest.param(snippet, server, id=f"{snippet.key}-{server}")
        for snippet in all_snippets()
        for server in snippet.servers
    ],
)
def test_runs_as_pasted(
    snippet: Snippet, server: str, request: pytest.FixtureRequest, tmp_path: Path, environments: Path
) -> None:
    url = None if server == "sqlite" else request.getfixturevalue(FIXTURES[server])
    if url:
        put_a_row(url, "readers_table")
    output = pasted(snippet, tmp_path, url, environments)
    difference = drift(snippet, server, output)
    if difference:
        pytest.fail(f"`make outputs ONLY={snippet.key}` keeps the new output:\n{difference}", pytrace=False)
    if url:
        assert rows(url, "readers_table") == ["readers"]
        assert tables(url) == ["readers_table"], "it leaves tables behind"


def put_a_row(url: str, table: str) -> None:
    """Create a table with a row, as a reader has them."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text(f"CREATE TABLE {table} (words varchar(9))"))
        connection.execute(text(f"INSERT INTO {table} VALUES ('readers')"))


def rows(url: str, table: str) -> list[str]:
    """Return what is in a table."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return list(connection.scalars(text(f"SELECT words FROM {table}")))


# How a snippet names a table that it makes.
TABLE = re.compile(r'CREATE TABLE (\w+)|\bTable\(\s*"(\w+)"|__tablename__ = "(\w+)"')


def tables_made(snippet: Snippet) -> list[str]:
    """Return the tables that a snippet makes in a database that the reader names."""
    names = ["".join(found) for found in TABLE.findall(snippet.source)]
    return list(dict.fromkeys(names)) if "DATABASE_URL" in snippet.source else []


def makers_of_tables() -> list[tuple[Snippet, str]]:
    """Return the snippets that make tables in a database that the reader names, with each server they name."""
    return [(snippet, server) for snippet in all_snippets() if tables_made(snippet) for server in snippet.servers]


@pytest.mark.parametrize(
    ("snippet", "server"), [pytest.param(*one, id=f"{one[0].key}-{one[1]}") for one in makers_of_tables()]
)
def test_a_table_that_is_there_stays(
    snippet: Snippet, server: str, request: pytest.FixtureRequest, tmp_path: Path, environments: Path
) -> None:
    file = f"sqlite:///{tmp_path}/readers.db"
    url = file if server == "sqlite" else request.getfixturevalue(FIXTURES[server])
    (tmp_path / "paste").mkdir()
    for table in tables_made(snippet):
        put_a_row(url, table)
        with pytest.raises(SnippetFailed) as refused:
            pasted(snippet, tmp_path / "paste", url, environments)
        what = f"table {table} exists, and the demo would drop it: point DATABASE_URL at an empty database\n"
        assert str(refused.value) == f"{snippet.key}, run as pasted, ended with 1:\n{what}"
        assert rows(url, table) == ["readers"]
        assert tables(url) == [table]
        with create_engine(url, poolclass=NullPool).begin() as connection:
            connection.execute(text(f"DROP TABLE {table}"))


@pytest.fixture
def other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of snippets that is not the project's."""
    folder = tmp_path / "snippets"
    (folder / "topic").mkdir(parents=True)
    (tmp_path / "paste").mkdir()
    monkeypatch.setattr(catalog, "FOLDER", folder)
    return folder


def written(folder: Path, body: str) -> Snippet:
    """Return a snippet in that folder."""
    path = folder / "topic" / "made_up.py"
    path.write_text(f"{HEADER}{body}\n")
    return catalog.snippet(path)


def test_drift_is_shown_as_a_diff(other_folder: Path, environments: Path) -> None:
    snippet = written(other_folder, "print('same')\nprint('new')")
    snippet.kept_output("sqlite").write_text("same\nold\n")
    output = run_as_pasted(snippet, other_folder.parent / "paste", None, environments)
    assert drift(snippet, "sqlite", output) == (
        "--- snippets/topic/made_up.out\n+++ what it printed on sqlite\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("import sqlalchemy", "No module named 'sqlalchemy'"),
        ("import snippets", "No module named 'snippets'"),
        ("import warnings; warnings.warn('old')", "UserWarning: old"),
        ("open('left.db', 'w').close()", "left files behind: left.db"),
    ],
)
def test_it_gets_no_help_and_leaves_nothing(other_folder: Path, environments: Path, body: str, message: str) -> None:
    with pytest.raises(SnippetFailed, match=message):
        run_as_pasted(written(other_folder, body), other_folder.parent / "paste", None, environments)


def test_only_scripts_with_the_same_header_share_an_environment(other_folder: Path, tmp_path: Path) -> None:
    where = "import sys\nprint(sys.prefix)"
    one = run_as_pasted(written(other_folder, where), tmp_path / "paste", None, tmp_path)
    same = run_as_pasted(written(other_folder, f"# another\n{where}"), tmp_path / "paste", None, tmp_path)
    snippet = written(other_folder, where)
    snippet.path.write_text(snippet.source.replace("dependencies = []", 'dependencies = ["packaging"]'))
    other = pasted(catalog.snippet(snippet.path), tmp_path / "paste", None, tmp_path)
    assert one == same != other
    assert Path(one.strip()).parent == Path(other.strip()).parent == tmp_path


def test_what_is_pasted_has_no_markers_and_is_otherwise_the_file(other_folder: Path) -> None:
    snippet = written(other_folder, "# --8<-- [start:one]\nx = 1\n# --8<-- [end:one]\ny = '[end:one]'")
    assert snippet.pasted == f"{HEADER}x = 1\ny = '[end:one]'\n"


def test_rules_replace_values_and_keep_every_line() -> None:
    output = "a takes 4.3 times as long\n\nin 2 lines, version 3.11\n"
    assert normalize(output) == "a takes <ratio> times as long\n\nin 2 lines, version 3.11\n"
    refusal = "  remaining connection slots are reserved for roles with the SUPERUSER attribute\nnext\n"
    assert normalize(refusal) == "  remaining connection slots are reserved for <superusers>\nnext\n"


# `make outputs`


def kept(folder: Path, name: str, body: str) -> None:
    (folder / "topic" / f"{name}.py").write_text(f"{HEADER}{body}\n")


def test_one_that_fails_is_told_and_the_others_are_kept(
    other_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(other_folder, "a", "raise SystemExit('it broke')")
    kept(other_folder, "b", "print(2)")
    kept(other_folder, "c", "")
    (other_folder / "topic/d.py").write_text(HEADER.replace("SQLite", "MariaDB"))
    monkeypatch.setattr(mariadb, "find", lambda: None)
    assert outputs.main([]) == 1
    assert capsys.readouterr().out == (
        "topic/a, run as pasted, ended with 1:\nit broke\n\n"
        "snippets/topic/b.out: written\n"
        "snippets/topic/c.out: written\n"
        f"topic/d did not run on mariadb: {mariadb.MISSING}\n"
    )
    assert {file.name: file.read_text() for file in other_folder.rglob("*.out")} == {"b.out": "2\n", "c.out": ""}


def test_only_the_snippets_that_are_named_run(other_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "ab":
        kept(other_folder, name, "print(1)")
    assert outputs.main(["topic/b"]) == outputs.main(["snippets/topic/b.py"]) == 0
    assert capsys.readouterr().out == "snippets/topic/b.out: written\nsnippets/topic/b.out: as it was\n"
    assert [file.name for file in other_folder.rglob("*.out")] == ["b.out"]


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("topic/lesae", "no snippet is called topic/lesae; did you mean topic/lease?"),
        ("x", "no snippet is called x; write topic/name, as its path below snippets/"),
    ],
)
def test_a_name_that_no_snippet_has(other_folder: Path, capsys: pytest.CaptureFixture[str], key: str, why: str) -> None:
    kept(other_folder, "lease", "print(1)")
    assert outputs.main([key]) == 2
    assert capsys.readouterr().out == f"{why}\n"


def test_one_that_does_not_end_is_told(other_folder: Path, environments: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "RUN_SECONDS", 0.01)
    with pytest.raises(SnippetFailed, match=r"topic/made_up, run as pasted, had not ended after 0\.01 seconds"):
        run_as_pasted(written(other_folder, "print(1)"), other_folder.parent / "paste", None, environments)


# Without a network


@pytest.fixture
def unanswered(other_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Snippet:
    """A snippet with a package that no registry gives: where one should be, nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{free.getsockname()[1]}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(other_folder.parent / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    snippet = written(other_folder, "print(1)")
    snippet.path.write_text(snippet.source.replace("dependencies = []", 'dependencies = ["packaging"]'))
    return catalog.snippet(snippet.path)


def test_without_a_registry_the_first_waits_and_all_are_skipped(
    unanswered: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    what = "the package registry does not answer, so nothing can be installed for what is pasted"
    with pytest.raises(pytest.skip.Exception, match=what):
        pasted(unanswered, tmp_path / "paste", None, tmp_path / "environments")
    monkeypatch.setattr(outputs, "uv", lambda *_, **__: pytest.fail("it waits again"))
    with pytest.raises(pytest.skip.Exception, match=what):
        pasted(unanswered, tmp_path / "paste", None, tmp_path / "environments")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=what):
        pasted(unanswered, tmp_path / "paste", None, tmp_path / "environments")


def test_make_outputs_says_that_no_registry_answers(unanswered: Snippet, capsys: pytest.CaptureFixture[str]) -> None:
    assert outputs.main([]) == 1
    assert capsys.readouterr().out == f"{unanswered.key} did not run: {outputs.MISSING}\n"


def test_a_package_that_no_registry_has_fails_the_test(other_folder: Path, environments: Path) -> None:
    snippet = written(other_folder, "print(1)")
    snippet.path.write_text(snippet.source.replace("dependencies = []", 'dependencies = ["packaging>9000"]'))
    with pytest.raises(SnippetFailed, match="packaging>9000") as failed:
        pasted(catalog.snippet(snippet.path), other_folder.parent / "paste", None, environments)
    assert not isinstance(failed.value, NoRegistry)
