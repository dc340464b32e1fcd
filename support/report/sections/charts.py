"""The charts of a scenario."""

from __future__ import annotations

from support.report.charts.kinds import names
from support.report.sections.section import Section
from support.results.schema import ScenarioResult


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a picture for each kind of chart."""
    lines: list[str] = []
    for kind, file in names(scenario).items():
        lines += [f"![{kind} of {scenario.name}]({file})", ""]
    return lines


SECTION = Section(text)
