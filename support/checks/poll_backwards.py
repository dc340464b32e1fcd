"""non-monotonic poll: a consumer receives an offset again, or an earlier one, without a reason.

Under one assignment, the offsets of a partition must rise with every delivery. After a new
assignment, a consumer may go back to the committed offset: that is a redelivery. FAIL when an
offset does not rise. INCONCLUSIVE when no record was delivered to a consumer group.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from support.checks.judged import none_of, without_groups
from support.record.history import History
from support.record.observed import Observations
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "non-monotonic poll", "deliveries", "0 steps back under one assignment"


def poll_backwards(history: History) -> Check:
    doubt = without_groups(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    found = []
    for group in history.groups:
        for session in group.sessions:
            for epoch in session.epochs():
                found += [f"{session.consumer}: {step}" for step in steps_back(epoch)]
    return none_of(NAME, UNIT, OBJECTIVE, found)


def steps_back(epoch: Observations) -> Iterator[str]:
    """Yields a line for each delivery under one assignment whose offset does not rise."""
    for partition in epoch.partitions:
        offsets = epoch.offset[epoch.partition == partition]
        for n in np.flatnonzero(np.diff(offsets) <= 0):
            yield f"partition {partition}, offset {offsets[n + 1]} after offset {offsets[n]}"
