"""Makes the runtime: what the site publishes so that snippets run in the reader's browser.

Everything comes from package registries by pinned version and hash: the Python packages from the environment that
requirements.txt made, the rest by `npm ci` from package-lock.json. It is kept in .runtime, outside git, in parts that
are made again only when what they are made of has changed: npm's packages, the archive of modules, the scripts.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from garden.runtime import npm, packages
from garden.runtime.cache import digest, fresh
from garden.runtime.node import Node, find, run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".runtime"
# Where else npm brings something: what looks at the built pages.
TESTS = ("tests/browser", "tools/bench")
MANIFEST = CACHE / "manifest.json"
# What the browser fetches; each is also there compressed, for web servers that do not compress it themselves.
LARGE = ("pyodide.asm.wasm", "python.wasm")


def make(cache: Path = CACHE) -> Path:
    """Bring and pack what is missing in ``cache``; return the manifest that names what is to be published."""
    cache.mkdir(exist_ok=True)
    # What Node takes for modules.
    (cache / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")
    manifest = cache / "manifest.json"
    wanted = digest([*_sources(), *(file for _, file in packages.modules())], json.dumps(packages.versions()))
    if not _made_of(manifest, wanted):
        node = find(cache)
        pyodide = npm.install(HERE, cache, node, "npm could not bring Pyodide and the editor") / "pyodide"
        archive = _archive(cache, node, pyodide)
        _assemble(cache, node, pyodide, archive, wanted)
    return manifest


def lock(*, upgrade: bool = False) -> None:
    """Resolve what npm brings, for the reader's browser and for the tests; with ``upgrade``, to newer releases."""
    CACHE.mkdir(exist_ok=True)
    node = find(CACHE)
    for folder in (HERE, *(ROOT / folder for folder in TESTS)):
        npm.lock(folder, node, upgrade=upgrade)


def _sources() -> list[Path]:
    endings = {".js", ".json", ".py", ".txt"}
    return sorted(
        file
        for folder in (HERE, HERE / "browser", HERE / "python")
        for file in folder.iterdir()
        if file.suffix in endings and file.is_file()
    )


def _made_of(manifest: Path, wanted: str) -> bool:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return found.get("made_of") == wanted and all(
        (manifest.parent / file).is_file() for file in found["files"].values()
    )


def _archive(cache: Path, node: Node, pyodide: Path) -> Path:
    """Pack the standard library and the packages; return the folder with the archive."""
    files = dict(packages.modules())
    made_by = [HERE / "pack.js", HERE / "python/pack.py", HERE / "package-lock.json"]
    place = cache / f"archive-{digest([*made_by, *files.values()])}"
    if not place.is_dir():
        new = fresh(place)
        for name, file in files.items():
            (new / "packages" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, new / "packages" / name)
        for name, version in packages.versions().items():
            # Flask's test client asks which Werkzeug this is.
            about = new / "packages" / f"{name.replace('-', '_')}-{version}.dist-info"
            about.mkdir()
            (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        command = [node.program, str(HERE / "pack.js"), str(pyodide), str(new / "packages"), str(new)]
        run(command, "the archive of Python's modules could not be packed")
        shutil.rmtree(new / "packages")
        new.rename(place)
    return place


def _assemble(cache: Path, node: Node, pyodide: Path, archive: Path, wanted: str) -> None:
    """Bundle the scripts, and write the manifest; what older ones were made of is removed."""
    place = cache / f"site-{wanted}"
    new = fresh(place)
    for name in LARGE:
        shutil.copy(archive / name, new)
        shutil.copy(archive / f"{name}.gz", new)
    shutil.copy(pyodide / "pyodide.asm.mjs", new / "pyodide.asm.js")
    # An empty module that is long enough to be compressed, by a server that does so.
    (new / "probe.wasm").write_bytes(b"\0asm\1\0\0\0\0\x81\x20\0" + bytes(4096))
    (new / "licenses.txt").write_text(_licenses(pyodide.parent), encoding="utf-8")
    command = [node.program, str(HERE / "bundle.js"), str(pyodide.parent), str(archive), str(new)]
    run(command, "the scripts could not be bundled")
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)
    key = digest(sorted(place.iterdir()))[:12]
    files = {f"{key}/{file.name}": f"{place.name}/{file.name}" for file in sorted(place.iterdir())}
    shutil.copy(HERE / "browser/service.js", place / "service.js")
    versions = json.loads((archive / "versions.json").read_text(encoding="utf-8")) | packages.versions()
    told = {
        "key": key,
        "made_of": wanted,
        "bytes": sum((place / f"{name}.gz").stat().st_size for name in LARGE),
        "versions": versions | {"pyodide": _version(pyodide)},
        "files": files | {"service.js": f"{place.name}/service.js"},
    }
    # Whoever reads it meanwhile reads the old one, whole.
    manifest = cache / "manifest.new"
    manifest.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    manifest.replace(cache / "manifest.json")
    for old in cache.iterdir():
        if old.is_dir() and old not in (place, archive, pyodide.parents[1]) and not old.name.startswith("node-"):
            shutil.rmtree(old)


def _licenses(modules: Path) -> str:
    """Return the names and licenses of all that is published."""
    entries = [
        ("CPython, in Pyodide", "Python Software Foundation License Version 2, https://docs.python.org/3/license.html")
    ]
    for manifest in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        about = json.loads(manifest.read_text(encoding="utf-8"))
        if manifest.parent.parent.name in ("@types", "@esbuild") or about["name"] in ("ws", "esbuild"):
            continue  # used to make it, and not published
        texts = [file.read_text(encoding="utf-8") for file in sorted(manifest.parent.glob("LICEN*"))]
        entries.append((f"{about['name']} {about['version']}", "\n".join(texts) or about["license"]))
    entries += packages.licenses()
    rule = "-" * 80
    return "".join(f"{rule}\n{name}\n{rule}\n\n{text.strip()}\n\n" for name, text in entries)


def _version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
