"""How far a consumer group fell behind, and how long it needed to catch up."""

from __future__ import annotations

from support.report.sections.section import Section
from support.report.words import number
from support.results.schema import ScenarioResult
from support.results.units import counted


def text(scenario: ScenarioResult) -> list[str]:
    """Returns the highest lag, and when it was gone."""
    lag = scenario.lag
    if lag is None:
        return []
    behind = f"Lag: the group was at most {counted(lag.peak, 'records')} behind"
    if lag.caught_up_s is None:
        return [f"{behind}, and the lag was never gone.", ""]
    return [f"{behind}. The lag was gone after {number(lag.caught_up_s, 1)} s of full speed.", ""]


def brief(scenario: ScenarioResult) -> str:
    """Returns the highest lag."""
    return f"{counted(scenario.lag.peak, 'records')} behind" if scenario.lag else ""


SECTION = Section(text, brief)
