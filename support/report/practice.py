"""The table of good practice: remedies that scenarios recorded although they passed."""

from __future__ import annotations

from support.report.advice import documented_behaviour
from support.report.sections.notes import remedies
from support.report.words import table
from support.results.schema import RunResult

PRACTICE = "Good practice that these scenarios show"
DO = "what to do"
"""Title of the part, and the column with the remedies."""


def practice_section(run: RunResult) -> list[str]:
    """Returns the table; nothing when every remedy belongs to a finding."""
    rows = [(name, _sentence(remedy)) for name, remedy in _good_practice(run)]
    return [f"## {PRACTICE}", "", table(("scenario", DO), rows), ""] if rows else []


def _good_practice(run: RunResult) -> list[tuple[str, str]]:
    """Returns the first scenario and the remedy, for each remedy that belongs to no finding."""
    advised = {each.do for each in documented_behaviour(run)}
    found: dict[str, str] = {}
    for scenario in run.scenarios:
        for remedy in remedies(scenario):
            if remedy not in advised:
                found.setdefault(remedy, scenario.name)
    return [(name, remedy) for remedy, name in found.items()]


def _sentence(text: str) -> str:
    """Capitalises the first letter, unless the first word is the name of a setting."""
    return f"{text[0].upper()}{text[1:]}" if text.partition(" ")[0].isalpha() else text
