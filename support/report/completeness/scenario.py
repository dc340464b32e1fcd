"""Looks for what is recorded of a scenario in performance.md or delivery.md."""

from __future__ import annotations

from pathlib import Path

import msgspec

from support.report.charts.kinds import names
from support.report.completeness.failure_places import OVERVIEW
from support.report.completeness.findings import Findings, is_in_row, is_shown
from support.report.completeness.recorded import Recorded, place_of, recorded
from support.report.completeness.written import Document, Part
from support.report.words import MARKS, in_cell
from support.results.schema import ScenarioResult

NOWHERE = Part(())


def figures(scenario: ScenarioResult) -> list[Recorded]:
    """Returns every figure of a scenario."""
    found = recorded(msgspec.to_builtins(scenario))
    # A document does not write that a fault was injected once.
    return [each for each in found if each.path[-1] != "times" or each.value != 1]


def look_for_row(scenario: ScenarioResult, document: Document, findings: Findings) -> None:
    """Looks for the scenario and its verdict in the tables on top."""
    rows = document.top.rows_with(scenario=in_cell(scenario.name), verdict=MARKS[scenario.verdict])
    findings.expect(bool(rows), f"{scenario.name}: its row with {scenario.verdict.value}")


def look_for_overview(scenario: ScenarioResult, document: Document, findings: Findings) -> None:
    """Looks for the figures that the table on top of delivery.md has to show."""
    rows, found = document.top.rows_with(scenario=in_cell(scenario.name)), figures(scenario)
    parts = {figure.path[0] for figure in found}
    for subject, places in OVERVIEW.items():
        for figure in found if subject in parts else ():
            if place := places.get(figure.name):
                there = any(is_in_row(figure.value, row, place) for row in rows)
                what = f"{scenario.name}: {figure.name} = {figure.value} in its row"
                findings.expect(there, what)


def look_for_part(
    scenario: ScenarioResult, document: Document, folder: Path, findings: Findings
) -> None:
    """Looks for verdict, figures, checks, proofs and charts in the part about the scenario.

    `folder`: that of the run, which has the charts.
    """
    part, name = document.parts.get(scenario.name, NOWHERE), scenario.name
    verdict = f"**{MARKS[scenario.verdict]}**"
    findings.expect(verdict in part.lines, f"{name}: verdict {scenario.verdict.value}")
    _look_for_figures(scenario, part, findings)
    for check in scenario.checks:
        rows = part.rows_with(check=in_cell(check.name), verdict=MARKS[check.verdict])
        findings.expect(bool(rows), f"{name}: {check.name} is {check.verdict.value}")
    for each in scenario.differences:
        rows = part.rows_with(setting=each.setting, theirs=in_cell(each.theirs))
        there = any(in_cell(each.where) == row["where"].strip() for row in rows)
        findings.expect(there, f"{name}: the difference of {each.setting}")
    for fault in scenario.faults:
        proofs = f"Proofs: {'; '.join(fault.proofs) or 'none'}."
        there = any(line.endswith(proofs) for line in part.lines)
        findings.expect(there, f"{name}: the proofs of {fault.name}")
    for chart in names(scenario).values():
        there = any(line.endswith(f"]({chart})") for line in part.lines)
        findings.expect(there and (folder / chart).is_file(), f"{name}: {chart}")


def _look_for_figures(scenario: ScenarioResult, part: Part, findings: Findings) -> None:
    paced = scenario.load is not None and scenario.load.target_rate_per_s is not None
    for figure in figures(scenario):
        if place := place_of(figure, paced=paced):
            what = f"{scenario.name}: {figure.name} = {figure.value}"
            findings.expect(is_shown(figure.value, place, part), what)
