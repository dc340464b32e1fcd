"""poll skip: a consumer goes on behind a record that it was not given.

Between two deliveries of one partition under one assignment there must be no place that holds
or held a record: by the final reading, or by an acknowledgement (so a record that retention took
away under a slow consumer counts). INCONCLUSIVE when the log was not read to its end, or when no
group was given anything.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import none_of, unreadable, without_groups
from support.ledger.history import History, known_places
from support.ledger.observed import tell_place
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "poll skip", "gaps", "0 gaps between deliveries of a partition"


def poll_skip(history: History) -> Check:
    args = (history, NAME, UNIT, OBJECTIVE)
    doubt = unreadable(*args) or without_groups(*args)
    if doubt:
        return doubt
    known, found = known_places(history), []
    for group in history.groups:
        for session in group.sessions:
            for epoch in session.epochs():
                before, after = epoch.steps()
                between = np.searchsorted(known, after) - np.searchsorted(known, before, "right")
                found += [
                    f"{session.consumer}: {between[n]} skipped behind {tell_place(int(before[n]))}"
                    for n in np.flatnonzero(between > 0)
                ]
    return none_of(NAME, UNIT, OBJECTIVE, found)
