"""What became of changes of the database: a table and a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from support.reporting.words import MARKS, number, table
from support.results.schema import ScenarioResult

LEGEND = (
    "*Missing*: committed in PostgreSQL, and without an event in one complete reading. "
    "*Unknown*: the commit was cut off. *Sent again*: surplus events of a change, legal at "
    "least once. *Commit to topic*: from the commit to the record's timestamp, outages "
    "included. *Ready* and *new event* run from the beginning of the heal to its proof, and "
    "to the first event of a change that was committed after the fault; *stall* is the "
    "longest time without any event. *WAL behind*: what the replication slot had not "
    "confirmed at the end of the outage, which the database server must keep. *Caught up*: "
    "from the last commit until the slot confirmed it."
)
HEAD = (
    "verdict", "scenario", "changes", "unknown", "missing", "sent again",
    "commit to topic p50 / p95 / p99, ms", "ready, s", "new event, s", "stall, s",
    "WAL behind, MB", "caught up, s",
)  # fmt: skip


def cdc_section(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Of the scenarios that changed rows; nothing without any."""
    rows = [_row(s) for s in scenarios if s.cdc]
    if not rows:
        return []
    return ["Changes of the database through Debezium:", "", table(HEAD, rows), "", LEGEND, ""]


def _row(s: ScenarioResult) -> tuple[str, ...]:
    assert s.cdc is not None
    cdc, wait, back = s.cdc, s.cdc.commit_to_topic, s.recovery
    behind = cdc.slot_behind_down_bytes
    share = cdc.duplicates / cdc.events if cdc.events else 0.0
    return (
        MARKS[s.verdict],
        s.name,
        number(cdc.committed_changes, 0),
        number(cdc.unknown_changes, 0),
        number(cdc.missing, 0),
        f"{cdc.duplicates:,} ({share:.2%})" if cdc.duplicates else "0",
        " / ".join(number(value, 0) for value in (wait.p50_ms, wait.p95_ms, wait.p99_ms)),
        number(back.ready_s if back else None),
        number(back.recovery_s if back else None),
        number(back.stall_s if back else None),
        number(None if behind is None else behind / 1e6),
        number(cdc.caught_up_s),
    )


def cdc_story(scenario: ScenarioResult) -> list[str]:
    """What was written, and what came of it."""
    lines = []
    if scenario.cdc:
        cdc = scenario.cdc
        lines.append(
            f"{cdc.transactions:,} transactions, {cdc.committed_changes:,} committed changes of "
            f"rows, {cdc.events:,} events."
        )
        if cdc.missing == 0 and cdc.committed_changes:
            lines.append(
                f"None of {cdc.committed_changes:,} changes is missing, so with 95 % confidence "
                "fewer than 3 of as many are lost."
            )
    if scenario.snapshot:
        taken = scenario.snapshot
        tables = ", ".join(f"{count:,} {table}" for table, count in sorted(taken.rows.items()))
        lines.append(
            f"Snapshot of {tables} in {taken.seconds:.1f} s: {taken.rows_per_s:,.0f} rows/s."
        )
    return lines
