"""unseen: a record that is in the log and was never delivered to a consumer group.

Judges every group that read along. FAIL when a group did not receive a record, or did not reach
the end of the log in time. INCONCLUSIVE when the log was not read to its end or is empty, or when
no group read along.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import examples, not_measured, passed_if, unreadable
from support.record.history import History, count_by_id
from support.record.sessions import GroupRead
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT, OBJECTIVE = "unseen", "records", "0 records of the log not delivered to a group"
LIMIT = exactly(0, UNIT)


def unseen_ids(history: History, group: GroupRead) -> NDArray[np.int64]:
    """Returns the ids of records in the log that the group did not receive, ascending."""
    received = count_by_id(group.seen.id, len(history.attempts))
    return np.flatnonzero((history.copies > 0) & (received == 0)).astype(np.int64)


def unseen(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    if not history.groups:
        return not_measured(NAME, UNIT, OBJECTIVE, "no consumer group read along")
    if len(history.log.seen) == 0:
        return not_measured(NAME, UNIT, OBJECTIVE, "the log is empty")
    total, evidence = 0, []
    for group in history.groups:
        ids = unseen_ids(history, group)
        total += len(ids)
        received = int(np.count_nonzero(count_by_id(group.seen.id, len(history.attempts))))
        evidence.append(f"group {group.group} received {counted(received, 'different records')}")
        if not group.drained:
            evidence.append(f"group {group.group} did not reach the end of the log in time")
        evidence += examples(ids.tolist(), f"in the log, but not received by {group.group}")
    if total == 0 and not all(group.drained for group in history.groups):
        return passed_if(False, NAME, "end of the log not reached", "", OBJECTIVE, evidence)
    return passed_if(total == 0, NAME, total, UNIT, OBJECTIVE, evidence, LIMIT)
