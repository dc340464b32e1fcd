"""recommendations.md: advice that follows from findings of the run, and the distance to limits."""

from __future__ import annotations

from support.report.advice import HEAD, Advice, advice
from support.report.heading import heading
from support.report.headroom import headroom_section
from support.report.tuning import tuned_advice, tuning_section
from support.report.words import table
from support.results.schema import RunResult
from support.results.tuning import Tuning

NOTHING = "Nothing in this run calls for a change."


def recommendations_report(run: RunResult, tuning: Tuning | None = None) -> str:
    """Return the advice first, then the headroom, then what `make tune` found."""
    found: list[Advice] = advice(run)
    found += tuned_advice(tuning) if tuning else []
    rows = [(each.finding, each.do, each.effect, each.risk) for each in found]
    lines = heading("Recommendations", run)
    lines += [table(HEAD, rows) if rows else NOTHING, ""]
    lines += headroom_section(run)
    lines += tuning_section(tuning) if tuning else []
    return "\n".join(lines)
