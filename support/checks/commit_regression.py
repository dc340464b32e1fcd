"""commit regression: a group commits a lower offset than the broker had confirmed before.

In the order of time over all members of the group. What lies between is delivered again, and a
member that was left behind can undo another's progress. A commit that was refused, or that nobody
answered, is no earlier one: a member whose assignment was lost rightly goes on before it.
INCONCLUSIVE when no commit was confirmed, or when nobody knows whether a lower one was stored.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured, some
from support.record.history import History
from support.record.sessions import CommitOutcome
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "commit regression", "commits", "0 commits below an earlier one"


def commit_regression(history: History) -> Check:
    commits = [commit for group in history.groups for commit in group.commits]
    if not any(commit.outcome is CommitOutcome.OK for commit in commits):
        why = (
            "no consumer group committed anything"
            if not commits
            else (f"none of {len(commits)} commits is known to be confirmed")
        )
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    found: list[str] = []
    doubtful: list[str] = []
    for group in history.groups:
        previous: dict[int, int] = {}
        for commit in group.commits:
            if commit.outcome is CommitOutcome.FAILED:
                continue
            if commit.offset < previous.get(commit.partition, -1):
                confirmed = commit.outcome is CommitOutcome.OK
                (found if confirmed else doubtful).append(
                    f"{group.group}: partition {commit.partition} from "
                    f"{previous[commit.partition]} back to {commit.offset}"
                )
            if commit.outcome is CommitOutcome.OK:
                previous[commit.partition] = commit.offset
    if doubtful and not found:
        why = f"not known whether it was stored: {'; '.join(some(doubtful))}"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    return none_of(NAME, UNIT, OBJECTIVE, found)
