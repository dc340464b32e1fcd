"""poll skip: a consumer goes on behind a record that it was not given.

Between two deliveries of one partition under one assignment there must be no place that holds
or held a record: by the final reading, or by an acknowledgement (so a record that retention took
away under a slow consumer counts). INCONCLUSIVE when the log was not read to its end, or when no
group was given anything.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from support.checks.judged import none_of, unreadable, without_groups
from support.record.history import History
from support.record.observed import Observations, places
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "poll skip", "gaps", "0 gaps between deliveries of a partition"


def poll_skip(history: History) -> Check:
    args = (history, NAME, UNIT, OBJECTIVE)
    doubt = unreadable(*args) or without_groups(*args)
    if doubt:
        return doubt
    found = []
    for group in history.groups:
        for session in group.sessions:
            for epoch in session.epochs():
                found += [f"{session.consumer}: {gap}" for gap in gaps(epoch, history)]
    return none_of(NAME, UNIT, OBJECTIVE, found)


def gaps(epoch: Observations, history: History) -> Iterator[str]:
    """What was skipped under one assignment, a line each."""
    for partition in epoch.partitions:
        offsets = epoch.offset[epoch.partition == partition]
        jumps = np.flatnonzero(np.diff(offsets) > 1)
        if len(jumps) == 0:
            continue
        known = history.known_places
        before, after = offsets[jumps], offsets[jumps + 1]
        home = np.full(len(jumps), partition)
        between = np.searchsorted(known, places(home, after)) - np.searchsorted(
            known, places(home, before), "right"
        )
        for n in np.flatnonzero(between > 0):
            yield f"{between[n]} skipped behind partition {partition}, offset {before[n]}"
