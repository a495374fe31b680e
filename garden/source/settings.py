"""The settings of a site as its mkdocs.yml says them: read, checked, and each fault with its line.

MkDocs hands over values that it has read; commands and tests read the file without MkDocs. Both come here, so that both
say the same.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import yaml

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.model.settings import Settings
from garden.source import frontmatter
from garden.source.suggest import Suggester, did_you_mean, listing

PLUGIN = "garden"
_REPOSITORY = re.compile(r"https://[\w.-]+(?:/[\w.~-]+)+/?", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# Python imports snippets from their folder, and git and the shell are told of it.
_FOLDER = re.compile(r"[A-Za-z]\w*(?:/[A-Za-z]\w*)*", re.ASCII)
_TEST = re.compile(r"test_\w+\.py", re.ASCII)
# The names of settings that lead to a value, outermost first.
_Path = tuple[str, ...]
_Fault = tuple[_Path, Rule, str]
_Table = TypeVar("_Table")


class Unreadable(ValueError):
    """The configuration cannot be used; ``problems`` tell where, and what to write."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Wrong(ValueError):
    """A value that its setting does not take; the text says what to write."""


class _Loader(yaml.SafeLoader):
    """Makes values of what stands below the plugin; what comes from the environment is nothing here."""


_Loader.add_constructor("!ENV", lambda *_: None)


def load(config: Path) -> Settings:
    """Return the settings in a mkdocs.yml; raise `Unreadable`."""
    text = config.read_text(encoding="utf-8")
    try:
        pair = _plugin(text)
        given = _Loader("").construct_document(pair[1]) if pair else None
    except yaml.YAMLError as error:
        raise Unreadable(no_yaml(error, config.name, text)) from None
    report = Report()
    settings = read(given, config.name, text, report)
    if report.problems:
        raise Unreadable(*report.problems)
    return settings


def no_yaml(error: yaml.YAMLError, shown: str, text: str) -> Problem:
    """Return what is wrong with a configuration that is not YAML."""
    line, reason = frontmatter.where(error, text)
    what = f"is not YAML: {reason}; correct this line"
    if "\t" in "".join(text.split("\n")[line : line + 1]):
        what = "has a tab on this line; write spaces instead"
    return Problem(shown, line + 1, Rule.CONFIG_SYNTAX, what)


def read(given: object, shown: str, text: str, report: Report) -> Settings:
    """Return the settings; a value that is wrong is a problem, and counts as if it were not there.

    ``given`` is what stands below the plugin's name. ``shown`` is the configuration's file, ``text`` its text.
    """
    reader = _Reader()
    settings = reader.table(Settings, given, ())
    faults = reader.faults or list(_faults(settings))
    report.extend(Problem(shown, _line(text, path), rule, what) for path, rule, what in faults)
    return settings


class _Reader:
    """Reads values by the types of the fields that hold them; ``faults`` are what is wrong, with its path."""

    def __init__(self) -> None:
        self.faults: list[_Fault] = []

    def table(self, kind: type[_Table], given: object, path: _Path) -> _Table:
        """Return a dataclass made of a mapping; what is not said, or said wrong, has its default."""
        known = get_type_hints(kind)
        nearest = Suggester(lambda: {name: name for name in known})
        values = {}
        for name, value in self._lines(given, path):
            if name not in known:
                advice = did_you_mean(nearest(name), f"the settings are {listing(list(known))}")
                unknown = (*path, name)
                self._report_fault(unknown, Rule.SETTING_UNKNOWN, f"{_named(unknown)} is no setting; {advice}")
            elif value is not None:
                try:
                    values[name] = self._value(known[name], value, (*path, name))
                except _Wrong as wrong:
                    self._report_fault((*path, name), Rule.SETTING_VALUE, f"{_named((*path, name))} {wrong}")
        return kind(**values)

    def _lines(self, given: object, path: _Path) -> Iterator[tuple[str, object]]:
        if isinstance(given, Mapping):
            yield from ((str(name), value) for name, value in given.items())
        elif given is not None:
            self._report_fault(
                path, Rule.SETTING_VALUE, f"{_named(path)} is not a list of `name: value` lines; write it so"
            )

    def _report_fault(self, path: _Path, rule: Rule, what: str) -> None:
        self.faults.append((path, rule, what))

    def _value(self, kind: Any, given: object, path: _Path) -> object:
        if isinstance(kind, type) and is_dataclass(kind):
            return self.table(kind, given, path)
        if get_origin(kind) is Mapping:
            one = get_args(kind)[1]
            return {name: self._value(one, value, (*path, name)) for name, value in self._lines(given, path)}
        if get_origin(kind) is Literal:
            if given not in get_args(kind):
                raise _Wrong(f"is `{given}`; write " + " or ".join(f"`{choice}`" for choice in get_args(kind)))
        elif get_origin(kind) is tuple:
            if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
                raise _Wrong("is no list of texts; write `[one, two]`")
            return tuple(given)
        elif kind is int:
            if not isinstance(given, int) or isinstance(given, bool) or given < 0:
                raise _Wrong(f"is `{given}`; write a whole number, such as 600")
        elif not isinstance(given, str):
            raise _Wrong(f"is `{given}`, which is no text; put it between quotes")
        return given


def _faults(settings: Settings) -> Iterator[_Fault]:
    """Yield what is wrong with values that have the right type."""
    if settings.repository and not _REPOSITORY.fullmatch(settings.repository):
        what = f"`repository: {settings.repository}` is no address of a repository"
        yield ("repository",), Rule.SETTING_VALUE, f"{what}; write it like https://github.com/owner/name"
    for name in ("entry", "glossary"):
        path = PurePosixPath(getattr(settings, name))
        if path.is_absolute() or ".." in path.parts or path.suffix != ".md":
            what = f"`{name}: {path}` is no path of a note"
            yield (name,), Rule.SETTING_VALUE, f"{what}; write it from the notes' folder, such as {name}.md"
    for name in ("snippets", "tests", "records", "antipatterns"):
        folder = getattr(settings.folders, name)
        if not _FOLDER.fullmatch(folder) or (name == "antipatterns" and "/" in folder):
            what = f"`folders: {name}` is `{folder}`, which is no path of a folder; write one such as `{name}`"
            yield ("folders", name), Rule.SETTING_VALUE, what
    if (top := settings.folders.snippets.partition("/")[0]) in sys.stdlib_module_names:
        what = f"`folders: snippets` is in `{top}`, which is a module of Python; choose another"
        yield ("folders", "snippets"), Rule.SETTING_VALUE, what
    for name in settings.common_tests:
        if not _TEST.fullmatch(name):
            what = f"`common_tests` has `{name}`; write the names of files such as test_all.py"
            yield ("common_tests",), Rule.SETTING_VALUE, what
    if 0 < settings.length.most < settings.length.fewest:
        yield ("length", "most"), Rule.SETTING_VALUE, "`length: most` is less than `fewest`; write a larger number"
    for name, server in settings.servers.items():
        if {*".,"} & {*name}:
            what = f"`servers: {name}` has a comma or a full stop, which ends the name of a server; remove it"
            yield ("servers", name), Rule.SETTING_VALUE, what
        for variable in server.variables:
            if not _VARIABLE.fullmatch(variable):
                where = ("servers", name, "variables", variable)
                yield (
                    where,
                    Rule.SETTING_VALUE,
                    f"{_named(where)} is no name of a variable; write one such as SERVER_URL",
                )


def _named(path: _Path) -> str:
    return f"`{': '.join(path)}`" if path else f"what stands below `{PLUGIN}`"


def _line(text: str, path: _Path) -> int:
    """Return the line on which a setting stands; that of what leads there, or 1, if it stands in another file."""
    line = 1
    pair = _plugin(text)
    names = iter(path)
    while pair:
        line = pair[0].start_mark.line + 1
        pair = _pair(pair[1], next(names, ""))
    return line


def _plugin(text: str) -> tuple[Any, Any] | None:
    """Return the node of the plugin's name in a configuration, and that of what stands below it."""
    plugins = _pair(yaml.compose(text, yaml.SafeLoader), "plugins")
    node = plugins[1] if plugins else None
    entries = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return next((pair for entry in entries if (pair := _pair(entry, PLUGIN))), None)


def _pair(node: Any, name: str) -> tuple[Any, Any] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((pair for pair in pairs if pair[0].value == name), None)
