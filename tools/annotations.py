"""Tells a code host where a test failed: the failure appears on its line. A pytest plugin, for CI."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


def lines(reports: list[pytest.TestReport | pytest.CollectReport]) -> Iterator[str]:
    """Yield a command of GitHub for each failure, at the line of the test's file that it came through last."""
    for report in reports:
        file, line, _ = getattr(report, "location", (report.nodeid.partition("::")[0], 0, ""))
        trace = getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", [])
        places = [entry.reprfileloc for entry in trace if getattr(entry, "reprfileloc", None)]
        line = next((place.lineno for place in reversed(places) if place.path == file), (line or 0) + 1)
        crash = getattr(report.longrepr, "reprcrash", None)
        what = crash.message if crash else report.longreprtext
        yield f"::error file={file},line={line},title={_escaped(report.nodeid, ',:')}::{_escaped(what)}"


def _escaped(text: str, signs: str = "") -> str:
    for sign in f"%\r\n{signs}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print them when the run is over, each on a line of its own."""
    failed = [report for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])]
    for line in lines(failed):
        terminalreporter.write_line(line)
