"""recommendations.md: what to change, ordered by its effect, and the distance to the limits."""

from __future__ import annotations

from pathlib import Path

from support.report.accepted import ACCEPTED
from support.report.advice import Advice, advice
from support.report.heading import heading
from support.report.headroom import headroom_section
from support.report.not_met import not_met_section, worse_section
from support.report.tuning import merged, tuning_summary
from support.report.words import table
from support.results.schema import RunResult, Verdict
from support.results.tuning import Tuning
from support.results.units import counted

HEAD = ("", "finding", "setting: old → new, or what to do", "measured effect", "cost", "state")
CHANGE = "What to change"
MOST = 10
"""Rows of the table. Findings of the run come before what only `make tune` found."""
NOTHING = "No finding of this run calls for a change"
PRACTICE = (
    "How to prepare for each failure (alerts, limits, reserves), and which settings of `baseline/` "
    "must stay: `docs/practice.md`."
)


def recommendations_report(
    run: RunResult, tuning: Tuning | None = None, accepted: Path = ACCEPTED
) -> str:
    """Returns what is not met, what to change, and the headroom.

    `accepted`: the file of the accepted figures.
    """
    found = advice(run)
    every = merged(found, tuning) if tuning else found
    rows = [_row(n, each) for n, each in enumerate(ordered(every), 1)]
    lines = heading("Recommendations", run)
    lines += not_met_section(run)
    lines += worse_section(run, accepted)
    lines += [f"## {CHANGE}", "", table(HEAD, rows) if rows else nothing_found(run), ""]
    lines += [PRACTICE, *tuning_summary(tuning), ""]
    lines += headroom_section(run)
    return "\n".join(lines)


def ordered(found: list[Advice]) -> list[Advice]:
    """Returns the first MOST, the largest effect first; what was not measured comes last."""
    return sorted(found[:MOST], key=lambda each: -each.gain)


def nothing_found(run: RunResult) -> str:
    """Says that there is no advice, and what limits that statement."""
    unmeasured = sum(s.verdict is Verdict.INCONCLUSIVE for s in run.scenarios)
    doubts = [f"{counted(unmeasured, 'scenarios')} could not be measured"] * bool(unmeasured)
    doubts += [f"the run was scaled by {run.scale:g}"] * (run.scale < 1)
    return f"{'; '.join([NOTHING, *doubts])}."


def _row(n: int, each: Advice) -> tuple[str, ...]:
    return str(n), each.finding, each.do, each.effect, each.cost, each.state
