"""The table of edge cases: the outcome of each, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from support.report import tags
from support.report.sections import changes, delivery, lag, recovery, sizes
from support.report.words import MARKS, measured, table
from support.results.schema import GREEN, ScenarioResult

DECISIVE = (delivery.SECTION, changes.SECTION, recovery.SECTION, lag.SECTION, sizes.SECTION)
SHOWN = 3
"""Checks that stand for a scenario without any of these."""


def edge_case_table(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Returns a row for each scenario; nothing without any."""
    rows = [(MARKS[s.verdict], _case(s), s.name, _outcome(s)) for s in scenarios]
    if not rows:
        return []
    return ["Edge cases:", "", table(("verdict", "case", "scenario", "outcome"), rows), ""]


def _case(scenario: ScenarioResult) -> str:
    return next((tag for tag in scenario.tags if tag.startswith(tags.EDGE_CASE)), "")


def _outcome(scenario: ScenarioResult) -> str:
    if scenario.verdict not in GREEN:
        return scenario.reason.partition("\n")[0]
    outcomes = [check.deviation.rstrip(".") for check in scenario.checks if check.deviation]
    outcomes += filter(None, (section.brief(scenario) for section in DECISIVE))
    return "; ".join(outcomes) or first_figures(scenario)


def first_figures(scenario: ScenarioResult) -> str:
    """Returns what the first checks measured."""
    return "; ".join(f"{check.name}: {measured(check)}" for check in scenario.checks[:SHOWN])
