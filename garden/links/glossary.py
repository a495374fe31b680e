"""The glossary: a note whose definition lists say what the field's words mean, and which words other pages mark.

    Checkout %%also: checkouts, checked out%%
    :   Taking a connection out of the pool, for as long as you need it. → [[Acquire, use, release]]

Other pages mark the term as it is written, and in the forms that follow ``also:``; ``%%not marked%%`` leaves a word
alone that has an everyday meaning too. What stands before the arrow is shown there. Behind it stands where to read on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from garden.links.names import key
from garden.links.resolve import Resolver, parse
from garden.model.note import Note
from garden.model.problem import Problem
from garden.model.reference import Fault, Link
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import fences
from garden.source.loader import COMMENT, plain

ARROW = "→"
_ALSO = re.compile(r"%%[ \t]*also:(?P<forms>(?:(?!%%).)*)%%")
_UNMARKED = re.compile(r"%%[ \t]*not marked[ \t]*%%")
_DEFINITION = re.compile(r"[ ]{0,3}:(?:[ \t]+|$)")
_LINK = re.compile(r"\[\[([^\[\]]*)\]\]")
# A line that is neither a sentence nor the beginning of some other block.
_LONELY = re.compile(r"[^\W\d_][^|]*[^|.!?:;,…]|[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means, as plain text.

    ``forms`` are the spellings that other pages mark. ``ident`` is the id of the term on the glossary's page, with a
    colon, which no heading's id has. ``owners`` are the notes to read on in: they explain the word, and do not mark it.
    """

    name: str
    forms: tuple[str, ...]
    definition: str
    ident: str
    owners: frozenset[Note]


class Glossary:
    """The terms of ``note``; none without one. What is wrong with its entries is reported."""

    def __init__(self, note: Note | None, resolver: Resolver, report: Report) -> None:
        self.note = note
        self._report = report
        self._terms: dict[str, Term] = {}
        self._forms: dict[str, Term] = {}
        if note:
            self._read(note, resolver)
        marked = sorted((form for form, term in self._forms.items() if term.forms), key=len, reverse=True)
        spelled = "|".join(r"\s+".join(map(re.escape, form.split(" "))) for form in marked)
        # What a hyphen, a dot or a slash joins to other letters is a part of another word.
        self._pattern = re.compile(rf"(?<![\w./-])(?:{spelled})(?![\w/-]|\.\w)", re.IGNORECASE) if marked else None

    def term(self, name: str) -> Term | None:
        """Return the term that the glossary's page calls so."""
        return self._terms.get(_ident(name))

    def find(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Yield where terms stand in ``text``, in order: start, end and term."""
        for found in self._pattern.finditer(text) if self._pattern else ():
            yield found.start(), found.end(), self._forms[key(found[0])]

    def _read(self, note: Note, resolver: Resolver) -> None:
        for line, block in _blocks(note):
            at = next((i for i, text in enumerate(block) if _DEFINITION.match(text)), None)
            if at is None:
                if all(_LONELY.fullmatch(text) for text in map(_bare, block)):
                    self._report_fault(note, line, f"`{_bare(block[0])}` has no definition; {_ADVICE}")
            elif at == 0:
                what = "this definition has no term; write one into the line above, without an empty line between"
                self._report_fault(note, line, what)
            else:
                self._entry(note, line, block[:at], block[at:], resolver)

    def _entry(self, note: Note, line: int, names: list[str], below: list[str], resolver: Resolver) -> None:
        after = next((i for i, text in enumerate(below) if i and _DEFINITION.match(text)), len(below))
        text, _, further = " ".join([_DEFINITION.sub("", below[0]), *below[1:after]]).partition(ARROW)
        definition = " ".join(plain(COMMENT.sub("", text)).split())
        owners = frozenset(_owners(further, note, resolver))
        for number, written in enumerate(names, line):
            name = _bare(written)
            if not definition:
                self._report_fault(note, number, f"`{name}` has no definition; {_ADVICE}")
                continue
            also = _ALSO.search(written)
            forms = [name, *(also["forms"].split(",") if also else ())]
            forms = list(dict.fromkeys(found for form in forms if (found := key(form))))
            marked = () if _UNMARKED.search(written) else tuple(forms)
            self._enter(Term(name, marked, definition, _ident(name), owners), forms, note, number)

    def _enter(self, term: Term, forms: list[str], note: Note, line: int) -> None:
        for form in forms:
            if other := self._forms.get(form) or self._terms.get(_ident(form)):
                what = f"`{form}` is defined already, as `{other.name}`; keep one of the two"
                self._report_fault(note, line, what, Rule.GLOSSARY_DUPLICATE)
                return
        self._terms[term.ident] = term
        self._forms |= dict.fromkeys(forms, term)

    def _report_fault(self, note: Note, line: int, what: str, rule: Rule = Rule.GLOSSARY_DEFINITION) -> None:
        self._report.add(Problem(note.shown, line, rule, what))


_ADVICE = "write it into the next line, behind `:   `"


def _ident(name: str) -> str:
    return "term:" + "-".join(re.findall(r"\w+", key(name)))


def _bare(text: str) -> str:
    """Return a term as its page shows it."""
    return plain(COMMENT.sub("", text))


def _owners(further: str, note: Note, resolver: Resolver) -> Iterator[Note]:
    for found in _LINK.finditer(further):
        try:
            target = resolver.wikilink(parse(found[1]), note)
        except Fault:
            continue  # told where it stands
        if isinstance(target, Link):
            yield target.note


def _blocks(note: Note) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between empty lines, each with its first line; code and longer comments count as empty."""
    body = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n") or comment[0], note.body)
    block: list[str] = []
    for number, text in enumerate([*fences.blanked(body.split("\n")), ""], note.first_line):
        if text.strip():
            block.append(text.rstrip())
        elif block:
            yield number - len(block), block
            block = []
