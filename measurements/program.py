"""What a measuring program is: rounds that each measure all rivals, and the limit to how far rounds may differ."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

# The figures of one round, by row and column.
Round = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Program:
    """One record in the making.

    `rows` and `columns` map keys to what stands on the page; `header` names the rows. `prepared` starts what is
    needed, adds the versions of it to the dictionary it is given, and gives a function that measures one round: all
    rivals in turns, each as a ratio to one of them, so that what else the machine does slows all alike. `spread` is how
    far the middle half of the rounds may lie apart, as a share of the median.

    `shares` are percentages of what happened, where chance decides: of these the record has the mean, and `spread` is
    how uncertain that may be (its standard error), in percentage points. Rows that are `optional` are left out of the
    record on a machine that lacks what they need.
    """

    name: str
    title: str
    header: str
    rows: dict[str, str]
    columns: dict[str, str]
    spread: float
    rounds: int
    prepared: Callable[[dict[str, str]], AbstractContextManager[Callable[[], Round]]]
    shares: bool = False
    optional: tuple[str, ...] = ()
