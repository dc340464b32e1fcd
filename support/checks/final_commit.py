"""final commit: after everything, the broker holds the offset up to which the group has processed.

For every partition that the group was given something of: the committed offset, read from the
broker after all members had left in an orderly way, is the one behind the last processed record.
A broker that forgets commits in a restart, or takes them from somebody else, is found by it.
INCONCLUSIVE when the broker was not asked, or when the group was given nothing.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured, without_groups
from support.ledger.history import History
from support.results.schema import Check

NAME, UNIT = "final commit", "partitions"
OBJECTIVE = "0 partitions whose committed offset is not behind the last processed record"


def final_commit(history: History) -> Check:
    doubt = without_groups(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    if not all(group.committed for group in history.groups):
        return not_measured(
            NAME, UNIT, OBJECTIVE, "the broker was not asked for the committed offsets"
        )
    found = []
    for group in history.groups:
        for partition in group.seen.partitions:
            offsets = group.seen.offset[group.seen.partition == partition]
            wanted, seen = int(offsets.max()) + 1, group.committed.get(partition, -1)
            if seen != wanted:
                found.append(
                    f"{group.group}: partition {partition} at {seen}, processed to {wanted}"
                )
    return none_of(NAME, UNIT, OBJECTIVE, found)
