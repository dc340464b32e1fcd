"""resumed: a consumer that takes a partition over goes on where its group's last commit left it.

Taken over: in a session that follows another of the same consumer, under a new assignment, or from
another member. The first delivery must be at what the broker may hold as the group's commit. After
a restart that is the offset which the broker named before the session began, and no lower one than
it had confirmed; otherwise it lies between the last commit that the broker had confirmed and the
place behind the last record that the group had processed. A commit that was refused, or that nobody
answered, proves nothing. INCONCLUSIVE when nobody took a partition over.

place kept: through a fault the consumer kept its assignment, or resumed as above, and in neither
case missed a record or was given an earlier one. INCONCLUSIVE when nothing was broken, when nothing
was delivered to it both before and after, or when the log was not read to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from support.checks.judged import none_of, not_measured, unreadable, without_groups
from support.checks.poll_backwards import steps_back
from support.checks.poll_skip import gaps
from support.record.history import History
from support.record.observed import Observations
from support.record.sessions import CommitOutcome, GroupRead, Session
from support.results.schema import Check


@dataclass(frozen=True)
class Resumption:
    """Where a consumer went on in a partition, and between which offsets that is right.

    `forgotten`: what the broker had confirmed and did not name any more.
    """

    who: str
    partition: int
    at_ns: int
    first: int
    lowest: int
    highest: int
    forgotten: int | None = None

    @property
    def wrong(self) -> str:
        """What is wrong with it; empty when nothing is."""
        where = f"{self.who}: partition {self.partition}"
        if self.forgotten is not None:
            return f"{where}: the broker holds {self.lowest}, and had confirmed {self.forgotten}"
        if self.lowest <= self.first <= self.highest:
            return ""
        wanted = " to ".join(map(str, dict.fromkeys((self.lowest, self.highest))))
        return f"{where} goes on at {self.first} and not at {wanted}"


def resumed(history: History) -> Check:
    name, unit, objective = "resumed", "partitions", "0 that go on elsewhere than at the commit"
    found = [each for group in history.groups for each in resumptions(group)]
    if not found:
        return not_measured(name, unit, objective, "no consumer had to resume")
    wrong = [each.wrong for each in found if each.wrong]
    return none_of(name, unit, objective, wrong, [f"{len(found)} resumptions"])


def place_kept(history: History) -> Check:
    name, unit = "place kept", "partitions"
    objective = "0 in which the consumer lost its place: it kept its assignment, or resumed"
    doubt = unreadable(history, name, unit, objective)
    doubt = doubt or without_groups(history, name, unit, objective)
    if doubt:
        return doubt
    if not history.disturbances:
        return not_measured(name, unit, objective, "nothing was broken")
    broken_ns, healed_ns = history.disturbances[0][0], history.disturbances[-1][1]
    again = [each for group in history.groups for each in resumptions(group)]
    epochs = [
        (session.consumer, epoch)
        for group in history.groups
        for session in group.sessions
        for epoch in session.epochs()
    ]
    kept = sum(_read_on(epoch, broken_ns, healed_ns) for _, epoch in epochs)
    since = sum(each.at_ns >= broken_ns for each in again)
    if not kept and not since:
        why = "nothing was delivered both before the fault and after it"
        return not_measured(name, unit, objective, why)
    found = [each.wrong for each in again if each.wrong]
    for consumer, epoch in epochs:
        found += [f"{consumer}: {line}" for line in (*gaps(epoch, history), *steps_back(epoch))]
    told = f"{kept} read on under the assignment from before, {since} resumed from a commit"
    return none_of(name, unit, objective, found, [told])


def _read_on(epoch: Observations, broken_ns: int, healed_ns: int) -> int:
    """In how many partitions records came before the fault and after it."""
    before = epoch.where(epoch.received_ns <= broken_ns).partitions
    after = epoch.where(epoch.received_ns >= healed_ns).partitions
    return len(set(before) & set(after))


def resumptions(group: GroupRead) -> Iterator[Resumption]:
    """Every partition that somebody in the group took over."""
    for session in group.sessions:
        for number, epoch in enumerate(session.epochs()):
            taken_ns = session.assigned_ns[number] if session.assigned_ns else session.started_ns
            for partition in epoch.partitions:
                mine = epoch.of_partition(partition)
                first, at_ns = int(mine.offset[0]), int(mine.received_ns[0])
                if number == 0 and session.resumes_from:
                    yield _after_restart(group, session, partition, first, at_ns)
                else:
                    yield from _taken_over(group, session, partition, first, at_ns, taken_ns)


def _after_restart(
    group: GroupRead, session: Session, partition: int, first: int, at_ns: int
) -> Resumption:
    held = max(0, session.resumes_from.get(partition, 0))
    confirmed = group.held(partition, session.known_ns)
    # What other members committed meanwhile may be stored by the time at which it reads on.
    others = [
        commit.offset
        for other in group.sessions
        if other is not session
        for commit in other.commits
        if commit.partition == partition
        and commit.outcome is not CommitOutcome.FAILED
        and commit.at_ns < at_ns
        and max(commit.at_ns, commit.answered_ns) >= session.known_ns
    ]
    forgotten = confirmed if confirmed is not None and held < confirmed else None
    who = f"{session.consumer}, started again"
    return Resumption(who, partition, at_ns, first, held, max([held, *others]), forgotten)


def _taken_over(
    group: GroupRead, session: Session, partition: int, first: int, at_ns: int, taken_ns: int
) -> Iterator[Resumption]:
    seen = group.seen
    earlier = seen.offset[(seen.partition == partition) & (seen.received_ns < at_ns)]
    if len(earlier) == 0:
        return
    highest = int(np.max(earlier)) + 1
    lowest = min(group.held(partition, taken_ns) or 0, highest)
    yield Resumption(f"{session.consumer}, assigned anew", partition, at_ns, first, lowest, highest)
