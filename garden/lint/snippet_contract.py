"""The contract that every file below snippets/ keeps: how it is written, and what lies beside it.

It is read from the files alone, so that `make check` can tell it at once, and on every Python that a snippet runs on.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator

from garden.model.problem import Problem
from garden.model.rules import Rule
from garden.snippets.catalog import MARKER, Snippet

MOST_LINES = 160
GUARD = '\n\nif __name__ == "__main__":\n    demo()\n'
PARTS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

# SQL that drops, and SQL that changes what a demo cannot have created or what stays changed if it is killed.
DROPS = re.compile(r"\bDROP (?:TABLE|DATABASE|SCHEMA|ROLE)\b")
CHANGES = re.compile(r"\b(?:ALTER (?:DATABASE|ROLE|USER|SYSTEM)|SET GLOBAL|TRUNCATE)\b")
REFUSAL = " exists, and the demo would drop it: "


def problems(snippet: Snippet) -> Iterator[Problem]:
    """Yield where a snippet breaks the contract; nothing of a file that is no Python, which others tell."""
    try:
        ast.parse(snippet.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for rule, check in RULES:
        for line, what in check(snippet):
            yield Problem(snippet.shown(snippet.path), line, rule, what)
    yield from _test(snippet)


def _line(snippet: Snippet, beginning: str) -> int:
    """Return the first line that begins so; 1 if none does."""
    lines = snippet.source.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(beginning)), 1)


def requirement_name(requirement: str) -> str:
    """Return `psycopg` for `psycopg[binary]>=3.1`."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def imported(snippet: Snippet) -> set[str]:
    """Return the packages that a snippet imports, without the standard library."""
    names: set[str] = set()
    for node in ast.walk(snippet.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    packages = {name.split(".")[0] if not name.startswith(".") else name for name in names}
    return packages - set(sys.stdlib_module_names)


def header(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It says which Python it needs, and lists what it imports and what its servers need, nothing else."""
    line = _line(snippet, "# /// script")
    try:
        given = snippet.header
    except ValueError as error:
        yield line, f"its header is no TOML: {error}; correct it"
        return
    if not given:
        yield line, "has no header between `# /// script` and `# ///`; write one like that of its neighbors"
        return
    if not str(given.get("requires-python")).startswith(">=3.1"):
        yield line, 'its header does not say which Python it needs; write `# requires-python = ">=3.10"`'
    packages = given.get("dependencies")
    listed = {requirement_name(str(one)) for one in packages} if isinstance(packages, list) else set[str]()
    known = snippet.settings.servers
    named = [name for name in snippet.named_servers if name in known]
    drivers = {package: name for name in named for package in known[name].packages}
    line = _line(snippet, "# dependencies")
    # What it imports and does not list, the engine tells.
    for package in sorted(drivers.keys() - listed):
        yield line, f"its header does not list {package}, which {drivers[package]} needs; add it to `dependencies`"
    for package in sorted(listed - drivers.keys() - {name.lower().replace("_", "-") for name in imported(snippet)}):
        yield line, f"its header lists {package}, which neither it nor one of its servers needs; remove it"


def alone(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It imports no other snippet."""
    folder = snippet.path.parents[1]
    others = {*(path.stem for path in folder.rglob("*.py")), *(path.name for path in folder.iterdir())}
    others.discard(snippet.path.stem)
    # What it imports from its own folder or from the other snippets, the engine tells.
    for name in sorted(imported(snippet) & others):
        yield 1, f"imports {name}, which a reader who copies it does not have; put the code into it"


def licensed(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It says its license first, if the site has one for snippets."""
    license_line = f"# SPDX-License-Identifier: {snippet.settings.licenses.snippets}"
    if snippet.settings.licenses.snippets and license_line not in snippet.source.splitlines()[:2]:
        yield 1, f"does not say its license; begin it with `{license_line}`"


def docstring(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It has a title, and says when to use it and when not."""
    title, _, rest = snippet.docstring.partition("\n\n")
    line = _line(snippet, '"""')
    if "\n" in title or not title.endswith("."):
        yield line, "its docstring has no title; begin it with one line that ends with a full stop"
    if "use" not in rest.lower():
        yield line, "its docstring does not say when to use it; write `Use it when …`"
    if not re.search(r"\bnot\b", rest.lower()):
        yield line, "its docstring does not say when not to use it; write `Not when …`"


def servers(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It names the servers that its test uses, if the site has any."""
    known = snippet.settings.servers
    line = _line(snippet, "Servers:")
    if known and not snippet.servers:
        end = " that ends with a full stop" if "Servers:" in snippet.docstring else ""
        yield line, f"has no line `Servers:`{end}; write `Servers: {next(iter(known))}.` at the end of its docstring"
    for name in snippet.named_servers:
        if name not in known:
            advice = f"the servers are {', '.join(known)}" if known else "remove it: this site has no servers"
            yield line, f"no test has a server `{name}`; {advice}"


def demo(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It prints in its demo, behind a guard, and nowhere else."""
    tops = [node for node in snippet.tree.body if not (isinstance(node, ast.FunctionDef) and node.name == "demo")]
    last = len(snippet.source.splitlines())
    if len(tops) == len(snippet.tree.body):
        yield last, "has no function `demo`; write one that prints what a reader should see"
    if not snippet.source.endswith(GUARD):
        yield last, 'does not end with `if __name__ == "__main__":` and `    demo()`; write that as its last two lines'
    for node in (node for top in tops for node in ast.walk(top)):
        if isinstance(node, ast.Name) and node.id == "print":
            yield node.lineno, "prints outside `demo`; return the value, and print it in `demo`"


def documented(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """Each of its parts says what it is."""
    for node in snippet.tree.body:
        if isinstance(node, PARTS) and not ast.get_docstring(node):
            yield node.lineno, f"`{node.name}` has no docstring; say in one line what it does"


def markers(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """A line that looks like the marker of a region is one: it would be printed, or would swallow code."""
    for number, line in enumerate(snippet.source.splitlines(), 1):
        if "--8<--" in line and not MARKER.match(line):
            yield number, "is no marker of a region; write `# --8<-- [start:name]`, alone on its line"


def shown_parts(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It has a region to show."""
    if not any(map(MARKER.match, snippet.source.splitlines())):
        yield 1, "has no region; put `# --8<-- [start:name]` and `# --8<-- [end:name]` around what notes show"


def regions(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """Its regions stand one after the other."""
    inside: str | None = None
    seen: set[str] = set()
    for number, line in enumerate(snippet.source.splitlines(), 1):
        marker = MARKER.match(line)
        if marker is None:
            continue
        if marker["kind"] == "start":
            if inside:
                yield number, f"the region `{marker['name']}` begins inside `{inside}`; end that before it"
            elif marker["name"] in seen:
                yield number, f"the region `{marker['name']}` begins a second time; give it a name of its own"
            inside = marker["name"]
            seen.add(inside)
        elif marker["name"] != inside:
            yield number, f"the region `{marker['name']}` ends here but is not open; add its start or remove this line"
        else:
            inside = None
    if inside:
        line_of = _line(snippet, f"# --8<-- [start:{inside}]")
        yield line_of, f"the region `{inside}` is never closed; add `--8<-- [end:{inside}]` where it ends"


def antipattern(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """An anti-pattern says so at the top and in each region that is not its fix; nothing else does."""
    lines = snippet.source.splitlines()
    for place in (0, *(number for number, line in enumerate(lines, 1) if "--8<-- [start:" in line)):
        line = lines[place] if place < len(lines) else ""
        says_so = line.startswith("# ANTI-PATTERN")
        if snippet.is_antipattern and not says_so and not (place and line.startswith("# FIX: ")):
            fix = ", or `# FIX: …` above the fix" if place else ""
            yield place + 1, f"an anti-pattern says here what harm it does; write a line `# ANTI-PATTERN: …`{fix}"
        elif says_so and not snippet.is_antipattern:
            folder = f"{snippet.settings.folders.snippets}/{snippet.settings.folders.antipatterns}/"
            yield place + 1, f"calls itself an anti-pattern; move it to {folder}, or remove this line"


def readers_data(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """On a server that a reader names, it drops only what it has created itself, and alters nothing."""
    variables = {variable for server in snippet.settings.servers.values() for variable in server.variables}
    if not any(variable in snippet.source for variable in variables):
        return
    prose = {id(node.value) for node in ast.walk(snippet.tree) if isinstance(node, ast.Expr)}
    nodes = [node for node in ast.walk(snippet.tree) if id(node) not in prose]
    said = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    looks = min((node.lineno for node in said if REFUSAL in str(node.value)), default=None)
    drops = {node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr == "drop_all"}
    drops |= {node.lineno for node in said if DROPS.search(str(node.value))}
    for line in sorted(line for line in drops if looks is None or line < looks):
        yield line, f'may drop what is the reader\'s; if it is there, end with `sys.exit("table …{REFUSAL}…")` before'
    for node in said:
        if found := CHANGES.search(str(node.value)):
            yield node.lineno, f"`{found[0]}` changes what is the reader's; create something to change, and drop that"


def outputs(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """What it prints on each server is kept."""
    known = snippet.settings.servers
    for server in snippet.named_servers if known else [""]:
        if (server in known or not known) and not snippet.kept_output(server.lower()).is_file():
            of = "" if server in ("", *snippet.named_servers[:1]) else f" of {server}"
            yield 1, f"has no kept output{of}; run `make outputs ONLY={snippet.key}`"


def short(snippet: Snippet) -> Iterator[tuple[int, str]]:
    """It is short enough to be read."""
    lines = len(snippet.pasted.splitlines())
    if lines > MOST_LINES:
        yield MOST_LINES + 1, f"has {lines} lines, and nobody reads more than {MOST_LINES}; shorten it"


RULES: list[tuple[Rule, Callable[[Snippet], Iterator[tuple[int, str]]]]] = [
    (Rule.SNIPPET_HEADER, header),
    (Rule.SNIPPET_ALONE, alone),
    (Rule.SNIPPET_LICENSE, licensed),
    (Rule.SNIPPET_DOCSTRING, docstring),
    (Rule.SNIPPET_SERVERS, servers),
    (Rule.SNIPPET_DEMO, demo),
    (Rule.SNIPPET_DOCSTRING, documented),
    (Rule.REGION_MARKER, markers),
    (Rule.REGION_BOUNDS, regions),
    (Rule.REGION_MISSING, shown_parts),
    (Rule.SNIPPET_ANTIPATTERN, antipattern),
    (Rule.SNIPPET_DATA, readers_data),
    (Rule.SNIPPET_OUTPUT_MISSING, outputs),
    (Rule.SNIPPET_LENGTH, short),
]


def _test(snippet: Snippet) -> Iterator[Problem]:
    """Yield what is wrong with the file of a snippet's tests; nothing if it is no Python, which others tell."""
    name = snippet.shown(snippet.test)
    if not snippet.test.is_file():
        yield Problem(snippet.shown(snippet.path), 1, Rule.SNIPPET_TEST, f"has no test; write {name}")
        return
    try:
        nodes = list(ast.walk(ast.parse(snippet.test.read_text(encoding="utf-8"))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    if not any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in nodes):
        what = "holds no test; write a function `test_…` that fails when the behavior goes away"
        yield Problem(name, 1, Rule.SNIPPET_TEST, what)
    elif not any(isinstance(node, ast.Assert) or getattr(node, "attr", "") == "raises" for node in nodes):
        what = "asserts nothing, so that it cannot fail; write `assert` before what must hold"
        yield Problem(name, 1, Rule.SNIPPET_TEST, what)
