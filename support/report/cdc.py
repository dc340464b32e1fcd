"""What became of changes of the database: a table and a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from support.report.occasions import occasion
from support.report.words import MARKS, number, table
from support.results.schema import ScenarioResult

LEGEND = (
    "*Missing*: committed in PostgreSQL, and without an event in one complete reading. "
    "*Unknown*: the commit was cut off. *Sent again*: surplus events of a change, legal at "
    "least once. *Commit to arrival*: from the commit to the first arrival at a reader, outages "
    "included; *to Connect's producer*: to the moment at which it queued the event, in which an "
    "outage of the broker does not show. *Ready* and *recovery* run from the beginning of the heal "
    "to its proof, and to the first event of a change that was committed after the fault. "
    "*Stall*: the longest time in which a committed change waited and none arrived. *WAL behind*: "
    "what the replication slot had not confirmed at the end of the outage, which the database "
    "server must keep. *Caught up*: from the last commit (after a fault: from the proof of the "
    "heal) to the arrival of its event. *Confirmed*: until the slot confirmed it, in the rhythm of "
    "the connector's heartbeat on a quiet database."
)
HEAD = (
    "verdict",
    "scenario",
    "changes",
    "unknown",
    "missing",
    "sent again",
    "commit to arrival p50 / p95 / max, ms",
    "to Connect's producer p95, ms",
    "ready, s",
    "recovery, s",
    "stall, s",
    "WAL behind, MB",
    "caught up, s",
    "confirmed, s",
)


def cdc_section(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Of the scenarios that changed rows; nothing without any."""
    rows = [_row(s) for s in scenarios if s.cdc]
    if not rows:
        return []
    return ["Changes of the database through Debezium:", "", table(HEAD, rows), "", LEGEND, ""]


def _row(s: ScenarioResult) -> tuple[str, ...]:
    assert s.cdc is not None
    cdc, wait, queued, back = s.cdc, s.cdc.commit_to_arrival, s.cdc.commit_to_producer, s.recovery
    waits = (wait.p50_ms, wait.p95_ms, wait.max_ms) if wait else (None,) * 3
    behind = cdc.slot_behind_down_bytes
    share = cdc.duplicates / cdc.events if cdc.events else 0.0
    return (
        MARKS[s.verdict],
        s.name,
        number(cdc.committed_changes, 0),
        number(cdc.unknown_changes, 0),
        number(cdc.missing, 0),
        f"{cdc.duplicates:,} ({share:.2%})" if cdc.duplicates else "0",
        " / ".join(number(value, 0) for value in waits),
        number(queued.p95_ms if queued else None, 0),
        number(back.ready_s if back else None),
        number(back.recovery_s if back else None),
        number(back.stall_s if back else None),
        number(None if behind is None else behind / 1e6),
        number(cdc.caught_up_s),
        number(cdc.confirmed_s),
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
                f"None of {cdc.committed_changes:,} changes is missing, {occasion(scenario)}."
            )
    if scenario.snapshot:
        taken = scenario.snapshot
        tables = ", ".join(f"{count:,} {table}" for table, count in sorted(taken.rows.items()))
        lines.append(
            f"Snapshot of {tables} in {taken.seconds:.1f} s: {taken.rows_per_s:,.0f} rows/s."
        )
    return lines
