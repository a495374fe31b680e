"""What the snippets print, run as pasted. `python -m tests.snippets.outputs [topic/name …]` writes it anew."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from difflib import get_close_matches, unified_diff
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from uv import find_uv_bin

from garden.snippets.catalog import HEADER, Snippet
from garden.source.suggest import did_you_mean
from tests.servers import mariadb, postgres, tls_postgres
from tests.snippets.catalog import all_snippets
from tests.snippets.normalize import normalize

RUN_SECONDS = 300
MISSING = "the package registry does not answer, so nothing can be installed for what is pasted"
# What uv says then; that there is no such package, it says otherwise.
NOT_ANSWERED = "error sending request"

# Set to "2.0", it holds the snippets to that series of SQLAlchemy; without it, they get the newest that uv finds.
SERIES_VARIABLE = "SQLALCHEMY_SERIES"

# Where each server that a snippet may name comes from.
KINDS: dict[str, ModuleType] = {
    "postgresql": postgres,
    "postgresql with tls": tls_postgres,
    "postgresql with gunicorn": postgres,
    "mariadb": mariadb,
}


class SnippetFailed(Exception):
    """A snippet, run as pasted, did not end well; the text has what it said."""


class NoRegistry(SnippetFailed):
    """No registry answered, so that there is no environment to run a snippet in."""


def run_as_pasted(snippet: Snippet, folder: Path, url: str | None, environments: Path) -> str:
    """Run what a reader copies, alone in an empty folder, with the packages its header names.

    Returns its output, normalized. `url` is its DATABASE_URL; without one, it picks by itself. `environments` is where
    uv makes an environment for each header: snippets with the same header share one, also in several processes.
    """
    script = folder / snippet.path.name
    series = os.environ.get(SERIES_VARIABLE)
    source = held_to(series, snippet.pasted) if series else snippet.pasted
    script.write_text(source, encoding="utf-8")
    # Nothing of our own environment may help it, or keep it from compiling its packages once for all.
    ours = {SERIES_VARIABLE, "DATABASE_URL", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment["VIRTUAL_ENV"] = str(environments / sha256(header_of(source).encode()).hexdigest()[:16])
    if url:
        environment["DATABASE_URL"] = url
    try:
        done = uv("run", "--active", "--quiet", "--no-project", script.name, folder=folder, environment=environment)
    except subprocess.TimeoutExpired:
        raise SnippetFailed(f"{snippet.key}, run as pasted, had not ended after {RUN_SECONDS} seconds") from None
    if done.returncode and NOT_ANSWERED in done.stderr:
        raise NoRegistry(f"{snippet.key} did not run: {MISSING}")
    if done.returncode or done.stderr:
        raise SnippetFailed(f"{snippet.key}, run as pasted, ended with {done.returncode}:\n{done.stderr}")
    left = sorted(path.name for path in folder.iterdir() if path != script)
    if left:
        raise SnippetFailed(f"{snippet.key}, run as pasted, left files behind: {', '.join(left)}")
    return normalize(done.stdout)


def held_to(series: str, script: str) -> str:
    """Return a script whose header allows one series of SQLAlchemy only; it still has to name SQLAlchemy itself."""
    line = f'# tool.uv.constraint-dependencies = ["sqlalchemy=={series}.*"]'
    return script.replace("# /// script\n", f"# /// script\n{line}\n", 1)


def header_of(script: str) -> str:
    """Return the PEP 723 header of a script, as it stands there; empty if it has none."""
    found = HEADER.search(script)
    return found[0] if found else ""


def uv(*command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run uv in a folder, with our own Python as the one to use."""
    return subprocess.run(
        [find_uv_bin(), *command],
        cwd=folder,
        env={**environment, "UV_PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=RUN_SECONDS,
    )


def drift(snippet: Snippet, server: str, output: str) -> str:
    """Return how the output differs from the one that is kept, as a diff; empty if it does not."""
    kept = snippet.kept_output(server)
    lines = unified_diff(
        kept.read_text(encoding="utf-8").splitlines(keepends=True) if kept.exists() else [],
        output.splitlines(keepends=True),
        fromfile=snippet.shown(kept),
        tofile=f"what it printed on {server}",
    )
    return "".join(lines)


def write(snippet: Snippet, server: str, url: str | None, environments: Path) -> bool:
    """Run a snippet and keep its output; return whether that changed."""
    with TemporaryDirectory() as folder:
        output = run_as_pasted(snippet, Path(folder), url, environments)
    kept = snippet.kept_output(server)
    changed = not kept.exists() or bool(drift(snippet, server, output))
    if changed:
        kept.write_text(output, encoding="utf-8")
    # Also one that is as it was is no older than its snippet now.
    kept.touch()
    return changed


def chosen(keys: list[str]) -> list[Snippet]:
    """Return the snippets with these keys, or all; raise `LookupError`, whose text says which, if there is none."""
    snippets = {snippet.key: snippet for snippet in all_snippets()}
    wanted = [key.removeprefix("snippets/").removesuffix(".py") for key in keys]
    for key in wanted:
        if key not in snippets:
            close = next(iter(get_close_matches(key, snippets, n=1)), None)
            advice = did_you_mean(close, "write topic/name, as its path below snippets/", "{}")
            raise LookupError(f"no snippet is called {key}; {advice}")
    return [snippets[key] for key in wanted] if wanted else list(snippets.values())


def main(keys: list[str]) -> int:
    """Write the kept outputs of all snippets anew, or of those with these keys; return the exit status."""
    try:
        snippets = chosen(keys)
    except LookupError as unknown:
        print(unknown.args[0])
        return 2
    status = 0
    running: dict[ModuleType, Any] = {}
    with ExitStack() as servers:
        environments = Path(servers.enter_context(TemporaryDirectory()))

        def written(snippet: Snippet, name: str) -> bool:
            if name == "sqlite":
                return write(snippet, name, None, environments)
            kind = KINDS[name]
            if kind not in running:
                binaries = kind.find()
                if binaries is None:
                    raise SnippetFailed(f"{snippet.key} did not run on {name}: {kind.MISSING}")
                running[kind] = servers.enter_context(kind.running(binaries))
            with kind.fresh_database(running[kind]) as url:
                return write(snippet, name, url, environments)

        for snippet in snippets:
            for name in snippet.servers:
                try:
                    changed = written(snippet, name)
                except SnippetFailed as failed:
                    print(failed)
                    status = 1
                else:
                    print(
                        f"{snippet.shown(snippet.kept_output(name))}: {'written' if changed else 'as it was'}",
                        flush=True,
                    )
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
