"""The table of failures: what was lost or duplicated, and how long clients waited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.report import tags
from support.report.sections.changes import sent_again
from support.report.sections.delivery import stored_twice
from support.report.sections.recovery import restarted_by_the_suite
from support.report.words import MARKS, NOT_MEASURED, number, table
from support.results.schema import ScenarioResult

HEAD = (
    "verdict",
    "scenario",
    "lost",
    "duplicates",
    "delivered twice",
    "recovery, s",
    "consumer restart, s",
    "longest stall, s",
)
HELPED = " †"
HELP = (
    f"{HELPED.strip()} after the suite had restarted a part of the stack that did not recover by "
    "itself; see the check `back without help`."
)
LEGEND = (
    "Lost: acknowledged messages that are not in the topic, or committed database changes without "
    "an event. Duplicates: stored twice in the topic, or sent again by Debezium, with their share. "
    "Delivered twice: messages that a consumer group received more than once. Every term is "
    "defined in `glossary.md`."
)


def outcome_table(scenarios: Sequence[ScenarioResult]) -> list[str]:
    """Returns the table with its legend; nothing without a scenario that belongs in it."""
    rows = [row for s in scenarios for row in _rows(s)]
    notes = [HELP, ""] if any(map(restarted_by_the_suite, scenarios)) else []
    return [table(HEAD, rows), "", LEGEND, "", *notes] if rows else []


def _rows(s: ScenarioResult) -> Iterator[tuple[str, ...]]:
    """Returns a row for messages and one for database changes, if it counted them.

    The first has the times. An edge case that counted neither is in a table of its own.
    """
    outcomes = []
    if s.delivery:
        again = number(s.delivery.redelivered, 0)
        outcomes.append((number(s.delivery.lost, 0), stored_twice(s.delivery), again))
    if s.cdc:
        outcomes.append((number(s.cdc.missing, 0), sent_again(s.cdc), NOT_MEASURED))
    if not outcomes and tags.EDGE not in s.tags:
        outcomes.append((NOT_MEASURED,) * 3)
    back = s.recovery
    mark = HELPED if restarted_by_the_suite(s) else ""
    times = (back.recovery_s, back.consumer_restart_s, back.stall_s) if back else (None,) * 3
    for n, counts in enumerate(outcomes):
        shown = [number(None if n else seconds) for seconds in times]
        shown[0] += mark * (n == 0)
        yield MARKS[s.verdict], s.name, *counts, *shown
