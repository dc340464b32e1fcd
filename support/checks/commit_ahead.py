"""commit ahead of processing: a group commits an offset before it has processed all below it.

After a crash, the group never processes those records, although they are in the log. At the time of
every commit, the group must have processed each record of the log below the committed offset. FAIL
when it had not. INCONCLUSIVE when the log was not read to its end, or when no group committed an
offset.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import none_of, not_measured, unreadable
from support.record.history import History, first_reads
from support.record.observed import Observations
from support.record.sessions import GroupRead
from support.results.schema import Check

NAME, UNIT = "commit ahead of processing", "commits"
OBJECTIVE = "0 commits of offsets that were not yet processed"
NEVER = np.iinfo(np.int64).max


def commit_ahead(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    if not any(group.commits for group in history.groups):
        return not_measured(NAME, UNIT, OBJECTIVE, "no consumer group committed an offset")
    log = first_reads(history.log.seen)
    found = [line for group in history.groups for line in _ahead(group, log)]
    return none_of(NAME, UNIT, OBJECTIVE, found)


def _ahead(group: GroupRead, log: Observations) -> Iterator[str]:
    for partition in sorted({commit.partition for commit in group.commits}):
        offsets = np.sort(log.offset[log.partition == partition])
        times = _first_times(group.seen.of_partition(partition), offsets)
        # For each offset, the time at which everything up to it had been processed.
        ready = np.maximum.accumulate(times)
        for commit in (c for c in group.commits if c.partition == partition):
            below = int(np.searchsorted(offsets, commit.offset))
            if below and ready[below - 1] > commit.at_ns:
                first = int(np.argmax(ready[:below] > commit.at_ns))
                yield (
                    f"{group.group} committed offset {commit.offset} of partition {partition} "
                    f"before it had processed offset {offsets[first]}"
                )


def _first_times(seen: Observations, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns when each offset of a partition was first processed; NEVER where it was not."""
    known, first = np.unique(seen.offset, return_index=True)
    if len(known) == 0:
        return np.full(len(offsets), NEVER)
    at = np.minimum(np.searchsorted(known, offsets), len(known) - 1)
    return np.where(known[at] == offsets, seen.received_ns[first][at], NEVER)
