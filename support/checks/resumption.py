"""resumed: a consumer goes on where its group's last commit left it.

The first delivery of a partition in a session that follows another must be the committed offset,
as the broker told it before the session began (without a commit: the log's first). Within a
session, after a new assignment, it must not lie behind the next unprocessed place, nor before the
last commit. INCONCLUSIVE when no session followed another and none was assigned anew.

redelivery bound: what is delivered again after a restart was processed after the last commit, so
it is no more than a commit interval can hold.
consumer recovery: from the start of the new process to the first record that it processed.
recovery of a dynamic member: DEVIATION when it is above the limit only because the broker waits
until the session of the crashed member is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from support.checks.judged import deviates, none_of, not_measured, passed_if
from support.checks.redelivery import redeliveries
from support.clock import NS_PER_S
from support.ledger.history import History
from support.ledger.observed import Observations
from support.ledger.sessions import GroupRead, Session
from support.results.schema import Check

RECOVERY = "consumer recovery time"
REMEDY = (
    "remedy: group.instance.id makes it a static member, whose partitions wait for it and not for "
    "the end of its session; or a shorter session.timeout.ms (6 s at least)"
)


def resumed(history: History, must: bool = True) -> Check:
    """Without `must`, a consumer that kept its assignment through the fault resumed as well."""
    name, unit, objective = "resumed", "partitions", "0 that go on elsewhere than at the commit"
    found, judged = [], 0
    for group in history.groups:
        for offset, allowed, what in _resumptions(group):
            judged += 1
            if not allowed[0] <= offset <= allowed[1]:
                wanted = " to ".join(str(each) for each in dict.fromkeys(allowed))
                found.append(f"{what} goes on at {offset} and not at {wanted}")
    if not judged and must:
        return not_measured(name, unit, objective, "no consumer had to resume")
    return none_of(
        name,
        unit,
        objective,
        found,
        [f"{judged} resumptions; where there was none, the assignment was kept"],
    )


def redelivery_bound(history: History, bound: int) -> Check:
    """`bound`: how many records a commit interval can hold; 0 after a clean close."""
    name, unit = "redelivery bound", "records"
    objective = f"at most {bound} delivered again (what one commit interval can hold)"
    restarts = sum(len(group.sessions) - len(group.consumers) for group in history.groups)
    if restarts < 1:
        return not_measured(name, unit, objective, "no consumer was started again")
    count = sum(redeliveries(group.seen) for group in history.groups)
    return passed_if(count <= bound * restarts, name, count, unit, objective)


def recovery_s(group: GroupRead) -> float | None:
    """Seconds from the start of the last session to its first record; None without one."""
    session = group.sessions[-1]
    if len(group.sessions) < 2 or len(session.seen) == 0:
        return None
    return (int(session.seen.received_ns.min()) - session.started_ns) / NS_PER_S


def consumer_recovery(history: History, limit_s: float) -> Check:
    objective = f"below {limit_s:g} s from the start of the consumer"
    seconds = recovery_s(history.groups[0]) if history.groups else None
    if seconds is None:
        return not_measured(RECOVERY, "s", objective, "the restarted consumer was given nothing")
    return passed_if(seconds < limit_s, RECOVERY, round(seconds, 2), "s", objective)


def dynamic_recovery(history: History, limit_s: float, session_s: float) -> Check:
    """`session_s`: the consumers' session.timeout.ms in seconds."""
    objective = f"below {limit_s:g} s from the start of the consumer"
    seconds = recovery_s(history.groups[0]) if history.groups else None
    if seconds is None:
        return not_measured(RECOVERY, "s", objective, "the restarted consumer was given nothing")
    wait = _wait_for_session_s(history.groups[0], session_s)
    own = max(0.0, seconds - wait)
    waited = f"{wait:.2f} s of it waited for the crashed member's session; {own:.2f} s did not"
    evidence = (waited, REMEDY)
    if own < limit_s <= seconds:
        deviation = (
            f"The specification (SC-004) wants a restarted consumer to process again in less than "
            f"{limit_s:g} s. It took {seconds:.1f} s, {wait:.1f} s of them waiting for the "
            f"{session_s:g} s session of the crashed member to end (session.timeout.ms)."
        )
        return deviates(RECOVERY, round(seconds, 2), "s", objective, deviation, evidence)
    return passed_if(seconds < limit_s, RECOVERY, round(seconds, 2), "s", objective, evidence)


def _wait_for_session_s(group: GroupRead, session_s: float) -> float:
    """How long the last session had to wait for its assignment because the one before it was
    killed: no longer than that one's session can last from its end."""
    before, last = group.sessions[-2:]
    assigned = [a.at_ns for a in last.assignments if a.kind == "assigned"]
    if not before.killed or not assigned:
        return 0.0
    over = before.ended_ns + int(session_s * NS_PER_S)
    return max(0.0, (min(assigned[0], over) - last.started_ns) / NS_PER_S)


def _resumptions(group: GroupRead) -> Iterator[tuple[int, tuple[int, int], str]]:
    """First offset of a partition, lowest and highest that it may be, and whose it is."""
    for session in group.sessions:
        if session.resumes_from:
            for partition, first in _firsts(session.seen).items():
                wanted = max(0, session.resumes_from.get(partition, 0))
                what = f"{session.consumer}, started again: partition {partition}"
                yield first, (wanted, wanted), what
        for before, after in pairwise(session.epochs()):
            yield from _reassigned(session, before, after)


def _reassigned(
    session: Session, before: Observations, after: Observations
) -> Iterator[tuple[int, tuple[int, int], str]]:
    firsts = _firsts(after)
    for partition, first in firsts.items():
        mine = before.offset[before.partition == partition]
        if len(mine) == 0:
            continue
        began = int(after.received_ns.min())
        committed = [
            c.offset for c in session.commits if c.partition == partition and c.at_ns < began
        ]
        lowest = min(committed[-1] if committed else 0, int(mine.max()) + 1)
        what = f"{session.consumer}, assigned anew: partition {partition}"
        yield first, (lowest, int(mine.max()) + 1), what


def _firsts(seen: Observations) -> dict[int, int]:
    """Partition -> first offset that was delivered of it."""
    partitions, first = np.unique(seen.partition, return_index=True)
    return dict(zip(partitions.tolist(), seen.offset[first].tolist(), strict=True))
