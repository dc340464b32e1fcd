"""The table of failures: what was lost or duplicated, and how long clients waited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.report import tags
from support.report.sections.changes import sent_again
from support.report.sections.delivery import stored_twice
from support.report.words import MARKS, NOT_MEASURED, number, table
from support.results.schema import ScenarioResult

HEAD = (
    "verdict",
    "scenario",
    "lost",
    "duplicates",
    "recovery, s",
    "consumer restart, s",
    "longest stall, s",
)
LEGEND = (
    "Lost: acknowledged messages that are not in the topic, or committed database changes without "
    "an event. Duplicates: stored twice, or sent again, with their share. Every term is defined in "
    "`glossary.md`."
)


def outcome_table(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Return the table with its legend; nothing without a scenario that belongs in it."""
    rows = [row for s in scenarios for row in _rows(s)]
    return [table(HEAD, rows), "", LEGEND, ""] if rows else []


def _rows(s: ScenarioResult) -> Iterator[tuple[str, ...]]:
    """Return a row for messages and one for database changes, if it counted them.

    The first has the times. An edge case that counted neither is in a table of its own.
    """
    outcomes = []
    if s.delivery:
        outcomes.append((number(s.delivery.lost, 0), stored_twice(s.delivery)))
    if s.cdc:
        outcomes.append((number(s.cdc.missing, 0), sent_again(s.cdc)))
    if not outcomes and tags.EDGE not in s.tags:
        outcomes.append((NOT_MEASURED, NOT_MEASURED))
    back = s.recovery
    times = (back.recovery_s, back.consumer_restart_s, back.stall_s) if back else (None,) * 3
    for n, (lost, duplicates) in enumerate(outcomes):
        shown = (number(None if n else seconds) for seconds in times)
        yield MARKS[s.verdict], s.name, lost, duplicates, *shown
