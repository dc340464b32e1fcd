"""Looks for failed requirements, remedies and headroom in recommendations.md."""

from __future__ import annotations

from support.report.advice import HEAD, failed_requirements
from support.report.completeness.findings import Findings, is_in_row, shows_measured
from support.report.completeness.place import Cell
from support.report.completeness.scenario import NOWHERE
from support.report.completeness.written import Document
from support.report.recommendations import NOTHING
from support.report.sections.notes import remedies
from support.report.words import in_cell
from support.results.schema import RunResult, Verdict

FINDING, DO, _, _ = HEAD
USED = Cell("", "used", scale=100)


def look_for_findings(run: RunResult, document: Document, findings: Findings) -> None:
    """Look for every required check that failed; a run has advice, or says that there is none."""
    about = (s for s in run.scenarios if "reporting" not in s.tags)
    if any(scenario.verdict is not Verdict.SKIPPED for scenario in about):
        there = NOTHING in document.top.lines or any(FINDING in row for row in document.top.rows)
        findings.expect(there, "advice, or the sentence that nothing calls for a change")
    cells = [row[FINDING] for row in document.top.rows if FINDING in row]
    for scenario, check in failed_requirements(run):
        words = (check.name, in_cell(scenario.name))
        there = any(
            all(word in cell for word in words) and shows_measured(check, cell) for cell in cells
        )
        findings.expect(there, f"{scenario.name}: the finding that {check.name} failed")


def look_for_remedies(run: RunResult, document: Document, findings: Findings) -> None:
    """Look for every remedy that a scenario recorded."""
    for remedy in {remedy for s in run.scenarios for remedy in remedies(s)}:
        there = bool(document.top.rows_with(**{DO: in_cell(remedy)}))
        findings.expect(there, f"the remedy: {remedy}")


def look_for_headroom(run: RunResult, document: Document, findings: Findings) -> None:
    """Look for every figure that has an upper limit."""
    part = document.parts.get("Headroom", NOWHERE)
    for scenario in run.scenarios:
        for check in scenario.checks:
            used = check.used
            if used is None:
                continue
            rows = part.rows_with(scenario=in_cell(scenario.name), check=in_cell(check.name))
            there = any(
                is_in_row(used, row, USED) and shows_measured(check, row["measured"])
                for row in rows
            )
            findings.expect(there, f"{scenario.name}: the headroom of {check.name}")
