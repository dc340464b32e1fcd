"""States the cost of a consumer's restart: records delivered again, and time.

redelivery bound: after a restart, only records are delivered again that were processed since the
last confirmed commit. That is at most what a consumer processes in one commit interval and the time
of one commit. FAIL when more are delivered again. INCONCLUSIVE when no consumer was restarted, or
when none of its commits was confirmed before the crash.

consumer restart time: from the start of the new process to the first record that it processed. FAIL
when it is not within the limit. DEVIATION when a dynamic member is above the limit only because the
broker waits for the end of the crashed member's session. INCONCLUSIVE when the restarted consumer
received no record.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from support.checks.judged import deviates, not_measured, passed_if
from support.checks.redelivery import redeliveries
from support.clock import NS_PER_MS, NS_PER_S
from support.record.history import History
from support.record.sessions import CommitOutcome, GroupRead, Session
from support.results.limit import Limit, at_most
from support.results.schema import Check

RESTART = "consumer restart time"
NOTHING_RECEIVED = "the restarted consumer received no record"
REMEDY = (
    "remedy: set group.instance.id: a static member gets its partitions back as soon as it has "
    "started again; or set a shorter session.timeout.ms (at least 6 s)"
)


def redelivery_bound(history: History, every_ms: int, processing_ms: float) -> Check:
    """Judges how many records were delivered again.

    `every_ms`: the commit interval. `processing_ms`: the time that the consumer takes for a record.
    """
    name, unit = "redelivery bound", "records"
    objective = "delivered again: only records processed since the last stored commit"
    cut = [before for group in history.groups for before, _ in restarts(group)]
    if not cut:
        return not_measured(name, unit, objective, "no consumer was restarted")
    bound, evidence = 0, []
    # After an orderly end, everything has been committed.
    for session in (each for each in cut if each.killed):
        slowest_ms = _slowest_commit_ms(session)
        if slowest_ms is None:
            why = f"no commit of {session.consumer} was confirmed before it crashed"
            return not_measured(name, unit, objective, why)
        bound += int((every_ms + slowest_ms) / processing_ms) + 1
        evidence.append(f"{every_ms} ms between commits, {slowest_ms:.0f} ms for the slowest one")
    count, limit = sum(redeliveries(group.seen) for group in history.groups), at_most(bound, unit)
    right, wanted = limit.allows(count), f"{limit} {objective}"
    return passed_if(right, name, count, unit, wanted, evidence, limit)


def restarts(group: GroupRead) -> Iterator[tuple[Session, Session]]:
    """Yields each two consecutive sessions of a consumer."""
    for consumer in group.consumers:
        yield from pairwise(each for each in group.sessions if each.consumer == consumer)


def _slowest_commit_ms(session: Session) -> float | None:
    """Returns the longest time from a commit to its confirmation; None when none was confirmed.

    When the consumer crashed, a commit may have been in flight for that long. The commits that were
    in flight at the crash count with their time until the crash.
    """
    confirmed = [c for c in session.commits if c.outcome is CommitOutcome.OK]
    if not confirmed:
        return None
    last = {c.partition: c.at_ns for c in confirmed}
    took = [c.answered_ns - c.at_ns for c in confirmed]
    took += [
        session.ended_ns - c.at_ns
        for c in session.commits
        if not c.answered_ns and c.at_ns > last.get(c.partition, 0)
    ]
    return max(took) / NS_PER_MS


def restart_s(group: GroupRead) -> float | None:
    """Returns the seconds from the start of the last session to its first record.

    None without a second session, or when the last one received nothing.
    """
    session = group.sessions[-1]
    if len(group.sessions) < 2 or len(session.seen) == 0:
        return None
    return (int(session.seen.received_ns.min()) - session.started_ns) / NS_PER_S


def consumer_restart(history: History, limit: Limit) -> Check:
    """Judges the restart of a static member; `limit` in seconds."""
    objective = f"{limit} from the start of the consumer"
    seconds = restart_s(history.groups[0]) if history.groups else None
    if seconds is None:
        return not_measured(RESTART, "s", objective, NOTHING_RECEIVED)
    right = limit.allows(seconds)
    return passed_if(right, RESTART, round(seconds, 2), "s", objective, limit=limit)


def dynamic_restart(history: History, limit: Limit, session_s: float) -> Check:
    """Judges the restart of a dynamic member.

    `limit` in seconds; `session_s`: the consumers' session.timeout.ms, in seconds.
    """
    objective = f"{limit} from the start of the consumer"
    seconds = restart_s(history.groups[0]) if history.groups else None
    if seconds is None:
        return not_measured(RESTART, "s", objective, NOTHING_RECEIVED)
    wait = _wait_for_session_s(history.groups[0], session_s)
    own, value = max(0.0, seconds - wait), round(seconds, 2)
    waited = f"{wait:.2f} s of it waiting for the crashed member's session, {own:.2f} s without"
    evidence, right = (waited, REMEDY), limit.allows(seconds)
    if limit.allows(own) and not right:
        deviation = (
            "The specification (SC-004) requires a restarted consumer to process records in less "
            f"than {limit.value:g} s. It took {seconds:.1f} s, of which it waited {wait:.1f} s for "
            f"the {session_s:g} s session of the crashed member to end (session.timeout.ms)."
        )
        return deviates(RESTART, value, "s", objective, deviation, evidence)
    return passed_if(right, RESTART, value, "s", objective, evidence, limit)


def _wait_for_session_s(group: GroupRead, session_s: float) -> float:
    """Returns how long the last session waited for the end of a killed session before it.

    0 when that one was not killed. At most the time until the killed session's timeout.
    """
    before, last = group.sessions[-2:]
    assigned = [a.at_ns for a in last.assignments if a.kind == "assigned"]
    if not before.killed or not assigned:
        return 0.0
    over = before.ended_ns + int(session_s * NS_PER_S)
    return max(0.0, (min(assigned[0], over) - last.started_ns) / NS_PER_S)
