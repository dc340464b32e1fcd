"""The table of scenarios that were run several times (-D repeat): the range of every figure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from support.repeats import name_without_number
from support.report.sections.faults import faults_of
from support.report.sections.recovery import seconds_of
from support.report.words import NOT_MEASURED, number, table
from support.results.schema import GREEN, ScenarioResult, Verdict

HEAD = (
    "repeated scenario",
    "passed",
    "faults",
    "with a loss",
    "lost or missing",
    "stored twice or sent again",
    "delivered twice",
    "recovery, s",
    "consumer recovery, s",
    "consumer restart, s",
    "longest stall, s",
)


def repeats_table(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Returns a row for each scenario that ran more than once; nothing without any."""
    by_name: dict[str, list[ScenarioResult]] = {}
    for scenario in (each for each in scenarios if each.verdict is not Verdict.SKIPPED):
        by_name.setdefault(name_without_number(scenario.name), []).append(scenario)
    rows = [_row(name, runs) for name, runs in by_name.items() if len(runs) > 1]
    if not rows:
        return []
    return ["Lowest, median and highest of the repeats:", "", table(HEAD, rows), ""]


def _row(name: str, runs: Sequence[ScenarioResult]) -> tuple[str, ...]:
    counts = [run.delivery for run in runs if run.delivery]
    changes = [run.cdc for run in runs if run.cdc]
    times = zip(*(seconds_of(run.recovery) for run in runs if run.recovery), strict=True)
    # The first time is that of the suite's own proof.
    ranges = [_range(seconds, 2) for seconds in times][1:] or [NOT_MEASURED] * 4
    return (
        name,
        f"{sum(run.verdict in GREEN for run in runs)} of {len(runs)}",
        str(sum(map(faults_of, runs))),
        f"{sum(map(_lost_something, runs))} of {len(runs)}",
        _range([*(d.lost for d in counts), *(c.missing for c in changes)], 0),
        _range([*(d.duplicates for d in counts), *(c.duplicates for c in changes)], 0),
        _range([d.redelivered for d in counts], 0),
        *ranges,
    )


def _lost_something(s: ScenarioResult) -> bool:
    return bool((s.delivery and s.delivery.lost) or (s.cdc and s.cdc.missing))


def _range(values: Sequence[float | None], digits: int) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return NOT_MEASURED
    figures = (min(known), statistics.median(known), max(known))
    return " / ".join(number(figure, digits) for figure in figures)
