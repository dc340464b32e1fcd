"""Figures against their limits."""

from __future__ import annotations

from dataclasses import dataclass

from support.report.headline import Headline
from support.report.words import MARKS, measured
from support.results.schema import Check, ScenarioResult, Verdict

FULL = 1.5
"""The share of a limit that a whole bar stands for."""


@dataclass(frozen=True)
class Bar:
    """`width`: percent of the whole bar; None where the share of the limit has no meaning."""

    what: str
    value: str
    limit: str
    used: str
    width: int | None
    verdict: Verdict
    mark: str


def of_check(check: Check) -> Bar:
    """Return the bar of a check that has a limit."""
    limit = str(check.limit) if check.limit else check.objective
    return _bar(check.name, measured(check), limit, check.used, check.verdict)


def of_headline(headline: Headline) -> Bar:
    """Return the bar of a headline."""
    limit = headline.limit or "no limit in the specification"
    return _bar(headline.what, headline.value, limit, headline.used, headline.verdict)


def bars_of(scenario: ScenarioResult) -> list[Bar]:
    """Return a bar for each required figure of which the share of its limit is known."""
    return [
        of_check(check)
        for check in scenario.checks
        if check.used is not None and check.name in scenario.promises
    ]


def _bar(what: str, value: str, limit: str, used: float | None, verdict: Verdict) -> Bar:
    width = None if used is None else round(min(used, FULL) / FULL * 100)
    share = "" if used is None else f"{used:.0%}"
    return Bar(what, value, limit, share, width, verdict, MARKS[verdict].partition(" ")[0])
