"""What a run found, and what it makes of the list of survivors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

LEAST_KILLED = 0.9

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test has noticed."""

    number: int
    line: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mutant may survive, and whether it is chance that it does."""

    text: str
    chance: bool = False


Reasons = dict[str, dict[Key, Reason]]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the mutants of one snippet."""

    snippet: str
    mutants: int
    survivors: list[Survivor]
    seconds: float

    @property
    def killed(self) -> int:
        """How many mutants a test has noticed."""
        return self.mutants - len(self.survivors)


def listed(path: Path) -> Reasons:
    """Read the list: for each snippet its survivors, with their reasons."""
    entries: Reasons = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []):
        reason = Reason(entry["reason"], entry.get("chance", False))
        entries.setdefault(entry["snippet"], {})[entry["line"], entry["becomes"]] = reason
    return entries


def table(results: list[Result], reasons: Reasons) -> list[str]:
    """Return a line for each snippet, and one for all."""
    rows: list[tuple[str, ...]] = [("snippet", "mutants", "killed", "survived", "listed", "seconds")]
    counts = [
        (result.mutants, result.killed, len(result.survivors), len(_listed(result, reasons)), round(result.seconds))
        for result in results
    ]
    rows += [(result.snippet, *(str(number) for number in row)) for result, row in zip(results, counts, strict=True)]
    rows.append(("all", *(str(sum(column)) for column in zip(*counts, strict=True))))
    width = max(len(row[0]) for row in rows)
    return [f"{row[0]:<{width}}" + "".join(f"{cell:>10}" for cell in row[1:]) for row in rows]


def problems(results: list[Result], reasons: Reasons) -> list[str]:
    """Return what has to be mended: survivors without a reason, reasons without a survivor, too few killed."""
    found: list[str] = []
    for result in results:
        known = reasons.get(result.snippet, {})
        for survivor in result.survivors:
            if (survivor.line, survivor.becomes) not in known:
                place = f"snippets/{result.snippet}.py:{survivor.number}"
                found.append(f"{place}: no test notices\n    - {survivor.line}\n    + {survivor.becomes}")
        alive = {(survivor.line, survivor.becomes) for survivor in result.survivors}
        for (line, becomes), reason in known.items():
            if (line, becomes) not in alive and not reason.chance:
                what = "does not survive, or does not exist; remove it from the list"
                found.append(f"survivors.toml: {result.snippet}: {what}\n    - {line}\n    + {becomes}")
    mutants = sum(result.mutants for result in results)
    killed = sum(result.killed for result in results)
    if killed < LEAST_KILLED * mutants:
        found.append(f"{killed} of {mutants} mutants were killed: fewer than {LEAST_KILLED:.0%}")
    return found


def _listed(result: Result, reasons: Reasons) -> list[Survivor]:
    known = reasons.get(result.snippet, {})
    return [survivor for survivor in result.survivors if (survivor.line, survivor.becomes) in known]
