"""reorder: within a partition, a record that stands after one that was sent later.

Ids are given in sending order, so within a partition each id must be above the previous one.
The first copy of each record counts; later copies are duplicates, not reorderings. Compared
with the *previous* first copy, never with a running maximum: one early record must not make
every following one look wrong. INCONCLUSIVE when the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, passed_if, unreadable
from support.record.history import History
from support.record.observed import FOREIGN, Observations
from support.results.schema import Check

NAME, UNIT = "reordered", "records"
OBJECTIVE = "0 records out of sending order within their partition"


def reordered_ids(seen: Observations) -> list[int]:
    """Ids that stand directly after a higher one, in log order."""
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
    ids = reordered_ids(history.log.seen)
    return passed_if(len(ids) == 0, NAME, len(ids), UNIT, OBJECTIVE, examples(ids, "ids"))
