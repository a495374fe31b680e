"""What npm brings, by version and hash: the packages that a folder's package-lock.json names."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from garden.runtime.cache import digest
from garden.runtime.node import Node, run

FILES = ("package.json", "package-lock.json")
# No registry's name in the lock, no program of a package run, no word about funds, audits and newer versions.
_OPTIONS = (
    "--omit-lockfile-registry-resolved",
    "--ignore-scripts",
    "--no-fund",
    "--no-audit",
    "--no-update-notifier",
)


def install(folder: Path, cache: Path, node: Node, failure: str) -> Path:
    """Install what the lock in ``folder`` names, unless ``cache`` has it; return the folder of the modules.

    Raise `Unavailable` with ``failure`` if that cannot be done. Several processes may bring the same at once.
    """
    place = cache / f"npm-{digest([folder / 'package-lock.json'])}"
    if not place.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as holder:
            new = Path(holder, "new")
            new.mkdir()
            for name in FILES:
                shutil.copy(folder / name, new)
            run([*node.npm, "ci", *_OPTIONS], failure, cwd=new)
            if not place.is_dir():
                new.rename(place)
    return place / "node_modules"


def lock(folder: Path, node: Node, *, upgrade: bool = False) -> None:
    """Resolve package.json into package-lock.json, with hashes and without the registry's name.

    With ``upgrade``, each package becomes the newest of its major version: another one may need another Node.js.
    """
    options, failure = ["--package-lock-only", *_OPTIONS], f"npm could not resolve {folder.name}"
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    newer = [f"{name}@^{version}" for name, version in wanted.items()] if upgrade else []
    run([*node.npm, "install", "--save-exact", *options, *newer], failure, cwd=folder)
    if upgrade:
        run([*node.npm, "update", *options], failure, cwd=folder)  # what those need
