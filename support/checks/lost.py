"""lost: a record that the broker acknowledged and that is not in the log at the end.

Judged against one complete reading from the beginning by a fresh client after everything
settled. What stands in a batch that no client takes is absent; a record whose outcome is unknown or
rejected may be. Evidence says of each what stands at the place that the broker named in its
acknowledgement. INCONCLUSIVE when the log was not read to its end or when nothing was acknowledged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.damaged import acked_in
from support.checks.judged import examples, not_measured, passed_if, some, unreadable
from support.record.attempts import Outcome
from support.record.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "lost", "records", "0 acknowledged records absent from the log"


def lost_ids(history: History) -> NDArray[np.int64]:
    """Ids acknowledged and absent, ascending."""
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
        evidence = [*_unreadable(history, ids), *_absent(history, places_to_look_at(history))]
    return passed_if(len(ids) == 0, NAME, len(ids), UNIT, OBJECTIVE, evidence)


def places_to_look_at(history: History) -> list[int]:
    """Lost records that do not stand in a damaged batch: what became of each?"""
    damaged = {each for damage in history.log.damaged for each in acked_in(history, damage)}
    return [int(record) for record in lost_ids(history) if record not in damaged]


def _absent(history: History, ids: list[int]) -> list[str]:
    return list(some([f"lost {record}: {whereabouts(history, record)}" for record in ids]))


def _unreadable(history: History, ids: NDArray[np.int64]) -> list[str]:
    """A line for each damaged batch, however many records are lost in it."""
    told = []
    for damage in history.log.damaged:
        there = [record for record in acked_in(history, damage) if record in ids]
        which = examples(there, f"{len(there)} lost")
        told += [f"{line}: {damage.place} can't be read: {damage.error}" for line in which]
    return told


def _occasion(history: History) -> str:
    """What they went through. Records around one fault share its fate, so the unit of what was
    tried is the fault and not the record: no bound on the loss of a record follows."""
    faults = len(history.disturbances)
    return f"through {faults} fault{'s' * (faults > 1)}" if faults else "sent without a fault"


def whereabouts(history: History, record: int) -> str:
    """What became of the place that the broker gave an acknowledged record."""
    partition = int(history.attempts.partition[record])
    offset = int(history.attempts.offset[record])
    if offset < 0:
        return "acknowledged without an offset: the broker never confirmed it"
    place, seen = f"partition {partition}, offset {offset}", history.log.seen
    if offset < history.log.start_offsets.get(partition, 0):
        return f"{place} was deleted by retention: the log begins later"
    if offset >= history.log.end_offsets.get(partition, 0):
        return f"{place} is gone: the log ends before it"
    there = seen.id[(seen.partition == partition) & (seen.offset == offset)]
    return f"{place} holds record {there[0]}" if len(there) else f"{place} is a hole in the log"
