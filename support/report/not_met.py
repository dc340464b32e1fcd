"""Requirements that are not met, and figures that are worse than accepted: advice comes after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from support.errors import Explained
from support.report.accepted import figure_text, worse_than_accepted
from support.report.figures import parts_of
from support.report.words import NOT_MEASURED, measured, table
from support.results.schema import Check, RunResult, ScenarioResult, Verdict

NOT_MET = "Not met: do not go live before these are understood"
WORSE = "Worse than the accepted baseline"
HEAD = ("check", "scenario", "measured", "wanted", "evidence")
WORSE_HEAD = ("figure", "scenario", "accepted", "this run", "noise")
FIND_OUT = (
    "Find what changed since (settings and versions are in `run.json`, provenance), and repeat the "
    "scenarios with `-D repeat=3` before you act on it."
)


def failed_requirements(run: RunResult) -> Iterator[tuple[ScenarioResult, Check]]:
    """Returns each required check that failed, with its scenario."""
    for scenario in run.scenarios:
        for check in scenario.checks:
            if check.verdict is Verdict.FAIL and check.name in scenario.promises:
                yield scenario, check


def not_met_section(run: RunResult) -> list[str]:
    """Returns the table of failed checks; nothing when none failed."""
    rows = [_row(scenario, check) for scenario, check in failed_requirements(run)]
    return [f"## {NOT_MET}", "", table(HEAD, rows), ""] if rows else []


def _row(scenario: ScenarioResult, check: Check) -> tuple[str, ...]:
    evidence = "; ".join(check.evidence[:2]) or NOT_MEASURED
    return check.name, scenario.name, measured(check), check.objective, evidence


def worse_section(run: RunResult, accepted: Path) -> list[str]:
    """Returns the table of figures that are worse than accepted; nothing when none is."""
    try:
        worse = worse_than_accepted(run, accepted)
    except Explained:
        # comparison.md reports it.
        return []
    rows = []
    for each in worse:
        scenario, figure = parts_of(each.key)
        texts = (figure_text(each.base), figure_text(each.now))
        rows.append((figure, scenario, *texts, f"±{each.noise:.0%}"))
    return [f"## {WORSE}", "", table(WORSE_HEAD, rows), "", FIND_OUT, ""] if rows else []
