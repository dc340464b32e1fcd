"""retention violated: the broker deleted records that it must still keep.

A scenario's records are minutes old and its topics keep records for seven days, so the log must
start at offset 0. FAIL when a partition starts later. INCONCLUSIVE when the log was not read to its
end.
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
        f"partition {partition} starts at offset {start}: the records before it were deleted"
        for partition, start in sorted(history.log.start_offsets.items())
        if start > 0
    ]
    return none_of(NAME, UNIT, OBJECTIVE, found)
