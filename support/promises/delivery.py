"""The checks that apply to every load with a recorded history."""

from __future__ import annotations

from support.checks.delivery import ByHistory
from support.promises.definition import CheckDefinition
from support.promises.delivery_consumers import (
    COMMIT_AHEAD_OF_PROCESSING,
    COMMIT_REGRESSION,
    FINAL_COMMIT,
    GROUP_CROSS_TALK,
    NON_MONOTONIC_POLL,
    POLL_SKIP,
    REDELIVERED,
    UNEXPECTED_REBALANCE,
    UNSEEN,
)
from support.promises.delivery_faults import STUCK_AFTER_HEAL
from support.promises.delivery_log import (
    ACCEPTED,
    CHANGED_ON_RE_READ,
    CORRUPT,
    DAMAGED,
    LOG_DUPLICATES,
    LOG_TRUNCATED,
    LOST,
    PHANTOM,
    REORDERED,
    RETENTION_VIOLATED,
)
from support.record.history import History

DEFINITIONS: ByHistory[CheckDefinition] = ByHistory(
    always=(
        ACCEPTED,
        LOST,
        PHANTOM,
        CORRUPT,
        DAMAGED,
        REORDERED,
        LOG_DUPLICATES,
        CHANGED_ON_RE_READ,
        LOG_TRUNCATED,
        RETENTION_VIOLATED,
    ),
    with_consumers=(
        UNSEEN,
        REDELIVERED,
        POLL_SKIP,
        NON_MONOTONIC_POLL,
        COMMIT_AHEAD_OF_PROCESSING,
        COMMIT_REGRESSION,
        FINAL_COMMIT,
        UNEXPECTED_REBALANCE,
    ),
    with_several_groups=(GROUP_CROSS_TALK,),
    after_a_fault=(STUCK_AFTER_HEAL,),
)


def applying(history: History) -> tuple[CheckDefinition, ...]:
    """Returns the checks that apply to a history: its consumers, groups and faults decide."""
    return DEFINITIONS.applying(history)
