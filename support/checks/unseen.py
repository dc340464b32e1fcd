"""unseen: a record that is in the log and was never given to a consumer group.

For every group that read along. INCONCLUSIVE when the log was not read to its end, or when no
group read. A group that did not get to the end within its patience fails: what it did not
reach it was not given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import examples, not_measured, passed_if, unreadable
from support.record.history import History, count_by_id
from support.record.sessions import GroupRead
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "unseen", "records", "0 records of the log not delivered to the group"


def unseen_ids(history: History, group: GroupRead) -> NDArray[np.int64]:
    """Ids in the log that the group was not given, ascending."""
    given = count_by_id(group.seen.id, len(history.attempts))
    return np.flatnonzero((history.copies > 0) & (given == 0)).astype(np.int64)


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
        given = np.count_nonzero(count_by_id(group.seen.id, len(history.attempts)))
        evidence.append(f"group {group.group} was given {given} different records")
        if not group.drained:
            evidence.append(f"group {group.group} did not get to the end of the log in time")
        evidence += examples(ids.tolist(), f"in the log and unseen by {group.group}")
    right = total == 0 and all(group.drained for group in history.groups)
    return passed_if(right, NAME, total, UNIT, OBJECTIVE, evidence)
