"""Figures against their limits."""

from __future__ import annotations

from dataclasses import dataclass

from support.repeats import name_without_number
from support.report.headline import Headline
from support.report.limits import closest_checks
from support.report.page.timeline import SHORTEST_S
from support.report.words import MARKS, measured, number
from support.results.schema import Check, RunResult, ScenarioResult, Verdict

FULL = 1.5
"""The share of a limit that a whole bar stands for."""


@dataclass(frozen=True)
class Bar:
    """`share`: of the limit; None where it has no meaning. `width`: percent of the whole bar."""

    what: str
    value: str
    limit: str
    used: str
    share: float | None
    width: int | None
    verdict: Verdict
    mark: str


def of_check(check: Check) -> Bar:
    """Returns the bar of a check that has a limit."""
    limit = str(check.limit) if check.limit else check.objective
    return _bar(check.name, measured(check), limit, check.used, check.verdict)


def of_headline(headline: Headline) -> Bar:
    """Returns the bar of a headline."""
    limit = headline.limit or "no limit in the specification"
    return _bar(headline.what, headline.value, limit, headline.used, headline.verdict)


def bars_of(scenario: ScenarioResult) -> list[Bar]:
    """Returns a bar for each required figure of which the share of its limit is known."""
    return [
        of_check(check)
        for check in scenario.checks
        if check.used is not None and check.name in scenario.promises
    ]


def closest(run: RunResult, count: int) -> list[tuple[Bar, ScenarioResult]]:
    """Returns the required figures that used most of their limits, each at its worst."""
    return [(of_check(check), s) for check, s in closest_checks(run, count)]


def stalls(run: RunResult, count: int) -> list[tuple[Bar, ScenarioResult]]:
    """Returns the longest stalls; a scenario that was repeated counts once, at its worst."""
    found = [
        (s.recovery.stall_s, s)
        for s in run.scenarios
        if s.recovery and s.recovery.stall_s and s.recovery.stall_s >= SHORTEST_S
    ]
    found.sort(key=lambda each: each[0])
    worst = {name_without_number(s.name): (seconds, s) for seconds, s in found}
    longest = sorted(worst.values(), key=lambda each: -each[0])
    return [(_stall(seconds, longest[0][0], s), s) for seconds, s in longest[:count]]


def _stall(seconds: float, longest: float, s: ScenarioResult) -> Bar:
    lost = s.delivery.lost if s.delivery else s.cdc.missing if s.cdc else None
    width = round(seconds / longest * 100)
    return Bar("", f"{seconds:.1f} s", number(lost, 0), "", None, width, s.verdict, "")


def _bar(what: str, value: str, limit: str, used: float | None, verdict: Verdict) -> Bar:
    width = None if used is None else round(min(used, FULL) / FULL * 100)
    share = "" if used is None else f"{used:.0%}"
    return Bar(what, value, limit, share, used, width, verdict, MARKS[verdict].partition(" ")[0])
