"""recommendations.md: advice that follows from findings of the run, and the distance to limits."""

from __future__ import annotations

from support.report.advice import HEAD, Advice, advice
from support.report.heading import heading
from support.report.headroom import headroom_section
from support.report.practice import practice_section
from support.report.tuning import tuned_advice, tuning_section
from support.report.words import table
from support.results.schema import RunResult, Verdict
from support.results.tuning import Tuning
from support.results.units import counted

NOTHING = "No finding of this run calls for a change"


def recommendations_report(run: RunResult, tuning: Tuning | None = None) -> str:
    """Returns advice, good practice, the headroom, and what `make tune` found."""
    found: list[Advice] = advice(run)
    found += tuned_advice(tuning) if tuning else []
    rows = [(each.finding, each.do, each.effect, each.risk) for each in found]
    lines = heading("Recommendations", run)
    lines += [table(HEAD, rows) if rows else nothing_found(run), ""]
    lines += practice_section(run)
    lines += headroom_section(run)
    lines += tuning_section(tuning) if tuning else []
    return "\n".join(lines)


def nothing_found(run: RunResult) -> str:
    """Says that there is no advice, and what limits that statement."""
    unmeasured = sum(s.verdict is Verdict.INCONCLUSIVE for s in run.scenarios)
    doubts = [f"{counted(unmeasured, 'scenarios')} could not be measured"] * bool(unmeasured)
    doubts += [f"the run was scaled by {run.scale:g}"] * (run.scale < 1)
    return f"{'; '.join([NOTHING, *doubts])}."
