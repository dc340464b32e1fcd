"""All checks of a load's delivery, and its counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from support.checks.accepted import accepted
from support.checks.changed import changed
from support.checks.commit_ahead import commit_ahead
from support.checks.commit_regression import commit_regression
from support.checks.corrupt import corrupt
from support.checks.damaged import damaged
from support.checks.final_commit import final_commit
from support.checks.groups import cross_talk
from support.checks.log_duplicate import log_duplicate, log_duplicates
from support.checks.lost import lost, lost_ids
from support.checks.phantom import phantom, phantom_ids
from support.checks.poll_backwards import poll_backwards
from support.checks.poll_skip import poll_skip
from support.checks.rebalance import rebalance
from support.checks.redelivery import redeliveries, redelivery
from support.checks.reorder import reorder, reordered_ids
from support.checks.retention import retention
from support.checks.stuck import stuck
from support.checks.truncated import truncated
from support.checks.unseen import unseen
from support.record.attempts import Outcome
from support.record.history import History
from support.record.observed import FOREIGN
from support.results.delivery import Delivery
from support.results.schema import Check

T = TypeVar("T")


@dataclass(frozen=True)
class ByHistory(Generic[T]):
    """Checks, or their definitions, by what a history needs for them to apply."""

    always: tuple[T, ...]
    with_consumers: tuple[T, ...]
    with_several_groups: tuple[T, ...]
    after_a_fault: tuple[T, ...]

    def applying(self, history: History) -> tuple[T, ...]:
        """Returns those that apply: consumers, groups and faults of the history decide."""
        return (
            *self.always,
            *(self.with_consumers if history.groups else ()),
            *(self.with_several_groups if len(history.groups) > 1 else ()),
            *(self.after_a_fault if history.disturbances else ()),
        )


CHECKS: ByHistory[Callable[[History], Check]] = ByHistory(
    always=(
        accepted,
        lost,
        phantom,
        corrupt,
        damaged,
        reorder,
        log_duplicate,
        changed,
        truncated,
        retention,
    ),
    with_consumers=(
        unseen,
        redelivery,
        poll_skip,
        poll_backwards,
        commit_ahead,
        commit_regression,
        final_commit,
        rebalance,
    ),
    with_several_groups=(cross_talk,),
    after_a_fault=(stuck,),
)


def check_delivery(history: History) -> tuple[Check, ...]:
    """Judges every check that applies to a history."""
    return tuple(check(history) for check in CHECKS.applying(history))


def count_delivery(history: History) -> Delivery:
    """Returns the counts of a history; None for those that need a log that was read to its end."""
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
        duplicates=log_duplicates(history)[0] if whole else None,
        redelivered=sum(redeliveries(group.seen) for group in history.groups),
        reordered=len(reordered_ids(seen)) if whole else None,
        corrupt=int(np.count_nonzero(~seen.intact)),
        phantom=len(phantom_ids(history)) if whole else None,
        loss_upper_bound_95=(
            3 / acked if acked and lost_count == 0 and not history.disturbances else None
        ),
    )
