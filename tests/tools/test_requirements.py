"""The locked requirements install with any pip that a reader may have."""

from __future__ import annotations

from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.snippets.catalog import ROOT


def locked() -> list[Requirement]:
    """Return the requirements, as they are locked."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if line and line[0].isalpha()]


def test_what_is_needed_with_an_extra_is_locked_with_it() -> None:
    # Otherwise pip 23 takes the newest release for the one with the extra, and refuses it: it has no hash.
    extras = {requirement.name.lower(): requirement.extras for requirement in locked()}
    assert len(extras) > 50
    needed = [
        (package.name, Requirement(need))
        for package in locked()
        if package.marker is None or package.marker.evaluate()
        for need in metadata.requires(package.name) or []
        if "extra ==" not in need
    ]
    assert [
        (package, str(need))
        for package, need in needed
        if not need.extras <= extras.get(need.name.lower(), need.extras)
    ] == []


def test_what_was_chosen_is_locked() -> None:
    versions = {requirement.name.lower(): requirement.specifier for requirement in locked()}
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    chosen = [Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()]
    assert len(chosen) > 20
    missing = "`make lock` writes it into requirements.txt"
    assert {need.name: missing for need in chosen if need.name.lower() not in versions} == {}
    pinned = {need: next(iter(versions[need.name.lower()])).version for need in chosen}
    assert {str(need): missing for need, version in pinned.items() if not need.specifier.contains(version)} == {}


def test_what_is_locked_installs_on_the_oldest_python_that_is_promised() -> None:
    # A lock that another program has written may lack the markers that `uv --universal` writes.
    oldest = {"python_version": "3.11", "python_full_version": "3.11.0"}
    taken = [need for need in locked() if need.marker is None or need.marker.evaluate(oldest)]
    assert len(taken) > 50
    refused = []
    for need in taken:
        try:
            package = metadata.distribution(need.name)
        except metadata.PackageNotFoundError:  # of another system
            continue
        wanted = SpecifierSet(package.metadata["Requires-Python"] or "")
        if need.specifier.contains(package.version) and not wanted.contains("3.11.0"):
            refused.append(f"{need} needs Python {wanted}")
    assert refused == []
