"""How much of each upper limit a run used."""

from __future__ import annotations

from support.report.limits import without_limits
from support.report.words import measured, table
from support.results.schema import Check, RunResult, ScenarioResult, Verdict

HEAD = ("scenario", "check", "measured", "limit", "used")


def headroom_section(run: RunResult) -> list[str]:
    """Return a table, with the figures closest to their limits first; or why it is empty."""
    text = without_limits(run) or _table(run)
    return ["## Headroom", "", text, ""]


def _table(run: RunResult) -> str:
    found = [
        (used, scenario, check)
        for scenario in run.scenarios
        for check in scenario.checks
        if (used := check.used) is not None
    ]
    if not found:
        return "No figure that has an upper limit was measured."
    return table(HEAD, (_row(*each) for each in sorted(found, key=lambda each: -each[0])))


def _row(used: float, scenario: ScenarioResult, check: Check) -> tuple[str, ...]:
    deviation = ", deviation" if check.verdict is Verdict.DEVIATION else ""
    share = f"{used:.0%}{deviation}"
    return scenario.name, check.name, measured(check), check.objective, share
