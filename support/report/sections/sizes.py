"""Events of different sizes: which of them were stored, and the limit that decides."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number, table
from support.results.schema import ScenarioResult
from support.results.units import counted

STORED = "stored"
"""The outcome of an event that was stored; any other is the error that stopped it."""
HEAD = ("event", "bytes", "outcome", "limit that decides", "within it")


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a row for each event."""
    rows = [
        (s.path, number(s.bytes, 0), s.outcome, s.limit, "yes" if s.fits else "no")
        for s in scenario.sizes
    ]
    return [table(HEAD, rows), ""] if rows else []


def brief(scenario: ScenarioResult) -> str:
    """Returns how many events were stored."""
    if not scenario.sizes:
        return ""
    stored = sum(size.outcome == STORED for size in scenario.sizes)
    refused = len(scenario.sizes) - stored
    return f"{counted(len(scenario.sizes), 'sizes')}: {stored} stored, {refused} not stored"


SECTION = Section(text, brief)
