"""Starts of a broker: seconds to each milestone."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from support.checks.startup import AFTER_CRASH, STARTUP
from support.report import tags
from support.report.headline import Headline, limit_text, tagged, used_of
from support.report.sections.section import Offered, Section
from support.report.words import number, table
from support.results.schema import RunResult, ScenarioResult
from support.results.units import counted

ACKED = "first acknowledged"
"""The milestone that the limit is about."""
START_UP = "start-up"
"""The name of the figure that can be compared."""
STARTS = {
    tags.COLD_START: "cold start",
    tags.WARM_START: "warm start",
    tags.CRASH_START: "start after a crash",
}
"""Tag of a scenario -> the start that it measures."""


def acked_s(scenario: ScenarioResult) -> list[float]:
    """Returns the seconds of each start to its first acknowledged record."""
    return [start[ACKED] for start in scenario.startups]


def text(scenario: ScenarioResult) -> list[str]:
    """Returns a row for each milestone, with every start and the median."""
    starts = scenario.startups
    if not starts:
        return []
    rows = [
        (
            milestone,
            *(number(start[milestone]) for start in starts),
            number(statistics.median(start[milestone] for start in starts)),
        )
        for milestone in starts[0]
    ]
    head = ("seconds from the start", *(f"start {n + 1}" for n in range(len(starts))), "median")
    return [table(head, rows), ""]


def brief(scenario: ScenarioResult) -> str:
    """Returns the slowest start, and of several also the fastest."""
    times = acked_s(scenario)
    if not times:
        return ""
    fastest = f" (fastest of {counted(len(times), 'starts')}: {number(min(times))} s)"
    return f"ready after {number(max(times))} s{fastest if len(times) > 1 else ''}"


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns the median of the starts."""
    if scenario.startups:
        yield Offered(START_UP, statistics.median(acked_s(scenario)), "s")


def headlines(run: RunResult) -> Iterator[Headline]:
    """Returns the slowest start of each kind (SC-002)."""
    for tag, what in STARTS.items():
        for s in tagged(run, tag):
            if s.startups:
                slowest = f"{max(acked_s(s)):.1f} s"
                limit = limit_text([s], STARTUP, AFTER_CRASH)
                used = used_of([s], STARTUP, AFTER_CRASH)
                yield Headline(what, slowest, limit, s.verdict, used)


SECTION = Section(text, brief, figures=figures, headlines=headlines)
