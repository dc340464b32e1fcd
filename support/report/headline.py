"""One figure on top of index.html, and what sections need to make one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from support.results.schema import Check, RunResult, ScenarioResult, Verdict, worst


@dataclass(frozen=True)
class Headline:
    """A figure with its unit, what it is about, and its limit or target ("" for none).

    `used`: the share of the limit; None where it has no meaning. `verdict`: that of the scenarios
    it comes from, or of the checks that judge just this value.
    """

    what: str
    value: str
    limit: str
    verdict: Verdict
    used: float | None = None


def tagged(run: RunResult, tag: str) -> list[ScenarioResult]:
    """Returns the scenarios with this tag that were not skipped."""
    return [s for s in run.scenarios if tag in s.tags and s.verdict is not Verdict.SKIPPED]


def check_of(scenario: ScenarioResult, name: str) -> Check | None:
    """Returns the scenario's check of this name, if it has one."""
    return next((check for check in scenario.checks if check.name == name), None)


def limit_text(scenarios: Sequence[ScenarioResult], *names: str) -> str:
    """Returns the limit of the first of these checks that a scenario has.

    In words where a run of an old schema has no limits as numbers; "" without such a check.
    """
    checks = [check for s in scenarios for name in names if (check := check_of(s, name))]
    return next((str(check.limit) if check.limit else check.objective for check in checks), "")


def used_of(scenarios: Sequence[ScenarioResult], *names: str) -> float | None:
    """Returns the largest share of their limits that checks with one of these names used."""
    checks = [check for s in scenarios for name in names if (check := check_of(s, name))]
    return max((check.used for check in checks if check.used is not None), default=None)


def worst_of_check(scenarios: Sequence[ScenarioResult], name: str) -> Verdict:
    """Returns this check's worst verdict; a scenario without it counts with its own verdict."""
    checks = [check_of(s, name) for s in scenarios]
    return worst([c.verdict if c else s.verdict for c, s in zip(checks, scenarios, strict=True)])
