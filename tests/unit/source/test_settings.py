"""The settings of a site: one reader for MkDocs and for `garden check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from garden.model.report import Report
from garden.model.settings import Length, Server, Settings
from garden.source import settings

GIVEN = {
    "repository": "https://github.com/owner/name",
    "proofs": "required",
    "entry": "home.md",
    "glossary": None,
    "length": {"fewest": 100, "exempt": ["home.md", "maps/all.md"]},
}


def said(given: object, text: str = "") -> list[str]:
    report = Report()
    settings.read(given, "mkdocs.yml", text, report)
    return [str(problem) for problem in report.problems]


def test_what_is_said_counts_and_the_rest_has_its_default() -> None:
    report = Report()
    assert settings.read(GIVEN, "mkdocs.yml", "", report) == Settings(
        repository="https://github.com/owner/name",
        proofs="required",
        entry="home.md",
        length=Length(fewest=100, exempt=("home.md", "maps/all.md")),
    )
    assert settings.read(None, "mkdocs.yml", "", report) == Settings()
    assert settings.read({}, "mkdocs.yml", "", report) == Settings()
    assert report.problems == []


@pytest.mark.parametrize(
    "plugins",
    [
        "[search, garden: {entry: home.md}]",
        "\n  - search: {}\n  - garden:\n      entry: home.md\n  - garden: {}",
        "{garden: {entry: home.md}}",
        "\n  garden:\n    entry: home.md\n    proofs: !ENV [PROOFS, optional]",
    ],
)
def test_they_are_found_in_each_form_of_a_configuration(tmp_path: Path, plugins: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Notes\nplugins: {plugins}\n")
    assert settings.load(tmp_path / "mkdocs.yml") == Settings(entry="home.md")


@pytest.mark.parametrize(
    "text", ["", "plugins:\n", "plugins: garden\n", "plugins: [garden]\n", "plugins: {search: {}}", "- plugins\n"]
)
def test_a_configuration_without_any(tmp_path: Path, text: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(text)
    assert settings.load(tmp_path / "mkdocs.yml") == Settings()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "plugins:\n  - garden: {entry\n",
            "2: is not YAML: expected ',' or '}', but got '<stream end>'; correct this line [config-syntax]",
        ),
        ("plugins:\n\t- garden\n", "2: has a tab on this line; write spaces instead [config-syntax]"),
        (
            "plugins:\n  - garden:\n      proof: required\n",
            "3: `proof` is no setting; did you mean `proofs`? [setting-unknown]",
        ),
        (
            "plugins:\n  - garden:\n      entry: !!python/name:os.system\n",
            "3: is not YAML: could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system'; "
            "correct this line [config-syntax]",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(text)
    with pytest.raises(settings.Unreadable) as unreadable:
        settings.load(tmp_path / "mkdocs.yml")
    assert str(unreadable.value) == f"mkdocs.yml:{what}"


@pytest.mark.parametrize("repository", ["https://github.com/a/b/", "https://git.example.org/group/sub.group/a-name"])
def test_an_address_of_a_repository(repository: str) -> None:
    assert said({"repository": repository}) == []


@pytest.mark.parametrize("repository", ["owner/name", "http://github.com/a/b", "javascript:x", "https://github.com"])
def test_what_is_no_address_of_a_repository(repository: str) -> None:
    advice = "write it like https://github.com/owner/name [setting-value]"
    assert said({"repository": repository}) == [
        f"mkdocs.yml:1: `repository: {repository}` is no address of a repository; {advice}"
    ]


@pytest.mark.parametrize("number", [-1, 1.5, True, "600"])
def test_what_is_no_number_of_words(number: object) -> None:
    what = f"`length: fewest` is `{number}`; write a whole number, such as 600 [setting-value]"
    assert said({"length": {"fewest": number}}) == [f"mkdocs.yml:1: {what}"]
    assert said({"length": {"fewest": 0, "most": 0}}) == []


def test_a_setting_from_another_file_has_the_line_of_what_leads_there() -> None:
    text = "INHERIT: base.yml\nplugins:\n  - garden:\n      proofs: required\n"
    assert said({"length": 5}, text) == [
        "mkdocs.yml:3: `length` is not a list of `name: value` lines; write it so [setting-value]"
    ]


def test_servers_have_packages_and_variables() -> None:
    given = {"SQLite": None, "Redis": {"packages": ["redis"], "variables": {"REDIS_URL": "redis://localhost"}}}
    report = Report()
    found = settings.read({"servers": given}, "mkdocs.yml", "", report)
    assert report.problems == []
    assert found.servers == {"SQLite": Server(), "Redis": Server(("redis",), {"REDIS_URL": "redis://localhost"})}


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (["Redis"], "`servers` is not a list of `name: value` lines; write it so [setting-value]"),
        ({"Redis": "redis"}, "`servers: Redis` is not a list of `name: value` lines; write it so [setting-value]"),
        (
            {"Redis": {"package": ["redis"]}},
            "`servers: Redis: package` is no setting; did you mean `packages`? [setting-unknown]",
        ),
        (
            {"Redis 7.2": {}},
            "`servers: Redis 7.2` has a comma or a full stop, which ends the name of a server; "
            "remove it [setting-value]",
        ),
        (
            {"Redis": {"variables": {"redis-url": "x"}}},
            "`servers: Redis: variables: redis-url` is no name of a variable; "
            "write one such as SERVER_URL [setting-value]",
        ),
        (
            {"Redis": {"variables": {"PORT": 5}}},
            "`servers: Redis: variables` is `5`, which is no text; put it between quotes [setting-value]",
        ),
    ],
)
def test_what_is_no_server(given: object, what: str) -> None:
    assert said({"servers": given}) == [f"mkdocs.yml:1: {what}"]


@pytest.mark.parametrize("folder", ["../files", "/files", "files/", "my files", "", "1"])
def test_what_is_no_folder(folder: str) -> None:
    what = (
        f"`folders: snippets` is `{folder}`, which is no path of a folder; write one such as `snippets` [setting-value]"
    )
    assert said({"folders": {"snippets": folder}}) == [f"mkdocs.yml:1: {what}"]


def test_folders_and_common_tests() -> None:
    assert said({"folders": {"snippets": "examples/python", "records": "data"}, "common_tests": ["test_all.py"]}) == []
    what = "`folders: snippets` is in `code`, which is a module of Python; choose another [setting-value]"
    assert said({"folders": {"snippets": "code/python"}}) == [f"mkdocs.yml:1: {what}"]
    what = "`folders: antipatterns` is `a/b`, which is no path of a folder; write one such as `antipatterns`"
    assert said({"folders": {"antipatterns": "a/b"}}) == [f"mkdocs.yml:1: {what} [setting-value]"]
    what = "`common_tests` has `tests/all.py`; write the names of files such as test_all.py [setting-value]"
    assert said({"common_tests": ["tests/all.py"]}) == [f"mkdocs.yml:1: {what}"]
