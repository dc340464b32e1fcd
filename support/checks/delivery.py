"""All checks of a delivery, run together after every trial, and the counts of its summary."""

from __future__ import annotations

import numpy as np

from support.checks.accepted import accepted
from support.checks.corrupt import corrupt
from support.checks.log_duplicate import log_duplicate, log_duplicates
from support.checks.lost import lost, lost_ids
from support.checks.phantom import phantom, phantom_ids
from support.checks.redelivery import redeliveries, redelivery
from support.checks.reorder import reorder, reordered_ids
from support.checks.unseen import unseen
from support.ledger.attempts import Outcome
from support.ledger.history import History
from support.ledger.observed import FOREIGN
from support.results.measurements import Delivery
from support.results.schema import Check

ALWAYS = (accepted, lost, phantom, corrupt, reorder, log_duplicate)
WITH_CONSUMERS = (unseen, redelivery)


def check_delivery(history: History) -> tuple[Check, ...]:
    """The verdict of every check that applies to this history."""
    chosen = ALWAYS + (WITH_CONSUMERS if history.groups else ())
    return tuple(check(history) for check in chosen)


def count_delivery(history: History) -> Delivery:
    """The same facts as counts."""
    attempts, seen = history.attempts, history.log.seen
    acked, whole = attempts.count(Outcome.ACKED), history.log.complete
    lost_count = len(lost_ids(history)) if whole else None
    received = history.groups[0].seen.id if history.groups else seen.id
    return Delivery(
        attempted=attempts.attempted,
        acked=acked,
        rejected=attempts.count(Outcome.REJECTED),
        unknown=attempts.count(Outcome.UNKNOWN) + attempts.count(Outcome.PENDING),
        received=len(np.unique(received[received != FOREIGN])),
        lost=lost_count,
        duplicates=log_duplicates(seen)[0] if whole else None,
        redelivered=sum(redeliveries(group.seen) for group in history.groups),
        reordered=len(reordered_ids(seen)) if whole else None,
        corrupt=int(np.count_nonzero(~seen.intact)),
        phantom=len(phantom_ids(history)) if whole else None,
        loss_upper_bound_95=3 / acked if acked and lost_count == 0 else None,
    )
