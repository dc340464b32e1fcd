"""Looks for failed requirements, remedies and headroom in recommendations.md."""

from __future__ import annotations

from support.report.completeness.findings import Findings, is_in_row, shows_measured
from support.report.completeness.place import Cell
from support.report.completeness.scenario import NOWHERE
from support.report.completeness.written import Document
from support.report.not_met import NOT_MET, failed_requirements
from support.report.recommendations import CHANGE, nothing_found
from support.report.sections.notes import remedies
from support.report.words import in_cell
from support.results.schema import Check, RunResult, Verdict

FINDING, DO = "finding", "setting: old → new, or what to do"
MOST = 10
"""Figures that the headroom has to show."""
USED = Cell("", "used", scale=100)


def look_for_findings(run: RunResult, document: Document, findings: Findings) -> None:
    """Looks for every required check that failed; a run has advice, or says that there is none."""
    about = (s for s in run.scenarios if "reporting" not in s.tags)
    change = document.parts.get(CHANGE, NOWHERE)
    if any(scenario.verdict is not Verdict.SKIPPED for scenario in about):
        there = any(FINDING in row for row in change.rows) or nothing_found(run) in change.lines
        findings.expect(there, "advice, or the sentence that no finding calls for a change")
    not_met = document.parts.get(NOT_MET, NOWHERE)
    for scenario, check in failed_requirements(run):
        rows = not_met.rows_with(check=in_cell(check.name), scenario=in_cell(scenario.name))
        there = any(shows_measured(check, row["measured"]) for row in rows)
        findings.expect(there, f"{scenario.name}: the finding that {check.name} failed")


def look_for_remedies(run: RunResult, document: Document, findings: Findings) -> None:
    """Looks for every remedy of a scenario that did not simply pass: docs/ has the others."""
    rows = document.parts.get(CHANGE, NOWHERE).rows
    open_ = (s for s in run.scenarios if s.verdict is not Verdict.PASS)
    for remedy in {remedy for s in open_ for remedy in remedies(s)}:
        wanted = in_cell(remedy).casefold()
        there = any(row.get(DO, "").casefold() == wanted for row in rows)
        findings.expect(there, f"the remedy: {remedy}")


def look_for_headroom(run: RunResult, document: Document, findings: Findings) -> None:
    """Looks for the required figures closest to their upper limits, each where it was worst."""
    part = document.parts.get("Headroom", NOWHERE)
    highest: dict[str, tuple[float, Check]] = {}
    for scenario in run.scenarios:
        for check in (c for c in scenario.checks if c.name in scenario.promises):
            used = check.used
            if used is not None and used >= highest.get(check.name, (used, check))[0]:
                highest[check.name] = (used, check)
    for used, check in sorted(highest.values(), key=lambda each: -each[0])[:MOST]:
        rows = part.rows_with(check=in_cell(check.name))
        there = any(
            is_in_row(used, row, USED) and shows_measured(check, row["measured"]) for row in rows
        )
        findings.expect(there, f"the headroom of {check.name}")
