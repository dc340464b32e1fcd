"""Notes: known limits of a scenario's figures, and remedies for its findings."""

from __future__ import annotations

from support.report.sections.section import Section
from support.results.schema import ScenarioResult

REMEDY = "Remedy: "
"""How a note begins that says what can be done."""


def remedies(scenario: ScenarioResult) -> list[str]:
    """Returns what can be done about the findings of a scenario."""
    found = (note for note in scenario.notes if note.startswith(REMEDY))
    return [note.removeprefix(REMEDY) for note in found]


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a paragraph for each note."""
    return [line for note in scenario.notes for line in (note, "")]


SECTION = Section(text)
