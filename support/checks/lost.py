"""lost: a record that the broker acknowledged and that is not in the log at the end.

A fresh client reads the whole log from the beginning after everything has settled. A record in a
batch that no client can read counts as lost. A record that was rejected, or whose outcome is
unknown, may be absent. FAIL when an acknowledged record is absent; the evidence says for each what
is now at the offset that the broker acknowledged. INCONCLUSIVE when the log was not read to its
end, or when no record was acknowledged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.damaged import acked_in
from support.checks.judged import examples, none_of_ids, not_measured, some, unreadable
from support.record.attempts import Outcome
from support.record.history import History
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT, OBJECTIVE = "lost", "records", "0 acknowledged records absent from the log"


def lost_ids(history: History) -> NDArray[np.int64]:
    """Returns the ids of acknowledged records that are not in the log, ascending."""
    acked = history.attempts.outcome == Outcome.ACKED
    return np.flatnonzero(acked & (history.copies == 0)).astype(np.int64)


def lost(history: History) -> Check:
    acked = history.attempts.count(Outcome.ACKED)
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    if acked == 0:
        return not_measured(NAME, UNIT, OBJECTIVE, "no record was acknowledged")
    ids = lost_ids(history)
    evidence = [f"0 of {acked} acknowledged records, {_occasion(history)}"]
    if len(ids):
        absent = lost_outside_damage(history)
        lines = [f"lost {record}: {now_at_its_offset(history, record)}" for record in absent]
        evidence = [*_in_damage(history, ids), *some(lines)]
    return none_of_ids(NAME, UNIT, OBJECTIVE, ids.tolist(), evidence)


def lost_outside_damage(history: History) -> list[int]:
    """Returns the ids of lost records that are not in a damaged batch, ascending."""
    damaged = {each for damage in history.log.damaged for each in acked_in(history, damage)}
    return [int(record) for record in lost_ids(history) if record not in damaged]


def now_at_its_offset(history: History, record: int) -> str:
    """Says what is now at the offset at which the broker acknowledged a record."""
    partition = int(history.attempts.partition[record])
    offset = int(history.attempts.offset[record])
    if offset < 0:
        return "acknowledged without an offset: the broker never confirmed it"
    where, seen = f"partition {partition}, offset {offset}", history.log.seen
    if offset < history.log.start_offsets.get(partition, 0):
        return f"{where} was deleted by retention: the log starts after it"
    if offset >= history.log.end_offsets.get(partition, 0):
        return f"{where} is gone: the log ends before it"
    there = seen.id[(seen.partition == partition) & (seen.offset == offset)]
    return f"{where} holds record {there[0]}" if len(there) else f"{where} is a gap in the log"


def _in_damage(history: History, ids: NDArray[np.int64]) -> list[str]:
    """Returns one line for each damaged batch, however many records are lost in it."""
    lines = []
    for damage in history.log.damaged:
        there = [record for record in acked_in(history, damage) if record in ids]
        which = examples(there, f"{len(there)} lost")
        lines += [f"{line}: {damage.where} can't be read: {damage.error}" for line in which]
    return lines


def _occasion(history: History) -> str:
    """Counts faults and not records: what one fault does to many records is one observation."""
    faults = len(history.disturbances)
    return f"through {counted(faults, 'faults')}" if faults else "sent without a fault"
