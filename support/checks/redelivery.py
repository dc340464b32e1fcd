"""redelivery: the same offset given twice to one group.

Legal at least once (records after the last commit come again), so the check counts and
passes. INCONCLUSIVE when no group read along.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import not_measured, passed_if
from support.ledger.history import History
from support.ledger.observed import Observations
from support.results.schema import Check

NAME, UNIT = "redelivered", "records"
OBJECTIVE = "counted (any number is legal at least once)"


def redeliveries(seen: Observations) -> int:
    """Deliveries beyond the first of each (partition, offset)."""
    if len(seen) == 0:
        return 0
    places = np.stack([seen.partition.astype(np.int64), seen.offset], axis=1)
    return len(places) - len(np.unique(places, axis=0))


def redelivery(history: History) -> Check:
    if not history.groups:
        return not_measured(NAME, UNIT, OBJECTIVE, "no consumer group read along")
    counts = {group.group: redeliveries(group.seen) for group in history.groups}
    evidence = tuple(f"group {name}: {count}" for name, count in counts.items())
    return passed_if(True, NAME, sum(counts.values()), UNIT, OBJECTIVE, evidence)
