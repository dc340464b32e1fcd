"""final commit: after everything, the broker holds the offset up to which the group has processed.

For every partition that the group was given something of: the committed offset, read from the
broker after all members had left in an orderly way, is the one behind the last processed record.
A broker that forgets commits in a restart, or takes them from somebody else, is found by it.
Less than the broker had confirmed is its FAIL in any case. INCONCLUSIVE when the broker was not
asked, when the group was given nothing, or when a commit is missing that may never have reached the
broker: because a member could not leave, or because its last commit was not confirmed.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured, some, without_groups
from support.record.history import History
from support.record.sessions import CommitOutcome, GroupRead
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
    found, doubts = list[str](), list[str]()
    for group in history.groups:
        for partition in group.seen.partitions:
            offsets = group.seen.offset[group.seen.partition == partition]
            wanted, seen = int(offsets.max()) + 1, group.committed.get(partition, -1)
            if seen == wanted:
                continue
            told = f"{group.group}: partition {partition} at {seen}, processed to {wanted}"
            why = "" if seen > wanted else _never_sent(group, partition, seen)
            (doubts if why else found).append(f"{told}; {why}" if why else told)
    if doubts and not found:
        return not_measured(NAME, UNIT, OBJECTIVE, "; ".join(some(doubts)))
    return none_of(NAME, UNIT, OBJECTIVE, found)


def _never_sent(group: GroupRead, partition: int, held: int) -> str:
    """Why the broker may hold no more than `held` without any guilt; empty when it is guilty."""
    commits = [commit for commit in group.commits if commit.partition == partition]
    known = group.held(partition)
    if known is not None and held < known:
        return ""
    last = {session.consumer: session for session in group.sessions}
    stayed = [name for name, session in last.items() if session.killed or not session.left]
    if stayed:
        return f"{', '.join(stayed)} could not leave in an orderly way"
    if commits and commits[-1].outcome is not CommitOutcome.OK:
        return f"its last commit was not confirmed ({commits[-1].error or 'no answer'})"
    return ""
