"""The figures that used most of their limits."""

from __future__ import annotations

from support.report.limits import closest_checks, without_limits
from support.report.words import measured, table
from support.results.schema import Check, RunResult, ScenarioResult, Verdict

HEAD = ("scenario", "check", "measured", "limit", "used")
MOST = 10
"""Rows of the table."""
LEGEND = f"The required figures closest to their limits (at most {MOST}), each where it was worst."


def headroom_section(run: RunResult) -> list[str]:
    """Returns a table, with the figures closest to their limits first; or why it is empty."""
    text = without_limits(run) or _table(run)
    return ["## Headroom", "", text, ""]


def _table(run: RunResult) -> str:
    found = closest_checks(run, MOST)
    if not found:
        return "No required figure that has an upper limit was measured."
    return "\n\n".join([LEGEND, table(HEAD, (_row(*each) for each in found))])


def _row(check: Check, scenario: ScenarioResult) -> tuple[str, ...]:
    deviation = ", deviation" if check.verdict is Verdict.DEVIATION else ""
    share = f"{check.used or 0:.0%}{deviation}"
    return scenario.name, check.name, measured(check), check.objective, share
