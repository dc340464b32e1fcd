"""How change data capture comes back.

CDC recovery time: from the proof that what was broken works again to the arrival of the first
event of a change that was committed after it broke; below a limit, or only reported.
resent from the commit: what is sent again after a restart lies at or behind the source offset that
Connect had committed before it: CDC resumes from there, and not from an earlier place.
resent bound: no event that is sent again is older than an offset flush can leave uncommitted
(offset.flush.interval.ms and the flush's own time-out).
snapshot repeated: the restart took another snapshot of what is streamed.
CDC caught up: the replication slot confirms everything that the writer did, within a limit.
task state: connector and every task RUNNING; a connector can be RUNNING over a dead task.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.cdc_identity import identity
from support.checks.judged import none_of, not_measured, passed_if
from support.clock import NS_PER_S
from support.ledger.events import Event, EventLog
from support.results.schema import Check

FLUSH_TIMEOUT_S = 5
"""Connect's offset.flush.timeout.ms, by default."""
UNREAD = "the topics were not read to their end"


def cdc_recovery(
    healed_ns: int, first_ns: int | None, limit_s: float | None, told: str = ""
) -> Check:
    """0 when an event arrived before the proof of the heal; without a limit it is reported.

    `told`: what else had to be done for it.
    """
    wanted = "reported" if limit_s is None else f"below {limit_s:g} s"
    name, objective = "CDC recovery time", f"{wanted}, from ready to the first new event"
    if first_ns is None:
        why = ("no new event arrived after the heal",)
        return passed_if(False, name, "never", "", objective, why)
    seconds = max(0.0, (first_ns - healed_ns) / NS_PER_S)
    right = limit_s is None or seconds < limit_s
    return passed_if(right, name, round(seconds, 2), "s", objective, [told] if told else [])


def resent(log: EventLog) -> Iterator[Event]:
    """Every event whose change had one before, tombstones left out."""
    seen = set()
    for event in log.events:
        what = identity(event)
        if what is not None and what in seen:
            yield event
        seen.add(what)


def resent_from_commit(log: EventLog, committed_lsn: int | None) -> Check:
    name, unit = "resent from the commit", "events"
    objective = "0 events sent again from before the committed source offset"
    if not log.complete or committed_lsn is None:
        why = UNREAD if committed_lsn is not None else "Connect had committed no source offset"
        return not_measured(name, unit, objective, why)
    again, found = 0, []
    for event in resent(log):
        assert event.envelope is not None
        again += 1
        lsn = event.envelope.source.lsn or 0
        if lsn < committed_lsn:
            found.append(f"{event.place}: LSN {lsn} is before the committed {committed_lsn}")
    return none_of(name, unit, objective, found, [f"{again} sent again, all from the commit on"])


def resent_bound(log: EventLog, broken_ms: float, flush_interval_ms: int) -> Check:
    """`broken_ms`: wall clock at which the restart began, of the host that PostgreSQL runs on."""
    limit_s = flush_interval_ms / 1000 + FLUSH_TIMEOUT_S
    name, objective = "resent bound", f"at most {limit_s:g} s (one offset flush) sent again"
    if not log.complete:
        return not_measured(name, "s", objective, UNREAD)
    commits = [event.envelope.source.ts_ms for event in resent(log) if event.envelope]
    oldest_s = (broken_ms - min(commits)) / 1000 if commits else 0.0
    told = (f"{len(commits)} events sent again",)
    return passed_if(oldest_s <= limit_s, name, round(oldest_s, 2), "s", objective, told)


def snapshot_repeated(log: EventLog, rows_before: int) -> Check:
    """`rows_before`: rows that were in the tables when the connector was registered."""
    name, unit = "snapshot repeated", "events"
    objective = f"0 snapshot events beyond the {rows_before} of the first snapshot"
    if not log.complete:
        return not_measured(name, unit, objective, UNREAD)
    count = sum(e.envelope is not None and e.envelope.op == "r" for e in log.events)
    return passed_if(count <= rows_before, name, max(0, count - rows_before), unit, objective)


def caught_up(waited_s: float | None, told: str, limit_s: float) -> Check:
    """`waited_s`: from the writer's end to the confirmation; None when it never came."""
    name, objective = "CDC caught up", f"within {limit_s:g} s after the last change"
    right, measured = waited_s is not None, "never" if waited_s is None else round(waited_s, 2)
    return passed_if(right, name, measured, "s" if right else "", objective, (told,))


def task_state(running: bool, told: str, trace: str) -> Check:
    """`running`: by the states of connector and tasks; `trace` of the first failure."""
    name, objective = "task state", "connector and every task RUNNING"
    return passed_if(running, name, told, "", objective, trace.splitlines()[:3])
