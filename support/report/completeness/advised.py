"""Looks for failed requirements, remedies and headroom in recommendations.md."""

from __future__ import annotations

from support.report.advice import HEAD, failed_requirements
from support.report.completeness.findings import Findings, is_in_row, shows_measured
from support.report.completeness.place import Cell
from support.report.completeness.scenario import NOWHERE
from support.report.completeness.written import Document
from support.report.practice import PRACTICE
from support.report.recommendations import nothing_found
from support.report.sections.notes import remedies
from support.report.words import in_cell
from support.results.schema import Check, RunResult, Verdict

FINDING, DO, _, _ = HEAD
MOST = 10
"""Figures that the headroom has to show."""
USED = Cell("", "used", scale=100)


def look_for_findings(run: RunResult, document: Document, findings: Findings) -> None:
    """Looks for every required check that failed; a run has advice, or says that there is none."""
    about = (s for s in run.scenarios if "reporting" not in s.tags)
    if any(scenario.verdict is not Verdict.SKIPPED for scenario in about):
        advised = any(FINDING in row for row in document.top.rows)
        there = advised or nothing_found(run) in document.top.lines
        findings.expect(there, "advice, or the sentence that no finding calls for a change")
    cells = [row[FINDING] for row in document.top.rows if FINDING in row]
    for scenario, check in failed_requirements(run):
        words = (check.name, in_cell(scenario.name))
        there = any(
            all(word in cell for word in words) and shows_measured(check, cell) for cell in cells
        )
        findings.expect(there, f"{scenario.name}: the finding that {check.name} failed")


def look_for_remedies(run: RunResult, document: Document, findings: Findings) -> None:
    """Looks for every remedy that a scenario recorded."""
    rows = [*document.top.rows, *document.parts.get(PRACTICE, NOWHERE).rows]
    for remedy in {remedy for s in run.scenarios for remedy in remedies(s)}:
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
