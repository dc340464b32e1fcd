"""changed on re-read: a place of the log that holds another record than it did before.

Witnesses are the broker's acknowledgements (this record stands at this offset) and everything
that a consumer group was given, whole or damaged: the final reading is compared with them. A
place that is no longer there is another anomaly (truncated, or deleted by retention).
INCONCLUSIVE when the log was not read to its end, or when there is no witness.
"""

from __future__ import annotations

import numpy as np

from support.checks.judged import none_of, not_measured, unreadable
from support.ledger.attempts import Outcome
from support.ledger.history import History, first_looks
from support.ledger.observed import Observations, tell_place
from support.results.schema import Check

NAME, UNIT = "changed on re-read", "places"
OBJECTIVE = "0 places that hold another record than before"


def changed(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    acks, groups = acknowledged(history), [group.seen for group in history.groups]
    if not any(len(each) for each in (acks, *groups)):
        return not_measured(NAME, UNIT, OBJECTIVE, "nothing was seen before the final reading")
    now = first_looks(history.log.seen)
    found = differences(acks, now, bytes_too=False)
    found += [line for seen in groups for line in differences(seen, now, bytes_too=True)]
    return none_of(NAME, UNIT, OBJECTIVE, list(dict.fromkeys(found)))


def acknowledged(history: History) -> Observations:
    """The acknowledgements as if a reader had seen each record where the broker put it."""
    attempts = history.attempts
    ids = np.flatnonzero((attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0))
    return Observations(
        ids.astype(np.int64), attempts.partition[ids], attempts.offset[ids],
        attempts.acked_ns[ids], np.ones(len(ids), np.bool_),
    )  # fmt: skip


def differences(before: Observations, now: Observations, *, bytes_too: bool) -> list[str]:
    """One line for each place that both have, and that holds another record (or other bytes)."""
    if len(now) == 0:
        return []
    then_places, now_places = before.places(), now.places()
    order = np.argsort(now_places)
    at = np.searchsorted(now_places, then_places, sorter=order)
    at = order[np.minimum(at, len(order) - 1)]
    both = now_places[at] == then_places
    other = now.id[at] != before.id
    if bytes_too:
        other |= now.intact[at] != before.intact
    differ = both & other
    return [
        f"{tell_place(int(then_places[n]))}: record {before.id[n]} before, "
        f"{now.id[at[n]]}{'' if now.intact[at[n]] else ' (damaged)'} now"
        for n in np.flatnonzero(differ)
    ]
