"""received: the consumer was given as many different records as the scenario says.

INCONCLUSIVE when no consumer group read along.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import not_measured, passed_if
from support.record.history import History, count_by_id
from support.results.schema import Check

NAME, UNIT = "received", "different records"


def received(history: History, wanted: int) -> Check:
    objective = f"all {wanted} received by every group"
    if not history.groups:
        return not_measured(NAME, UNIT, objective, "no consumer group read along")
    sent = len(history.attempts)
    counts = {
        group.group: int(np.count_nonzero(count_by_id(group.seen.id, sent)))
        for group in history.groups
    }
    evidence = tuple(f"group {name}: {count}" for name, count in counts.items())
    fewest = min(counts.values())
    return passed_if(
        fewest == wanted == max(counts.values()), NAME, fewest, UNIT, objective, evidence
    )
