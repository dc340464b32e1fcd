"""legal envelopes: every event that was read is an envelope of the form that FR-009 requires.

The rules are in record/envelope.py. FAIL names topic, partition, offset and field of each event
that breaks them. INCONCLUSIVE when no event was read.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import none_of, not_measured
from support.record.events import EventLog
from support.results.schema import Check

NAME, UNIT = "legal envelopes", "events"


def legal_envelopes(log: EventLog) -> Check:
    """Judges whether every event is a legal envelope."""
    objective = "0 events that are not legal envelopes"
    if not log.events and not log.illegal:
        return not_measured(NAME, UNIT, objective, "no event was read")
    return none_of(NAME, UNIT, objective, log.illegal, [f"{len(log.events)} events"])


def events_of_snapshot(not_snapshot: int, illegal: Sequence[str], count: int) -> Check:
    """Judges the `count` events of a snapshot, of which `not_snapshot` have another operation."""
    objective = "0 events that are not legal envelopes of a snapshot"
    if not count:
        return not_measured(NAME, UNIT, objective, "no event was read")
    found = [*illegal, *([f"{not_snapshot} events of another operation"] if not_snapshot else [])]
    return none_of(NAME, UNIT, objective, found, [f"{count} events"])
