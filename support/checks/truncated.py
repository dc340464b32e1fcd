"""log truncated: the log ends before an offset that it once held.

FAIL when a record was acknowledged at, or delivered from, an offset at or after the present end of
its partition. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import none_of, unreadable
from support.record.attempts import Outcome
from support.record.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "log truncated", "partitions", "0 partitions whose end offset went back"


def truncated(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    attempts, highest = history.attempts, dict[int, int]()
    acked = (attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0)
    _raise(highest, attempts.partition[acked], attempts.offset[acked])
    for group in history.groups:
        _raise(highest, group.seen.partition, group.seen.offset)
    ends = history.log.end_offsets
    found = [
        f"partition {partition} ends at {ends.get(partition, 0)}, but once held offset {last}"
        for partition, last in sorted(highest.items())
        if last >= ends.get(partition, 0)
    ]
    return none_of(NAME, UNIT, OBJECTIVE, found)


def _raise(
    highest: dict[int, int], partitions: NDArray[np.int16], offsets: NDArray[np.int64]
) -> None:
    for partition in np.unique(partitions).tolist():
        last = int(offsets[partitions == partition].max())
        highest[partition] = max(last, highest.get(partition, -1))
