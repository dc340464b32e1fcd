"""retention violated: the broker has deleted records that it must still keep.

A trial's records are minutes old and its topics promise seven days, so the log must begin at
offset 0. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

from support.checks.judged import none_of, unreadable
from support.record.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "retention violated", "partitions", "0 partitions with deleted records"


def retention(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    found = [
        f"partition {partition} begins at offset {start}: what stood before is deleted"
        for partition, start in sorted(history.log.start_offsets.items())
        if start > 0
    ]
    return none_of(NAME, UNIT, OBJECTIVE, found)
