"""final commit: at the end, the committed offset is the one after the last processed record.

Judges every partition of which the group received records. The committed offsets are read from
the broker after all members have left the group. FAIL when an offset differs, as after a broker
that loses commits in a restart; always when it is lower than the broker had confirmed. INCONCLUSIVE
when the committed offsets were not read, when the group received nothing, or when a missing commit
may never have reached the broker: a member could not leave the group, or its last commit was not
confirmed.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured, some, without_groups
from support.record.history import History
from support.record.sessions import CommitOutcome, GroupRead
from support.results.schema import Check

NAME, UNIT = "final commit", "partitions"
OBJECTIVE = "0 partitions whose committed offset does not follow the last processed record"


def final_commit(history: History) -> Check:
    doubt = without_groups(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    if not all(group.committed for group in history.groups):
        why = "the committed offsets were not read from the broker"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    found, doubts = list[str](), list[str]()
    for group in history.groups:
        for partition in group.seen.partitions:
            offsets = group.seen.offset[group.seen.partition == partition]
            wanted, seen = int(offsets.max()) + 1, group.committed.get(partition, -1)
            if seen == wanted:
                continue
            line = f"{group.group}: partition {partition} at {seen}, processed up to {wanted}"
            why = "" if seen > wanted else _never_sent(group, partition, seen)
            (doubts if why else found).append(f"{line}; {why}" if why else line)
    if doubts and not found:
        return not_measured(NAME, UNIT, OBJECTIVE, "; ".join(some(doubts)))
    return none_of(NAME, UNIT, OBJECTIVE, found)


def _never_sent(group: GroupRead, partition: int, held: int) -> str:
    """Says why the commit above `held` may never have reached the broker; empty if it has."""
    commits = [commit for commit in group.commits if commit.partition == partition]
    known = group.held(partition)
    if known is not None and held < known:
        return ""
    last = {session.consumer: session for session in group.sessions}
    stayed = [name for name, session in last.items() if session.killed or not session.left]
    if stayed:
        return f"{', '.join(stayed)} could not leave the group"
    if commits and commits[-1].outcome is not CommitOutcome.OK:
        return f"its last commit was not confirmed ({commits[-1].error or 'no answer'})"
    return ""
