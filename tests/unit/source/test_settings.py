"""The settings of a site: one reader for MkDocs and for `garden check`."""

from __future__ import annotations

import pytest

from garden.model.settings import Length, Settings
from garden.source import settings

GIVEN = {
    "repository": "https://github.com/owner/name",
    "proofs": "required",
    "entry": "home.md",
    "glossary": None,
    "length": {"fewest": 100, "exempt": ["home.md", "maps/all.md"]},
}


def said(given: object, text: str = "") -> list[str]:
    return [str(problem) for problem in settings.read(given, "mkdocs.yml", text)[1]]


def test_what_is_said_counts_and_the_rest_has_its_default() -> None:
    assert settings.read(GIVEN, "mkdocs.yml", "") == (
        Settings(
            repository="https://github.com/owner/name",
            proofs="required",
            entry="home.md",
            length=Length(fewest=100, exempt=("home.md", "maps/all.md")),
        ),
        [],
    )
    assert settings.read(None, "mkdocs.yml", "") == settings.read({}, "mkdocs.yml", "") == (Settings(), [])


@pytest.mark.parametrize(
    "plugins",
    [["search", {"garden": GIVEN}], [{"search": None}, {"garden": GIVEN}, {"garden": {}}], {"garden": GIVEN}],
)
def test_they_are_found_in_each_form_of_a_configuration(plugins: object) -> None:
    assert settings.options({"plugins": plugins}) == GIVEN


@pytest.mark.parametrize("plugins", [["garden"], ["search"], {"search": {}}, None, "garden"])
def test_a_configuration_without_any(plugins: object) -> None:
    assert settings.options({"plugins": plugins}) is None


@pytest.mark.parametrize("repository", ["https://github.com/a/b/", "https://git.example.org/group/sub.group/a-name"])
def test_an_address_of_a_repository(repository: str) -> None:
    assert said({"repository": repository}) == []


@pytest.mark.parametrize("repository", ["owner/name", "http://github.com/a/b", "javascript:x", "https://github.com"])
def test_what_is_no_address_of_a_repository(repository: str) -> None:
    advice = "write it like https://github.com/owner/name"
    assert said({"repository": repository}) == [
        f"mkdocs.yml:1: `repository: {repository}` is no address of a repository; {advice}"
    ]


@pytest.mark.parametrize("number", [-1, 1.5, True, "600"])
def test_what_is_no_number_of_words(number: object) -> None:
    what = f"`length: fewest` is `{number}`; write a whole number, such as 600"
    assert said({"length": {"fewest": number}}) == [f"mkdocs.yml:1: {what}"]
    assert said({"length": {"fewest": 0, "most": 0}}) == []


def test_a_setting_from_another_file_has_the_line_of_what_leads_there() -> None:
    text = "INHERIT: base.yml\nplugins:\n  - garden:\n      proofs: required\n"
    assert said({"length": 5}, text) == ["mkdocs.yml:3: `length` is not a list of `name: value` lines; write it so"]
