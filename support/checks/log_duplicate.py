"""log duplicates: records that are stored at more than one offset.

Legal under at-least-once delivery (a retry after a lost acknowledgement), so they are only counted
and the check can't FAIL. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, measured, unreadable
from support.record.history import History
from support.results.schema import Check

NAME, UNIT = "log duplicates", "records"
OBJECTIVE = "counted (any number is legal under at-least-once delivery)"


def log_duplicates(history: History) -> tuple[int, list[int]]:
    """Returns the number of surplus copies, and the ids of the records that have them."""
    surplus = np.maximum(history.copies - 1, 0)
    return int(surplus.sum()), np.flatnonzero(surplus).tolist()


def log_duplicate(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    count, ids = log_duplicates(history)
    return measured(NAME, count, UNIT, examples(ids, "ids with surplus copies"))
