"""How change data capture comes back.

CDC recovery time: from the beginning of the heal to the arrival of the first event of a change that
was committed after it broke. A limit counts from the proof that what was broken works again.
INCONCLUSIVE when the watch of arriving events died, when it was not watched until the limit (where
there is none, for as long as a scenario waits), and when the clocks leave a doubt that decides.
CDC fault effect: the longest time in which a change waited and none arrived. It must span the
outage, else the fault was not felt and nothing is proven: INCONCLUSIVE. In a cluster others take
over: there it is a figure only.
resent from the commit: every event that arrives after a restart, sent again or not, lies at or
behind the source offset that Connect had committed before it: CDC resumes from there, and not from
an earlier place. INCONCLUSIVE when no event arrived after the restart; SKIPPED with a Kafka Connect
that can't tell that offset.
resent bound: no event that is sent again is older than an offset flush can leave uncommitted
(offset.flush.interval.ms and the flush's own time-out). MEASURED where nothing was sent again;
INCONCLUSIVE when the limit lies within the doubt of the clocks.
snapshot repeated: the restart took another snapshot of what is streamed.
task state: connector and every task RUNNING; a connector can be RUNNING over a dead task.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.checks.cdc_identity import occurrence
from support.checks.judged import measured, none_of, not_measured, passed_if
from support.clock import NS_PER_S, ClockOffset
from support.record.events import Event, EventLog
from support.results.schema import Check, Verdict

FLUSH_TIMEOUT_S = 5
"""Connect's offset.flush.timeout.ms, by default."""
IN_FLIGHT_S = 0.1
"""What had left the broker may still arrive when the fault is proven."""
AWAITED_S = 180
"""So long a scenario waits for changes to arrive again, with patience 1."""
NOTHING_AGAIN = "nothing was sent again: there is no age to bound"
UNREAD = "the topics were not read to their end"
RECOVERY = "CDC recovery time"


def cdc_recovery(
    heal_ns: int,
    ready_ns: int,
    first_ns: int | None,
    limit_s: float | None,
    *,
    helped: str = "",
    trouble: str = "",
    until_ns: int = 0,
    doubt_ms: float = 0.0,
    hopeless: str = "",
    reported: Sequence[str] = (),
) -> Check:
    """`helped`: what else had to be done for it; `trouble`: why arrivals are not known; `until_ns`:
    how long they were watched; `doubt_ms`: of the comparison of clocks; `hopeless`: why no event
    can ever arrive; `reported`: errors that the watch's client reported."""
    objective = "changes arrive again"
    ends_s = ready_s = (ready_ns - heal_ns) / NS_PER_S
    if limit_s is not None:
        ends_s = ready_s + limit_s
        after = f"{limit_s:g} s after ready at {ready_s:.3g} s"
        objective = f"below {ends_s:.4g} s from the beginning of the heal ({after})"
    if trouble:
        return not_measured(RECOVERY, "s", objective, trouble)
    if first_ns is None:
        told = (hopeless, *reported) if hopeless else tuple(reported)
        needed_s = 0 if hopeless else AWAITED_S if limit_s is None else ends_s
        return _never_back(objective, (until_ns - heal_ns) / NS_PER_S, needed_s, told)
    seconds, evidence = (first_ns - heal_ns) / NS_PER_S, [helped] if helped else []
    if limit_s is None:
        return measured(RECOVERY, round(seconds, 2), "s", evidence)
    # A change of which it is not sure that it was committed after the fault was passed over.
    if seconds - 2 * doubt_ms / 1000 < ends_s <= seconds:
        why = f"{seconds:.2f} s, but the clocks compare only within {doubt_ms / 1000:.2f} s"
        return not_measured(RECOVERY, "s", objective, why)
    return passed_if(seconds < ends_s, RECOVERY, round(seconds, 2), "s", objective, evidence)


def _never_back(objective: str, watched_s: float, needed_s: float, told: Sequence[str]) -> Check:
    why = f"no new event arrived within {watched_s:.1f} s after the heal began"
    if watched_s < needed_s:
        why = f"{why}, and it was not watched for {needed_s:g} s"
        return not_measured(RECOVERY, "s", objective, "; ".join([why, *told]))
    return passed_if(False, RECOVERY, "never", "", objective, (why, *told))


def cdc_fault_effect(stall_s: float | None, outage_s: float, brokers: int = 1) -> Check:
    """`outage_s`: from the proof that it was broken to the beginning of the heal."""
    name, objective = "CDC fault effect", f"no event for at least {outage_s:.3g} s"
    if stall_s is None or (brokers == 1 and stall_s < outage_s - IN_FLIGHT_S):
        why = "no change was waited for" if stall_s is None else f"at most {stall_s:.2f} s without"
        return not_measured(name, "s", objective, why)
    return measured(name, round(stall_s, 2), "s")


def resent(log: EventLog) -> Iterator[Event]:
    """Every event whose change had one before, tombstones left out."""
    seen = set()
    for event in log.events:
        what = occurrence(event)
        if what is not None and what in seen:
            yield event
        seen.add(what)


def resent_from_commit(
    log: EventLog, committed_lsn: int | None, after: Sequence[int], cannot: str = ""
) -> Check:
    """`after`: LSNs of the streamed events that arrived after the restart, in the order of arrival;
    `cannot`: why the committed offset is not to be had from this Kafka Connect."""
    name, unit = "resent from the commit", "events"
    objective = "0 events from before the committed source offset after the restart"
    if cannot:
        return Check(name, Verdict.SKIPPED, None, unit, objective, (cannot,))
    if not log.complete or committed_lsn is None:
        why = UNREAD if committed_lsn is not None else "Connect had committed no source offset"
        return not_measured(name, unit, objective, why)
    if not after:
        why = "no event arrived after the restart: nothing was seen to resume"
        return not_measured(name, unit, objective, why)
    again = list(resent(log))
    found = [
        f"{event.place}: LSN {lsn} is before the committed {committed_lsn}"
        for event in again
        if event.envelope and (lsn := event.envelope.source.lsn or 0) < committed_lsn
    ]
    early = sorted(lsn for lsn in after if lsn < committed_lsn)
    found += [f"arrived after the restart: LSN {lsn}" for lsn in early if not found]
    first = f"{len(after)} events after the restart, the first at LSN {after[0]}"
    return none_of(name, unit, objective, found, [f"{first}; {len(again)} sent again"])


def resent_bound(
    log: EventLog, broken_ns: int, clocks: ClockOffset, flush_interval_ms: int
) -> Check:
    """`broken_ns`: when the restart began; commits are stamped by PostgreSQL's clock."""
    limit_s = flush_interval_ms / 1000 + FLUSH_TIMEOUT_S
    name, objective = "resent bound", f"at most {limit_s:g} s (one offset flush) sent again"
    if not log.complete:
        return not_measured(name, "s", objective, UNREAD)
    commits = [event.envelope.source.ts_ms for event in resent(log) if event.envelope]
    told = f"{len(commits)} events sent again"
    if not commits:
        return measured(name, 0, "events", (NOTHING_AGAIN,))
    first, last = clocks.earliest_ns(min(commits)), clocks.latest_ns(min(commits))
    oldest_s, youngest_s = ((broken_ns - moment) / NS_PER_S for moment in (first, last))
    if youngest_s <= limit_s < oldest_s:
        why = f"{told}, the oldest {youngest_s:.2f} to {oldest_s:.2f} s old: clocks in doubt"
        return not_measured(name, "s", objective, why)
    age_s = round((broken_ns - clocks.middle_ns(min(commits))) / NS_PER_S, 2)
    return passed_if(oldest_s <= limit_s, name, age_s, "s", objective, (told,))


def snapshot_repeated(log: EventLog, rows_before: int) -> Check:
    """`rows_before`: rows that were in the tables when the connector was registered."""
    name, unit = "snapshot repeated", "events"
    objective = f"0 snapshot events beyond the {rows_before} of the first snapshot"
    if not log.complete:
        return not_measured(name, unit, objective, UNREAD)
    count = sum(e.envelope is not None and e.envelope.op == "r" for e in log.events)
    return passed_if(count <= rows_before, name, max(0, count - rows_before), unit, objective)


def task_state(running: bool, told: str, trace: str) -> Check:
    """`running`: by the states of connector and tasks; `trace` of the first failure."""
    name, objective = "task state", "connector and every task RUNNING"
    return passed_if(running, name, told, "", objective, trace.splitlines()[:3])
