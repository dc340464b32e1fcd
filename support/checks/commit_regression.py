"""commit regression: a group commits a lower offset than the broker has already confirmed.

The commits of all members of the group are compared in the order of time. The records in between
are delivered again: a member that is behind can undo the progress of another. An earlier commit
that was refused or not answered does not count: a member that lost its assignment rightly commits
less. FAIL when a lower commit was confirmed. INCONCLUSIVE when no commit was confirmed, or when it
is not known whether a lower one was stored.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured, some
from support.record.history import History
from support.record.sessions import CommitOutcome
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT, OBJECTIVE = "commit regression", "commits", "0 commits below an earlier one"


def commit_regression(history: History) -> Check:
    commits = [commit for group in history.groups for commit in group.commits]
    if not any(commit.outcome is CommitOutcome.OK for commit in commits):
        why = (
            f"no confirmation of {counted(len(commits), 'commits')} was received"
            if commits
            else "no consumer group committed an offset"
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
        why = f"it is not known whether the broker stored: {'; '.join(some(doubtful))}"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    return none_of(NAME, UNIT, OBJECTIVE, found)
