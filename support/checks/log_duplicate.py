"""log duplicate: one record at two offsets of the log.

Legal at least once (a retry after a lost acknowledgement), so the check counts and passes.
INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, passed_if, unreadable
from support.ledger.history import History
from support.ledger.observed import FOREIGN, Observations
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "log duplicates", "records", "counted (any number is legal at least once)"


def log_duplicates(seen: Observations) -> tuple[int, list[int]]:
    """Surplus copies (same id, different offset) and the ids that have them."""
    ours = seen.id != FOREIGN
    places = np.unique(
        np.stack([seen.id[ours], seen.partition[ours], seen.offset[ours]], axis=1), axis=0
    )
    ids, copies = np.unique(places[:, 0], return_counts=True)
    return int((copies - 1).sum()), ids[copies > 1].tolist()


def log_duplicate(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    count, ids = log_duplicates(history.log.seen)
    return passed_if(True, NAME, count, UNIT, OBJECTIVE, examples(ids, "ids with copies"))
