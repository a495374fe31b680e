"""Rename a note: move its file, rewrite every link to it, and say in it where it was.

    garden rename docs/old-name.md docs/topic/new-name.md

The engine finds the links, so what stands in code or in a comment is none. Whatever a link led to before, it leads to
afterwards: the notes are built once more with everything rewritten, and nothing is written unless that is so.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import yaml

from garden.build import Built, written
from garden.commands import git, project
from garden.commands.new_files import Refused
from garden.links import query
from garden.links.resolve import Resolver, parse, relative
from garden.lint import navigation
from garden.lint.file_names import proposed_path
from garden.markdown.extension import caption
from garden.model.note import Note
from garden.model.reference import Asset, Embed, Fault, Link, Query, Slot
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.site import CONFIG
from garden.source import frontmatter, loader
from garden.source.settings import Unreadable
from garden.source.suggest import Suggester, did_you_mean

_NAME_END = re.compile(r"\s*(?:\\?\||#|\Z)")
_TARGET_END = re.compile(r"[#?]|\Z")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rename comes to: the new text of each file, by its path from the top, and the file that goes.

    ``links`` has how many links change in each note, by the path it had; ``others`` is how many more lead to the note,
    and need no change. ``released`` tells whether the old address was published, and is kept alive.
    """

    texts: dict[str, str]
    old: str
    new: str
    links: dict[str, int]
    others: int
    released: bool


def plan(root: Path, source: str, target: str) -> Plan:
    """Return what to write to rename the note ``source`` to ``target``; raise `Refused` if that cannot be."""
    config = root / CONFIG
    report = Report()
    built = project.build(root, project.configuration(config), report)
    if fatal := [str(problem) for problem in report.problems if problem.severity is Severity.ERROR]:
        raise Refused("\n".join([*fatal, "the notes have problems; mend them first, so that no link is lost"]))
    note = _note(root, built, source)
    moved = _moved(built, note, target)
    rewriting = _Rewriting(root, built, note, moved)
    texts = rewriting.texts()
    own = texts.pop(note.shown) if note.shown in texts else _text(root, note)
    released = f"/{note.url}" in _released(root / built.settings.released_urls)
    texts[moved.shown] = _with_addresses(own, note.url if released else "", moved.url)
    settings = config.read_text(encoding="utf-8")
    if (navigation := _in_nav(settings, note.path, moved.path)) != settings:
        texts[CONFIG] = navigation
    plan = Plan(texts, note.shown, moved.shown, rewriting.links, rewriting.others, released)
    _verify(root, plan, built, note, moved)
    return plan


def _note(root: Path, built: Built, name: str) -> Note:
    """Return the note that is meant by a path or a name."""
    folders = built.settings.folders
    path = name.removeprefix("docs/")
    snippet = path.removeprefix(f"{folders.snippets}/")
    found = [built.notes[path]] if path in built.notes else built.resolver.names.find(snippet)
    written = [note for note in found if not note.generated]
    if len(written) == 1:
        return written[0]
    if written:
        raise Refused(f"{name} may be " + " or ".join(note.shown for note in written) + "; write its path")
    if found:
        snippet = found[0].shown.removesuffix(".py")
        topic, file = found[0].shown.split("/")[-2:]
        raise Refused(
            f"{name} is a snippet, and rename moves notes; move {snippet}.* and {folders.tests}/{topic}/test_{file} "
            "yourself, and `make check` says where they are still named"
        )
    if not name.endswith(".md"):
        advice = did_you_mean(built.resolver.names.nearest(path), "write its path", "{}")
        raise Refused(f"no note is called {name}; {advice}")
    if (root / name).is_file():
        raise Refused(f"{name} lies outside docs/; rename moves notes, so move it yourself")
    near = Suggester(lambda: {note.path: note.shown for note in built.notes.values() if not note.generated})(path)
    raise Refused(f"no file is at docs/{path}; {did_you_mean(near, 'write the path or the title of a note', '{}')}")


def _moved(built: Built, note: Note, target: str) -> Note:
    place = target + posixpath.basename(note.path) if target.endswith("/") else target
    path = proposed_path(place.removeprefix("docs/"))
    if target != f"docs/{path}":
        instead = f"docs/{path or 'topic/name.md'}"
        raise Refused(f"{target!r} is no path of a note, which is below docs/ and in small letters; write TO={instead}")
    if note.path == built.settings.entry:
        raise Refused(f"{note.shown} is where readers arrive; it stays where it is")
    url = project.address(path)
    for other in built.notes.values():
        if other.path.casefold() == path.casefold() or other.url == url:
            raise Refused(f"{other.shown} is there already; choose another name")
    return replace(note, path=path, shown=f"docs/{path}", url=url)


class _Rewriting:
    """Rewrites what would no longer lead where it led, in every note of the site, once ``note`` is ``moved``."""

    def __init__(self, root: Path, built: Built, note: Note, moved: Note) -> None:
        self._root = root
        self._built = built
        self._note = note
        self._moved = moved
        self.links: dict[str, int] = {}
        self.others = 0
        # What two notes claim then, the build of the copy reports.
        after = [self._there(other) for other in built.notes.values()]
        self._after = Resolver(after, built.resolver.files, Report())

    def _there(self, note: Note) -> Note:
        return self._moved if note is self._note else note

    def texts(self) -> dict[str, str]:
        """Return the whole new text of each note that changes, by its path in messages."""
        texts = {}
        for note in self._built.notes.values():
            if note.generated:
                continue
            edits = {start: (end, text) for start, end, text in self._edits(note)}
            if edits:
                self.links[note.shown] = len(edits)
                body, done = [], 0
                for start in sorted(edits):
                    body += [note.body[done:start], edits[start][1]]
                    done = edits[start][0]
                text = _text(self._root, note)
                above = text[: len(text) - len(note.body)]
                texts[note.shown] = above + "".join([*body, note.body[done:]])
        return texts

    def _edits(self, note: Note) -> Iterator[tuple[int, int, str]]:
        """Yield where the body of a note changes, up to where, and what stands there then."""
        for place, slot in written(self._built, note):
            link = slot.link if isinstance(slot, Embed) else slot
            if isinstance(link, Query):
                yield from self._in_query(note, place, link.written)
            elif isinstance(link, Link | Asset) and not self._leads(note, link):
                wiki = note.body.startswith("[[", place - 2)
                yield self._wikilink(note, place, link) if wiki else self._address(note, place, link)
            elif isinstance(link, Link) and link.note is self._note:
                self.others += 1

    def _leads(self, note: Note, link: Link | Asset) -> bool:
        """Tell whether a link, as it is written, leads to the same as before."""
        origin = self._there(note)
        try:
            found = (
                self._after.wikilink(parse(link.written[2:-2]), origin)
                if link.written.startswith("[[")
                else self._after.address(link.written, origin)
            )
        except Fault:
            return False
        return _target(found) == _target(link, self._note, self._moved)

    def _wikilink(self, note: Note, place: int, link: Link | Asset) -> tuple[int, int, str]:
        inner = note.body[place : note.body.index("]]", place)]
        rest = inner[len(_NAME_END.split(inner, maxsplit=1)[0]) :]
        if isinstance(link, Asset):
            name = "/" + posixpath.normpath(posixpath.join(note.folder, parse(inner).name))
            return place, place + len(inner), name + rest
        wikilink = parse(inner)
        there = self._there(link.note)
        # What readers saw, they see.
        before = caption(wikilink, link)
        for name in (self._after.names.shortest(there), there.title):
            text = name + rest
            if wikilink.labels or caption(parse(text), replace(link, note=there)) == before:
                return place, place + len(inner), text
        line = note.body[note.body.rfind("\n", 0, place) + 1 : place]
        bar = r"\|" if line.lstrip("> ").startswith("|") else "|"
        return place, place + len(inner), f"{self._after.names.shortest(there)}{rest}{bar}{before}"

    def _address(self, note: Note, place: int, link: Link | Asset) -> tuple[int, int, str]:
        end = _destination(note.body, place)
        kept = _TARGET_END.search(note.body, place, end)
        path = unquote(link.written.partition("#")[0].partition("?")[0])
        path = posixpath.normpath(posixpath.join(note.folder, path))
        path = self._moved.path if path == self._note.path else path
        return place, kept.start() if kept else end, relative(path, self._there(note))

    def _in_query(self, note: Note, place: int, source: str) -> Iterator[tuple[int, int, str]]:
        for text, is_link in query.mentions(source):
            start = note.body.find(text, place)
            if start < 0:
                continue  # it goes over two lines of a quotation; the verification tells
            place = start + len(text)
            inner = text[2:-2].strip() if is_link else text[1:-1]
            if is_link and inner not in ("", "#"):
                found = self._built.resolver.wikilink(parse(inner), note)
                if not self._leads(note, found):
                    yield self._wikilink(note, start + 2, found)
            elif not is_link and inner.strip("/").removesuffix(".md").casefold() == self._was:
                yield start, place, f'"{self._moved.path.removesuffix(".md")}"'

    @property
    def _was(self) -> str:
        return self._note.path.removesuffix(".md").casefold()


def _target(found: Slot | None, note: Note | None = None, moved: Note | None = None) -> tuple[str, ...]:
    """Return what a link leads to, so that two can be compared; ``note`` counts as ``moved``."""
    if isinstance(found, Link):
        there = moved if moved and found.note is note else found.note
        return there.path, str(found.fragment)
    return (found.url,) if isinstance(found, Asset) else ()


def _destination(body: str, place: int) -> int:
    """Return where the address of a Markdown link ends that begins at ``place``."""
    if body[place - 1] == "<":
        return body.index(">", place)
    depth, end = 0, place
    while end < len(body) and not body[end].isspace() and (depth or body[end] != ")"):
        depth += {"(": 1, ")": -1}.get(body[end], 0)
        end += 1
    return end


def _text(root: Path, note: Note) -> str:
    return loader.text((root / note.shown).read_bytes())


def _released(file: Path) -> frozenset[str]:
    """Return the addresses that the last release had: only to these may somebody have a link."""
    return frozenset(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else frozenset()


def _with_addresses(text: str, old: str, new: str) -> str:
    """Return a note's text with ``old``, unless it is empty, below ``moved_from``, and without ``new`` there."""
    head, body, first_line = frontmatter.split(text)
    meta = frontmatter.parse(head, "", Report())
    kept = [address for address in meta.moved_from if address not in (old, new)] + [old] * bool(old)
    if kept == list(meta.moved_from):
        return text
    mapping = yaml.compose(head)
    pairs = mapping.value if isinstance(mapping, yaml.MappingNode) else ()
    pair = next((pair for pair in pairs if pair[0].value == "moved_from"), None)
    line = f"moved_from: [{', '.join(kept)}]" if kept else ""
    if pair:
        start, end = pair[0].start_mark.index, pair[1].end_mark.index
        if not line:
            end = head.find("\n", end) if head[end - 1 : end] != "\n" else end - 1
            head = (head[:start].rstrip("\n") + (head[end:] if end >= 0 else "")).lstrip("\n")
        else:
            head = head[:start] + line + "\n" * head[start:end].endswith("\n") + head[end:]
    else:
        head = f"{head}\n{line}".lstrip("\n")
    if not head.strip():
        return body.lstrip("\n")
    return f"---\n{head}\n---\n{'' if first_line > 1 else chr(10)}{body}"


def _in_nav(settings: str, old: str, new: str) -> str:
    for entry in reversed(navigation.entries(settings)):
        if entry.path == old:
            settings = settings[: entry.start] + new + settings[entry.end :]
    return settings


def _verify(root: Path, plan: Plan, built: Built, note: Note, moved: Note) -> None:
    """Build the notes as they would be; raise `Refused` unless every link leads where it led."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for child in root.iterdir():
            if child.name not in ("docs", CONFIG):
                (copy / child.name).symlink_to(child)
        shutil.copytree(root / "docs", copy / "docs", symlinks=True)
        shutil.copy(root / CONFIG, copy)
        write(copy, plan)
        report = Report()
        after = project.build(copy, project.configuration(copy / CONFIG), report)
        if fatal := [str(problem) for problem in report.problems if problem.severity is Severity.ERROR]:
            raise Refused("\n".join([*fatal, "so it would be after the rename; choose another name"]))
        for other in [other for other in built.notes.values() if not other.generated]:
            there = after.notes[moved.path if other is note else other.path]
            before = [_target(_link(slot), note, moved) for _, slot in written(built, other)]
            if before != [_target(_link(slot)) for _, slot in written(after, there)]:
                raise Refused(
                    f"{other.shown} has a link that cannot be rewritten; write its links to {note.shown} anew"
                )


def _link(slot: Slot) -> Slot:
    return slot.link if isinstance(slot, Embed) else slot


def write(root: Path, plan: Plan) -> None:
    """Write the new texts below ``root``, each file in one step, and remove the old file."""
    written = []
    try:
        for path, text in plan.texts.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_name(f".{file.name}.new")
            written.append((fresh, file))
            fresh.write_text(text, encoding="utf-8")
    except OSError:
        for fresh, _ in written:
            fresh.unlink(missing_ok=True)
        raise
    for fresh, file in written:
        fresh.replace(file)
    (root / plan.old).unlink()


def uses_of_path(root: Path, path: str) -> list[str]:
    """Return the lines outside the notes that name the file at ``path``, as ``file:line``."""
    return _lines_with(root, "-F", path, ".", ":!docs", f":!{CONFIG}")


def _lines_with(root: Path, kind: str, pattern: str, *places: str) -> list[str]:
    found = subprocess.run(
        ["git", "grep", "-n", "-I", kind, "-e", pattern, "--", *places],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return [":".join(line.split(":", 2)[:2]) for line in found.stdout.splitlines()]


def uses_of_address(root: Path, plan: Plan) -> list[str]:
    """Return the lines of the site's tests that have the old address, if its last part is another now."""
    old, new = (posixpath.basename(path).removesuffix(".md") for path in (plan.old, plan.new))
    return _lines_with(root, "-E", rf"(^|[\"'/|]){re.escape(old)}($|[\"'/|#])", "tests/browser") if old != new else []


def summary(plan: Plan) -> Iterator[str]:
    """Yield what a rename comes to, line by line."""
    address = "`moved_from` in it keeps its old address alive" if plan.released else "no release had its old address"
    yield f"{plan.old} is {plan.new} now; {address}"
    for path, count in sorted(plan.links.items()):
        yield f"{plan.new if path == plan.old else path}: {_links(count)}"
    if CONFIG in plan.texts:
        yield f"{CONFIG}: the navigation"
    notes = len(plan.links)
    changed = f"{_links(sum(plan.links.values()))} in {notes} note{'s' * (notes != 1)}" if notes else "no link is"
    follow = "follows by itself" if plan.others == 1 else "follow by themselves"
    others = f"; {plan.others} by title or alias {follow}" if plan.others else ""
    yield f"{changed} rewritten{others}"


def _links(count: int) -> str:
    return f"{count} link{'s' * (count != 1)}"


def _advice(place: str) -> str:
    """Return what to do where a line outside the notes names the old file."""
    prose = place.partition(":")[0].endswith((".md", ".txt"))
    return "names the old file; see whether it should" if prose else "opens the old file; change it"


def run(root: Path, old: str, new: str) -> int:
    """Rename the note ``old`` to ``new``; say what was written; return how the process ends."""
    if not old or not new:
        print('write: make rename FROM="docs/old-name.md" TO="docs/new-name.md"', file=sys.stderr)
        return 2
    try:
        done = plan(root, old, new)
    except (Refused, Unreadable) as refused:
        print(refused, file=sys.stderr)
        return 1
    changed = [*done.texts, *([done.old] if git.is_known(root, done.old) else [])]
    write(root, done)
    print(*summary(done), sep="\n")
    for place in uses_of_path(root, done.old):
        print(f"{place}: {_advice(place)}")
    for place in uses_of_address(root, done):
        print(f"{place}: has the old address; write the new one")
    print(f"then tell git: {git.command(changed)}")
    return 0
