"""Debezium's snapshot: how many rows, how fast, and the broker's memory meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.resources import MEMORY
from support.report import tags
from support.report.headline import Headline, limit_text, tagged, used_of
from support.report.sections.section import Offered, Section
from support.results.schema import RunResult, ScenarioResult

SNAPSHOT = "snapshot"
"""The name of the figure that can be compared."""


def text(scenario: ScenarioResult) -> list[str]:
    """Returns rows by table, seconds and rate."""
    taken = scenario.snapshot
    if taken is None:
        return []
    tables = ", ".join(f"{count:,} {table}" for table, count in sorted(taken.rows.items()))
    return [f"Snapshot of {tables} in {taken.seconds:.1f} s: {taken.rows_per_s:,.0f} rows/s.", ""]


def brief(scenario: ScenarioResult) -> str:
    """Returns rows, seconds and rate."""
    taken = scenario.snapshot
    if taken is None:
        return ""
    rows = sum(taken.rows.values())
    return f"{rows:,} rows in {taken.seconds:.1f} s, {taken.rows_per_s:,.0f} rows/s"


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns the rate."""
    if scenario.snapshot:
        yield Offered(SNAPSHOT, scenario.snapshot.rows_per_s, "rows/s", higher_is_better=True)


def headlines(run: RunResult) -> Iterator[Headline]:
    """Returns the broker's highest memory during the snapshot (SC-005)."""
    for s in tagged(run, tags.SNAPSHOT_MEMORY):
        broker = s.resources.get("broker")
        if s.snapshot and broker:
            what = f"broker memory during a snapshot of {sum(s.snapshot.rows.values()):,} rows"
            memory = f"{broker.memory_max_bytes / 1e6:,.0f} MB"
            limit, used = limit_text([s], MEMORY), used_of([s], MEMORY)
            yield Headline(what, memory, limit, s.verdict, used)


SECTION = Section(text, brief, figures=figures, headlines=headlines)
