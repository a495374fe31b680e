"""A snippet as its page shows it: what it is for, what a reader copies, needs and sees, and how it is tested."""

from __future__ import annotations

import ast
import hashlib
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from garden.model.report import Report
from garden.model.settings import Server, Settings
from garden.snippets import imports, regions
from garden.source import loader

PAGES = "snippets/"  # where the pages and the files stand on the site
# As PEP 723 gives it.
_HEADER = re.compile(r"^# /// script\n(?P<content>(?:^#(?:| .*)\n)+?)^# ///$", re.MULTILINE)
_SERVERS = re.compile(r"^Servers: (?P<names>[^.]+)\.", re.MULTILINE)
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?(?P<versions>.*)")
_MENTION = re.compile(r"\b[\w-]+(?:/[\w-]+)+\.py\b")


@dataclass(frozen=True, slots=True)
class Package:
    """A package that a snippet's header asks for, such as ``psycopg[binary]`` in the versions ``>=3.1``."""

    name: str
    asked: str
    versions: str


@dataclass(frozen=True, slots=True)
class Output:
    """What a snippet printed, from the file ``path`` below the snippets' folder; on a ``server``, if it names any."""

    server: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A region of a snippet: its first and last line in the copied file, from 1, and how far it was indented."""

    first: int
    last: int
    indent: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """One Python file in the folder of snippets. ``path`` is relative to that: ``topic/name.py``.

    ``shown`` is its path from the top of the repository. ``is_antipattern`` tells whether it shows what not to do.
    ``title`` is the first line of its docstring, ``about`` are the paragraphs after it. ``copied`` is what a reader
    gets, and what the tests run: the file without the lines that mark regions. ``digest`` is the SHA-256 of the file
    itself, in hexadecimal. ``server`` is what it needs if nothing is set, empty if Python brings that; ``commands`` run
    it on the reader's machine, a line for each kind of server. ``test`` is the path of its tests from the top of the
    repository, ``tests`` their source, ``functions`` the lines they begin on, by name. ``mentions`` are the other
    snippets that its text names, by path. ``parts`` are its regions, by name.
    """

    path: str
    shown: str
    is_antipattern: bool
    title: str
    about: tuple[str, ...]
    copied: str
    digest: str
    python: str
    packages: tuple[Package, ...]
    servers: tuple[str, ...]
    server: str
    commands: tuple[str, ...]
    outputs: tuple[Output, ...]
    test: str
    tests: str
    functions: dict[str, int]
    mentions: frozenset[str]
    parts: dict[str, Part]

    @property
    def tree(self) -> ast.Module:
        """What is copied, parsed; an empty module if it is no Python."""
        return _parsed(self.copied)

    @property
    def key(self) -> str:
        """Its name everywhere: ``topic/name``."""
        return self.path.removesuffix(".py")

    @property
    def topic(self) -> str:
        """The folder that holds it."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file's name: ``name.py``."""
        return self.path.rpartition("/")[2]

    @property
    def page(self) -> str:
        """The path of its page, as that of a note."""
        return f"{PAGES}{self.key}.md"

    @property
    def file(self) -> str:
        """The path of the file that a reader copies, on the site."""
        return PAGES + self.path


def read(root: Path, path: str, settings: Settings, report: Report) -> Snippet:
    """Read the snippet at ``path`` below their folder. What its contract asks for and it lacks stays empty."""
    folders = settings.folders
    folder = root / folders.snippets
    file = folder / path
    shown = f"{folders.snippets}/{path}"
    loaded = regions.load(file, shown, report)
    text = "\n".join(loaded.lines)
    title, *about = _paragraphs(text)
    servers = _SERVERS.search("\n".join(about))
    names = tuple(name.strip() for name in servers["names"].split(",")) if servers else ()
    known = settings.servers
    header = _header(text)
    listed = header.get("dependencies")
    packages = tuple(map(_package, listed)) if isinstance(listed, list) else ()
    report.extend(imports.problems(shown, text, [package.name for package in packages], folders.snippets))
    topic, _, name = path.rpartition("/")
    test = f"{folders.tests}/{topic}/test_{name}"
    tests = _text(root / test)
    return Snippet(
        path=path,
        shown=shown,
        is_antipattern=path.startswith(f"{folders.antipatterns}/"),
        title=title.removesuffix(".") or path,
        about=tuple(about),
        copied="\n".join(line for _, line in loaded.text(None)),
        digest=hashlib.sha256(file.read_bytes()).hexdigest(),
        python=str(header.get("requires-python", "")),
        packages=packages,
        servers=names,
        server=_server(names, known),
        commands=tuple(_commands(name, names, known)),
        outputs=tuple(_outputs(folder, path, names or ("",))),
        test=test,
        tests=tests,
        functions={
            node.name: node.lineno
            for node in _parsed(tests).body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        },
        mentions=frozenset(_MENTION.findall(text)) - {path},
        parts=_parts(loaded),
    )


def _parts(loaded: regions.SnippetFile) -> dict[str, Part]:
    copied = {number: place for place, (number, _) in enumerate(loaded.text(None), 1)}
    parts = {}
    for name, region in loaded.regions.items():
        lines = loaded.text(region)
        indents = (len(loaded.lines[number - 1]) - len(line) for number, line in lines if line)
        parts[name] = Part(copied[lines[0][0]], copied[lines[-1][0]], next(indents, 0))
    return parts


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a module's docstring, each in one line; the first is its title, perhaps empty."""
    docstring = ast.get_docstring(_parsed(text)) or ""
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n[ \t]*\n", docstring)]


# Asked for several times in one build, and again in the next.
@lru_cache(maxsize=500)
def _parsed(text: str) -> ast.Module:
    """Return a module's tree, which nobody changes; an empty one if it is no Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _header(text: str) -> dict[str, object]:
    found = _HEADER.search(text)
    try:
        return tomllib.loads("".join(line[2:] or "\n" for line in found["content"].splitlines(True))) if found else {}
    except tomllib.TOMLDecodeError:
        return {}


def _package(requirement: object) -> Package:
    found = _REQUIREMENT.match(str(requirement))
    if not found:
        return Package(str(requirement), str(requirement), "")
    versions = found["versions"].strip()
    return Package(found["name"].lower(), str(requirement).removesuffix(found["versions"]), versions)


def _server(servers: tuple[str, ...], known: Mapping[str, Server]) -> str:
    """Return the server that a snippet needs if nothing is set; empty if Python brings what it needs."""
    if not servers:
        return "a server" if known else ""
    first = servers[0]
    return "" if first in known and not known[first].variables else first


def _commands(name: str, servers: tuple[str, ...], known: Mapping[str, Server]) -> list[str]:
    """Return what runs a snippet: a line for each kind of server, first the one for which nothing has to be set."""
    variables = [known[server].variables if server in known else {} for server in servers] or [{}]
    before = ["".join(f"{key}={shlex.quote(value)} " for key, value in given.items()) for given in variables]
    return [f"{set_first}uv run {name}" for set_first in dict.fromkeys(sorted(before, key=bool))]


def _outputs(folder: Path, path: str, servers: tuple[str, ...]) -> list[Output]:
    """Return the kept outputs: ``name.out`` for the first server, ``name.server.out`` for each of the others."""
    stem = path.removesuffix(".py")
    files = [(name, f"{stem}.{name.lower()}.out" if index else f"{stem}.out") for index, name in enumerate(servers)]
    return [Output(name, file, _text(folder / file)) for name, file in files if (folder / file).is_file()]


def _text(file: Path) -> str:
    """Return the text of a file; empty if there is none."""
    if not file.is_file():
        return ""
    return loader.text(file.read_bytes())
