"""Other words for what the notes say: what readers type, and words of the notes that mean the same.

They stand in a file of the site, a line for each meaning:

    what people type, other words: words of the notes
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from garden.model.problem import Problem
from garden.model.report import Report
from garden.model.rules import Rule
from garden.source import loader

# So many words together are looked up at once: `theme/search/find.js`.
_MOST = 3


def read(file: Path, shown: str, report: Report) -> Mapping[str, str]:
    """Return what each of the typed words means; report what is wrong with a line, which then counts for none."""
    if not file.is_file():
        what = f"is not there, and the setting `synonyms` names it; write {shown}, or remove the setting"
        report.add(Problem(shown, 1, Rule.SEARCH_SYNONYM, what))
        return {}
    text = loader.decode(file.read_bytes(), shown, report)
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            typed = [" ".join(words.split()) for words in line.partition(":")[0].split(",")]
            meant = " ".join(line.partition(":")[2].split())
            if what := _fault(typed, meant, found):
                report.add(Problem(shown, number, Rule.SEARCH_SYNONYM, what))
            else:
                found |= dict.fromkeys(typed, meant)
    return found


def _fault(typed: list[str], meant: str, known: Mapping[str, str]) -> str:
    """Return what is wrong with a line; empty if nothing is."""
    if not meant or not all(typed):
        return "is not `typed words, other words: words of the notes`; write it so, or begin it with `#`"
    for words in typed:
        if words != words.lower():
            return f"`{words}` has capital letters, which do not matter to the search; write `{words.lower()}`"
        if len(words.split()) > _MOST:
            return f"`{words}` is more than {_MOST} words, which the search does not look up together; shorten it"
        if words in meant.split():
            return f"`{words}` means itself; remove it on one side of the colon"
        if words in known or typed.count(words) > 1:
            return f"`{words}` is there already; write all that it means behind one colon"
    return ""
