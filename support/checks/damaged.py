"""damaged: a stretch of the log that a client refuses to take.

A batch whose checksum does not fit, or that the broker can't read from its disk. The reader passes
over it, so that the rest of the log is judged as ever; what was acknowledged there is lost as well,
since nobody can read it. INCONCLUSIVE when none was found and the log was not read to its end.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import examples, none_of, unreadable
from support.record.attempts import Outcome
from support.record.damage import Damage
from support.record.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "damaged", "batches", "0 stretches of the log that a client refuses"


def damaged(history: History) -> Check:
    found = [_told(history, each) for each in history.log.damaged]
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt and not found:
        return doubt
    return none_of(NAME, UNIT, OBJECTIVE, found)


def acked_in(history: History, damage: Damage) -> list[int]:
    """Records that the broker acknowledged at a place that can't be read now."""
    attempts = history.attempts
    there = (attempts.outcome == Outcome.ACKED) & (attempts.partition == damage.partition)
    there &= (attempts.offset >= damage.offset) & (attempts.offset < damage.until)
    return [int(record) for record in np.flatnonzero(there)]


def _told(history: History, damage: Damage) -> str:
    ids = acked_in(history, damage)
    which = examples(ids, f"{len(ids)} records were acknowledged there") or (
        "no record was acknowledged there",
    )
    return f"{damage}; {which[0]}"
