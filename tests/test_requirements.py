"""The locked requirements install with any pip that a reader may have."""

from __future__ import annotations

from importlib import metadata

from packaging.requirements import Requirement

from tests.snippets.catalogue import ROOT


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
