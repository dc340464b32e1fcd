"""Settings of a stack of others that differ from the Baseline Configuration."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import table
from support.results.schema import ScenarioResult

HEAD = ("setting", "where", "theirs", "baseline", "concerns", "what it means")


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a row for each setting that differs."""
    rows = [
        (d.setting, d.where, d.theirs, d.baseline, d.concerns, d.meaning)
        for d in scenario.differences
    ]
    title = "Settings that differ from the Baseline Configuration (`baseline/`):"
    return [title, "", table(HEAD, rows), ""] if rows else []


SECTION = Section(text)
