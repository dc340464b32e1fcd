"""Finds the limits of checks for reports."""

from __future__ import annotations

from support.results.limit import Limit
from support.results.schema import Check, RunResult, ScenarioResult

FIRST_VERSION = 3
"""Version of the schema: runs of earlier versions recorded the limits in words only."""

NO_LIMITS = (
    "This run was recorded before limits were recorded as numbers (schema version {version}, "
    "numbers since {first}), so the distance to them can't be computed."
)


def limit_of(scenario: ScenarioResult, *names: str) -> Limit | None:
    """Returns the limit of the scenario's first check that has one of these names and a limit."""
    found = (check.limit for check in scenario.checks if check.name in names)
    return next((limit for limit in found if limit), None)


def closest_checks(run: RunResult, count: int) -> list[tuple[Check, ScenarioResult]]:
    """Returns the required checks that used most of their limits, each at its worst."""
    found = [
        (check.used, check, s)
        for s in run.scenarios
        for check in s.checks
        if check.used is not None and check.name in s.promises
    ]
    found.sort(key=lambda each: each[0])
    worst = {check.name: (used, check, s) for used, check, s in found}
    ordered = sorted(worst.values(), key=lambda each: -each[0])
    return [(check, s) for _, check, s in ordered[:count]]


def without_limits(run: RunResult) -> str:
    """Says why a run of an old schema has no limits; empty for any other run."""
    if run.schema_version >= FIRST_VERSION:
        return ""
    return NO_LIMITS.format(version=run.schema_version, first=FIRST_VERSION)
