"""delivery.md: what was lost or stored twice and how long recovery took, failure by failure."""

from __future__ import annotations

from support.report import tags
from support.report.document import scenario_part
from support.report.edge_cases import edge_case_table
from support.report.facts import facts
from support.report.heading import heading, verdict_line
from support.report.outcomes import outcome_table
from support.report.repeated import repeats_table
from support.report.words import sentences
from support.results.schema import RunResult

ABOUT = frozenset({tags.DELIVERY, tags.EDGE})
"""Tags of the scenarios that the report is about."""


def delivery_report(run: RunResult) -> str:
    """Returns a summary, the table of all failures, and a part about each."""
    scenarios = [s for s in run.scenarios if ABOUT & set(s.tags)]
    lines = [*heading("At-least-once delivery under failures", run), verdict_line(scenarios), ""]
    lines += sentences(facts(scenarios))
    lines += outcome_table(scenarios)
    lines += edge_case_table([s for s in scenarios if tags.EDGE in s.tags])
    lines += repeats_table(scenarios)
    lines += [line for scenario in scenarios for line in scenario_part(scenario)]
    return "\n".join(lines)
