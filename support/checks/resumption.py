"""How a restarted consumer comes back.

redelivery bound: what is delivered again after a restart was processed after the last commit that
the broker had confirmed, so it is no more than fits into a commit interval and the time that a
commit takes.
consumer restart time: from the start of the new process to the first record that it processed.
That of a dynamic member: DEVIATION when it is above the limit only because the broker waits
until the session of the crashed member is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from support.checks.judged import deviates, not_measured, passed_if
from support.checks.redelivery import redeliveries
from support.clock import NS_PER_MS, NS_PER_S
from support.record.history import History
from support.record.sessions import CommitOutcome, GroupRead, Session
from support.results.schema import Check

RESTART = "consumer restart time"
REMEDY = (
    "remedy: group.instance.id makes it a static member, whose partitions wait for it and not for "
    "the end of its session; or a shorter session.timeout.ms (6 s at least)"
)


def redelivery_bound(history: History, every_ms: int, processing_ms: float) -> Check:
    """`every_ms`: how often the consumer commits; `processing_ms`: what a record costs it."""
    name, unit = "redelivery bound", "records"
    objective = "no more delivered again than was processed since the last commit could be stored"
    cut = [before for group in history.groups for before, _ in restarts(group)]
    if not cut:
        return not_measured(name, unit, objective, "no consumer was started again")
    bound, told = 0, []
    # After an orderly end there is nothing that was not committed.
    for session in (each for each in cut if each.killed):
        slowest_ms = _slowest_commit_ms(session)
        if slowest_ms is None:
            why = f"none of the commits of {session.consumer} was confirmed before it crashed"
            return not_measured(name, unit, objective, why)
        bound += int((every_ms + slowest_ms) / processing_ms) + 1
        told.append(f"{every_ms} ms between commits, {slowest_ms:.0f} ms for the slowest")
    count = sum(redeliveries(group.seen) for group in history.groups)
    return passed_if(count <= bound, name, count, unit, f"at most {bound}: {objective}", told)


def restarts(group: GroupRead) -> Iterator[tuple[Session, Session]]:
    """Two sessions of one consumer that follow each other."""
    for consumer in group.consumers:
        yield from pairwise(each for each in group.sessions if each.consumer == consumer)


def _slowest_commit_ms(session: Session) -> float | None:
    """How long the broker took at most to confirm a commit, since one may have been under way for
    that long when the consumer crashed, or how long one was then; None when it confirmed none."""
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
    """Seconds from the start of the last session to its first record; None without one."""
    session = group.sessions[-1]
    if len(group.sessions) < 2 or len(session.seen) == 0:
        return None
    return (int(session.seen.received_ns.min()) - session.started_ns) / NS_PER_S


def consumer_restart(history: History, limit_s: float) -> Check:
    objective = f"below {limit_s:g} s from the start of the consumer"
    seconds = restart_s(history.groups[0]) if history.groups else None
    if seconds is None:
        return not_measured(RESTART, "s", objective, "the restarted consumer was given nothing")
    return passed_if(seconds < limit_s, RESTART, round(seconds, 2), "s", objective)


def dynamic_restart(history: History, limit_s: float, session_s: float) -> Check:
    """`session_s`: the consumers' session.timeout.ms in seconds."""
    objective = f"below {limit_s:g} s from the start of the consumer"
    seconds = restart_s(history.groups[0]) if history.groups else None
    if seconds is None:
        return not_measured(RESTART, "s", objective, "the restarted consumer was given nothing")
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
        return deviates(RESTART, round(seconds, 2), "s", objective, deviation, evidence)
    return passed_if(seconds < limit_s, RESTART, round(seconds, 2), "s", objective, evidence)


def _wait_for_session_s(group: GroupRead, session_s: float) -> float:
    """How long the last session had to wait for its assignment because the one before it was
    killed: no longer than that one's session can last from its end."""
    before, last = group.sessions[-2:]
    assigned = [a.at_ns for a in last.assignments if a.kind == "assigned"]
    if not before.killed or not assigned:
        return 0.0
    over = before.ended_ns + int(session_s * NS_PER_S)
    return max(0.0, (min(assigned[0], over) - last.started_ns) / NS_PER_S)
