"""poll skip: a consumer skips a record under one assignment.

Between two consecutive deliveries of a partition under one assignment, there must be no offset that
holds a record, or that held one: a record that retention deleted before a slow consumer received it
counts. FAIL when there is one. INCONCLUSIVE when the log was not read to its end, or when no record
was delivered to a consumer group.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from support.checks.judged import none_of, unreadable, without_groups
from support.record.history import History
from support.record.observed import Observations, packed
from support.results.schema import Check
from support.results.units import counted

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
    """Yields a line for each gap between two deliveries under one assignment."""
    for partition in epoch.partitions:
        offsets = epoch.offset[epoch.partition == partition]
        jumps = np.flatnonzero(np.diff(offsets) > 1)
        if len(jumps) == 0:
            continue
        known = history.known_offsets
        before, after = offsets[jumps], offsets[jumps + 1]
        home = np.full(len(jumps), partition)
        between = np.searchsorted(known, packed(home, after)) - np.searchsorted(
            known, packed(home, before), "right"
        )
        for n in np.flatnonzero(between > 0):
            skipped = counted(int(between[n]), "records")
            yield f"{skipped} skipped after partition {partition}, offset {before[n]}"
