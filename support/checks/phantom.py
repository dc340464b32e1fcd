"""phantom: a record in the log that was never sent, or that the broker rejected.

A record counts as rejected only if it was sent once: after a retry, the first copy may have been
stored. A record with an unknown key is a phantom too, because only the suite writes to the topics
of its scenarios. FAIL when there is a phantom. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import none_of_ids, unreadable
from support.record.attempts import Outcome
from support.record.history import History
from support.results.schema import Check

NAME, UNIT = "phantom", "records"
OBJECTIVE = "0 records in the log that were never sent or were rejected"


def phantom_ids(history: History) -> list[int]:
    """Returns the ids of phantoms: unknown ones first (-1 for a key that is not ours)."""
    attempts, ids = history.attempts, history.log.seen.id
    impossible = np.isin(attempts.outcome, (Outcome.NOT_SENT, Outcome.REJECTED))
    foreign = ids[(ids < 0) | (ids >= len(attempts))]
    ours = np.flatnonzero(impossible & (history.copies > 0))
    return [int(record) for record in np.concatenate([np.unique(foreign), ours])]


def phantom(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    return none_of_ids(NAME, UNIT, OBJECTIVE, phantom_ids(history))
