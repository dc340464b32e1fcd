"""log truncated: the log ends before a place that it once had.

A record was acknowledged at, or delivered from, an offset at or behind the end that the log has
now: the end went back. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.changed import acknowledged
from support.checks.judged import none_of, unreadable
from support.ledger.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "log truncated", "partitions", "0 partitions whose end went back"


def truncated(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    highest: dict[int, int] = {}
    for seen in (acknowledged(history), *(group.seen for group in history.groups)):
        for partition in np.unique(seen.partition).tolist():
            last = int(seen.offset[seen.partition == partition].max())
            highest[partition] = max(last, highest.get(partition, -1))
    ends = history.log.end_offsets
    found = [
        f"partition {partition} ends at {ends.get(partition, 0)}, and once had offset {last}"
        for partition, last in sorted(highest.items())
        if last >= ends.get(partition, 0)
    ]
    return none_of(NAME, UNIT, OBJECTIVE, found)
