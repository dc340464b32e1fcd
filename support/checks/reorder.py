"""reordered: a record that is stored in its partition after one that was sent later.

Ids rise in sending order, so each id of a partition must be above the previous one. The first copy
of a record counts; later copies are duplicates. Each copy is compared with the *previous* one,
never with a running maximum: one early record must not make all the following ones wrong. FAIL when
an id is lower than the previous one. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import none_of_ids, unreadable
from support.record.history import History
from support.record.observed import FOREIGN, Observations
from support.results.schema import Check

NAME, UNIT = "reordered", "records"
OBJECTIVE = "0 records out of sending order within their partition"


def reordered_ids(seen: Observations) -> list[int]:
    """Returns the ids directly after a higher id, in log order."""
    found: list[int] = []
    for partition in np.unique(seen.partition):
        here = (seen.partition == partition) & (seen.id != FOREIGN)
        in_log_order = seen.id[here][np.argsort(seen.offset[here], kind="stable")]
        if bool(np.all(np.diff(in_log_order) > 0)):
            continue
        _, first = np.unique(in_log_order, return_index=True)
        ids = in_log_order[np.sort(first)]
        found += ids[1:][np.diff(ids) < 0].tolist()
    return found


def reorder(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    return none_of_ids(NAME, UNIT, OBJECTIVE, reordered_ids(history.log.seen))
