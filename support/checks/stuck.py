"""stuck after heal: after the heal of a fault, a client makes no progress.

FAIL when records waited for their acknowledgement after the last heal and none came, or when a
consumer group that had not reached the end of the log received nothing. INCONCLUSIVE when there was
no fault, or when nothing was left to do after the heal.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import none_of, not_measured
from support.record.history import History
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT, OBJECTIVE = "stuck after heal", "clients", "0 clients without progress after the heal"


def stuck(history: History) -> Check:
    if not history.disturbances:
        return not_measured(NAME, UNIT, OBJECTIVE, "there was no fault")
    healed = max(end for _, end in history.disturbances)
    attempts, found, judged = history.attempts, [], False
    # Records that were waiting at the heal, or were sent after it.
    open_then = (attempts.sent_ns > 0) & ((attempts.acked_ns == 0) | (attempts.acked_ns > healed))
    if open_then.any():
        judged = True
        if not np.any(attempts.acked_ns > healed):
            waiting = counted(int(np.count_nonzero(open_then)), "records")
            found.append(f"producer: {waiting} waiting, none acknowledged after the heal")
    for group in history.groups:
        after = bool(np.any(group.seen.received_ns > healed))
        judged = judged or after or not group.drained
        if not group.drained and not after:
            found.append(f"group {group.group}: no record delivered after the heal")
    if not judged:
        return not_measured(NAME, UNIT, OBJECTIVE, "nothing was left to do after the heal")
    return none_of(NAME, UNIT, OBJECTIVE, found)
