"""log duplicate: one record at two offsets of the log.

Legal at least once (a retry after a lost acknowledgement), so the check only counts: MEASURED.
INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, measured, unreadable
from support.record.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "log duplicates", "records", "counted (any number is legal at least once)"


def log_duplicates(history: History) -> tuple[int, list[int]]:
    """Surplus copies (same id, different place) and the ids that have them."""
    surplus = np.maximum(history.copies - 1, 0)
    return int(surplus.sum()), np.flatnonzero(surplus).tolist()


def log_duplicate(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    count, ids = log_duplicates(history)
    return measured(NAME, count, UNIT, examples(ids, "ids with copies"))
