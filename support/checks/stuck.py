"""stuck after heal: what was broken works again, and yet nothing goes on.

After the last fault was healed, records were sent and none was acknowledged; or a group that is
not at the end of the log was given nothing. INCONCLUSIVE when nothing was broken, or when nothing
was left to do after the heal.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import none_of, not_measured
from support.record.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "stuck after heal", "clients", "0 clients that did not go on"


def stuck(history: History) -> Check:
    if not history.disturbances:
        return not_measured(NAME, UNIT, OBJECTIVE, "nothing was broken")
    healed = max(end for _, end in history.disturbances)
    attempts, found, judged = history.attempts, [], False
    # Waiting at the heal, or sent after it: without an acknowledgement until then.
    open_then = (attempts.sent_ns > 0) & ((attempts.acked_ns == 0) | (attempts.acked_ns > healed))
    if open_then.any():
        judged = True
        if not np.any(attempts.acked_ns > healed):
            found.append(f"producer: {np.count_nonzero(open_then)} records wait, none got through")
    for group in history.groups:
        after = bool(np.any(group.seen.received_ns > healed))
        judged = judged or after or not group.drained
        if not group.drained and not after:
            found.append(f"group {group.group}: nothing delivered after the heal")
    if not judged:
        return not_measured(NAME, UNIT, OBJECTIVE, "nothing was left to do after the heal")
    return none_of(NAME, UNIT, OBJECTIVE, found)
