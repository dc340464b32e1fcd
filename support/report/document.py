"""The part of a document that is about one scenario."""

from __future__ import annotations

from support.report.sections import SECTIONS
from support.report.words import MARKS
from support.results.schema import ScenarioResult


def scenario_part(scenario: ScenarioResult) -> list[str]:
    """Returns its title, its verdict, and every section that it recorded something for."""
    lines = [f"## {scenario.name}", "", f"**{MARKS[scenario.verdict]}**", ""]
    return [*lines, *(line for section in SECTIONS for line in section.text(scenario))]
