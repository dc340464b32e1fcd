"""damaged: a batch of the log that a client refuses to read.

Its checksum does not match, or the broker can't read it from its disk. The reader skips it, so that
the rest of the log is judged as usual. Records that were acknowledged in it are also lost, because
no client can read them. FAIL when there is such a batch. INCONCLUSIVE when none was found and the
log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, none_of, unreadable
from support.record.attempts import Outcome
from support.record.damage import Damage
from support.record.history import History
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT, OBJECTIVE = "damaged", "batches", "0 batches of the log that a client refuses to read"


def damaged(history: History) -> Check:
    found = [_described(history, each) for each in history.log.damaged]
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt and not found:
        return doubt
    return none_of(NAME, UNIT, OBJECTIVE, found)


def acked_in(history: History, damage: Damage) -> list[int]:
    """Returns the ids of records that were acknowledged in a batch that can't be read now."""
    attempts = history.attempts
    there = (attempts.outcome == Outcome.ACKED) & (attempts.partition == damage.partition)
    there &= (attempts.offset >= damage.offset) & (attempts.offset < damage.until)
    return [int(record) for record in np.flatnonzero(there)]


def _described(history: History, damage: Damage) -> str:
    ids = acked_in(history, damage)
    which = examples(ids, f"{counted(len(ids), 'records')} acknowledged in it") or (
        "no record acknowledged in it",
    )
    return f"{damage}; {which[0]}"
