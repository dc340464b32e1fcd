"""received: every consumer group received as many different records as the scenario says.

FAIL when a group received fewer, or more. INCONCLUSIVE when no consumer group read along.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import not_measured, passed_if
from support.record.history import History, count_by_id
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT = "received", "different records"


def received(history: History, wanted: int) -> Check:
    """Judges the number of different records of the load that each group received."""
    objective, limit = f"all {wanted} records received by every group", exactly(wanted, UNIT)
    if not history.groups:
        return not_measured(NAME, UNIT, objective, "no consumer group read along")
    sent = len(history.attempts)
    counts = {
        group.group: int(np.count_nonzero(count_by_id(group.seen.id, sent)))
        for group in history.groups
    }
    evidence = tuple(f"group {name}: {counted(count, UNIT)}" for name, count in counts.items())
    count = max(counts.values(), key=lambda each: abs(each - wanted))
    return passed_if(limit.allows(count), NAME, count, UNIT, objective, evidence, limit)
