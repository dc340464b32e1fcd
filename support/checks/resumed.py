"""How consumers resume: after a restart, a new assignment, or a fault.

resumed: a consumer that takes over a partition continues at its group's committed offset. It takes
one over in a new session of the same consumer, under a new assignment, or from another member.
After a restart, the first delivery must be at the offset that the broker reported before the
session started, and that must not be lower than it had confirmed. Otherwise it must lie between the
last confirmed commit and the offset after the last processed record. A commit that was refused or
not answered proves nothing. FAIL when the first delivery is elsewhere. INCONCLUSIVE when no
consumer took over a partition.

position kept: through a fault, the consumer kept its assignment or resumed as above, without
missing a record or going back. FAIL when it did not. INCONCLUSIVE when there was no fault, when
nothing was delivered both before and after it, or when the log was not read to its end.
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
from support.results.units import counted


@dataclass(frozen=True)
class Resumption:
    """The first offset that a consumer received of a partition, and the range that is correct.

    `forgotten`: an offset that the broker had confirmed, but no longer reported; None without one.
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
        """The reason why the first offset is wrong; empty when it is right."""
        where = f"{self.who}: partition {self.partition}"
        if self.forgotten is not None:
            return (
                f"{where}: the broker reports offset {self.lowest}, although it had confirmed "
                f"{self.forgotten}"
            )
        if self.lowest <= self.first <= self.highest:
            return ""
        wanted = " to ".join(map(str, dict.fromkeys((self.lowest, self.highest))))
        return f"{where} continues at offset {self.first} instead of {wanted}"


def resumed(history: History) -> Check:
    name, unit = "resumed", "partitions"
    objective = "0 partitions continued elsewhere than at the committed offset"
    found = [each for group in history.groups for each in resumptions(group)]
    if not found:
        return not_measured(name, unit, objective, "no consumer took over a partition")
    wrong = [each.wrong for each in found if each.wrong]
    return none_of(name, unit, objective, wrong, [counted(len(found), "resumptions")])


def position_kept(history: History) -> Check:
    name, unit = "position kept", "partitions"
    objective = "0 partitions in which the consumer skipped a record or went back"
    doubt = unreadable(history, name, unit, objective)
    doubt = doubt or without_groups(history, name, unit, objective)
    if doubt:
        return doubt
    if not history.disturbances:
        return not_measured(name, unit, objective, "there was no fault")
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
        why = "no partition was delivered both before the fault and after it"
        return not_measured(name, unit, objective, why)
    found = [each.wrong for each in again if each.wrong]
    for consumer, epoch in epochs:
        found += [f"{consumer}: {line}" for line in (*gaps(epoch, history), *steps_back(epoch))]
    partitions = counted(kept, "partitions")
    evidence = f"{partitions} read on under the same assignment, {since} resumed from a commit"
    return none_of(name, unit, objective, found, [evidence])


def _read_on(epoch: Observations, broken_ns: int, healed_ns: int) -> int:
    """Counts the partitions of which records were delivered before the fault and after it."""
    before = epoch.where(epoch.received_ns <= broken_ns).partitions
    after = epoch.where(epoch.received_ns >= healed_ns).partitions
    return len(set(before) & set(after))


def resumptions(group: GroupRead) -> Iterator[Resumption]:
    """Yields a Resumption for each partition that a member of the group took over."""
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
    # Other members may have committed more between the broker's report and the first delivery.
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
    who = f"{session.consumer}, restarted"
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
    who = f"{session.consumer}, newly assigned"
    yield Resumption(who, partition, at_ns, first, lowest, highest)
