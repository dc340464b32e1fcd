"""corrupt: a record whose payload is not the one that was sent under its key.

Its checksum does not fit, or it carries another record's id. INCONCLUSIVE when the log was
not read to its end or holds nothing.
"""

from __future__ import annotations

from support.checks.judged import examples, not_measured, passed_if, unreadable
from support.record.history import History
from support.results.schema import Check

NAME, UNIT = "corrupt", "records"
OBJECTIVE = "0 records damaged or stored under another's key"


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
    return passed_if(len(ids) == 0, NAME, len(ids), UNIT, OBJECTIVE, examples(ids, "ids"))
