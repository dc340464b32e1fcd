"""lost: a record that the broker acknowledged and that is not in the log at the end.

Judged against one complete reading from the beginning by a fresh client after everything
settled. A record whose outcome is unknown or rejected may be absent. INCONCLUSIVE when the
log was not read to its end or when nothing was acknowledged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import examples, not_measured, passed_if, unreadable
from support.ledger.attempts import Outcome
from support.ledger.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "lost", "records", "0 acknowledged records absent from the log"


def lost_ids(history: History) -> NDArray[np.int64]:
    """Ids acknowledged and absent, ascending."""
    acked = history.attempts.ids(Outcome.ACKED)
    return np.setdiff1d(acked, history.log.seen.id)


def lost(history: History) -> Check:
    acked = history.attempts.count(Outcome.ACKED)
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    if acked == 0:
        return not_measured(NAME, UNIT, OBJECTIVE, "no record was acknowledged")
    ids = lost_ids(history)
    evidence = examples(ids.tolist(), "lost ids") or (
        f"0 of {acked}: with 95 % confidence fewer than {3 / acked:.2g} of all records are lost",
    )
    return passed_if(len(ids) == 0, NAME, len(ids), UNIT, OBJECTIVE, evidence)
