"""phantom: a record in the log that was never sent, or that the broker rejected.

Rejected is only what was sent once: after a retry the first copy may be stored, and its outcome is
unknown.
A record with an unknown key is a phantom too: nobody else writes to a trial's topic.
INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, passed_if, unreadable
from support.record.attempts import Outcome
from support.record.history import History
from support.results.schema import Check

NAME, UNIT = "phantom", "records"
OBJECTIVE = "0 records in the log that were never sent or were rejected"


def phantom_ids(history: History) -> list[int]:
    """Ids in the log that should not be there, ascending; -1 for keys that are not ours."""
    attempts, ids = history.attempts, history.log.seen.id
    impossible = np.isin(attempts.outcome, (Outcome.NOT_SENT, Outcome.REJECTED))
    foreign = ids[(ids < 0) | (ids >= len(attempts))]
    ours = np.flatnonzero(impossible & (history.copies > 0))
    return [int(record) for record in np.concatenate([np.unique(foreign), ours])]


def phantom(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    ids = phantom_ids(history)
    return passed_if(len(ids) == 0, NAME, len(ids), UNIT, OBJECTIVE, examples(ids, "ids"))
