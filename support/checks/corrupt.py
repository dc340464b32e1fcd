"""corrupt: a record whose payload is not the one that was sent with its key.

Every reading of the log is judged, by the final reader and by consumers. FAIL when a payload
differs from the one that was sent. INCONCLUSIVE when the log was not read to its end, or is empty.
"""

from __future__ import annotations

from support.checks.judged import none_of_ids, not_measured, unreadable
from support.record.history import History
from support.results.schema import Check

NAME, UNIT = "corrupt", "records"
OBJECTIVE = "0 records with another payload than was sent"


def corrupt(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    seen = history.log.seen
    if len(seen) == 0:
        return not_measured(NAME, UNIT, OBJECTIVE, "the log is empty")
    ids = seen.id[~seen.intact].tolist()
    for group in history.groups:
        ids += group.seen.id[~group.seen.intact].tolist()
    return none_of_ids(NAME, UNIT, OBJECTIVE, ids)
