"""commit regression: a group commits a lower offset than it committed before.

In the order of time over all members of the group. What lies between is delivered again, and a
member that was left behind can undo another's progress. INCONCLUSIVE when no group committed.
"""

from __future__ import annotations

from itertools import pairwise

from support.checks.judged import none_of, not_measured
from support.ledger.history import History
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "commit regression", "commits", "0 commits below an earlier one"


def commit_regression(history: History) -> Check:
    if not any(group.commits for group in history.groups):
        return not_measured(NAME, UNIT, OBJECTIVE, "no consumer group committed anything")
    found = []
    for group in history.groups:
        previous: dict[int, int] = {}
        restarts = [
            (after.started_ns, after.resumes_from)
            for before, after in pairwise(group.sessions)
            if before.killed and before.consumer == after.consumer
        ]
        for commit in group.commits:
            # What a crash cut off may never have reached the broker: what it holds counts then.
            while restarts and commit.at_ns >= restarts[0][0]:
                previous |= restarts.pop(0)[1]
            if commit.offset < previous.get(commit.partition, -1):
                found.append(
                    f"{group.group}: partition {commit.partition} from "
                    f"{previous[commit.partition]} back to {commit.offset}"
                )
            previous[commit.partition] = commit.offset
    return none_of(NAME, UNIT, OBJECTIVE, found)
