"""Where change data capture resumes after a restart, and how much it sends again.

resent from the commit: every event that arrives after a restart, sent again or not, has at least
the LSN of the source offset that Connect had committed before: CDC resumes from there, and not from
an earlier position. INCONCLUSIVE when no event arrived after the restart, SKIPPED with a version of
Kafka Connect that does not report that offset.
resent bound: at the restart, an event that is sent again is at most offset.flush.interval.ms plus
the timeout of the flush old. Older events must have been committed. MEASURED where nothing was sent
again, INCONCLUSIVE when the limit lies within the uncertainty of the clocks.
snapshot repeated: the restart took another snapshot of tables whose changes are streamed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from support.checks.cdc_identity import UNREAD, occurrence
from support.checks.judged import measured, none_of, not_measured, passed_if
from support.clock import NS_PER_S, ClockOffset
from support.record.events import Event, EventLog
from support.results.limit import Limit, Operator
from support.results.schema import Check, Verdict

FLUSH_TIMEOUT_S = 5
"""Connect's offset.flush.timeout.ms, by default."""
NOTHING_AGAIN = "nothing was sent again: there is no age to bound"


def resent(log: EventLog) -> Iterator[Event]:
    """Yields every event whose change had one before, without tombstones."""
    seen = set()
    for event in log.events:
        what = occurrence(event)
        if what is not None and what in seen:
            yield event
        seen.add(what)


def resent_from_commit(
    log: EventLog, committed_lsn: int | None, after: Sequence[int], cannot: str = ""
) -> Check:
    """Judges from where CDC resumed.

    `after`: LSNs of the streamed events that arrived after the restart, in the order of arrival.
    `cannot`: why this Kafka Connect does not report the committed offset.
    """
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
    """Judges the age of events that were sent again, at the beginning of the restart (ns)."""
    limit_s = flush_interval_ms / 1000 + FLUSH_TIMEOUT_S
    name, objective = "resent bound", f"at most {limit_s:g} s (one offset flush) sent again"
    if not log.complete:
        return not_measured(name, "s", objective, UNREAD)
    commits = [event.envelope.source.ts_ms for event in resent(log) if event.envelope]
    count = f"{len(commits)} events sent again"
    if not commits:
        return measured(name, 0, "events", (NOTHING_AGAIN,))
    first, last = clocks.earliest_ns(min(commits)), clocks.latest_ns(min(commits))
    oldest_s, youngest_s = ((broken_ns - moment) / NS_PER_S for moment in (first, last))
    if youngest_s <= limit_s < oldest_s:
        age = f"the oldest {youngest_s:.2f} to {oldest_s:.2f} s old"
        why = f"{count}, {age}: the clocks do not compare better"
        return not_measured(name, "s", objective, why)
    age_s = round((broken_ns - clocks.middle_ns(min(commits))) / NS_PER_S, 2)
    check = passed_if(oldest_s <= limit_s, name, age_s, "s", objective, (count,))
    return replace(check, limit=Limit(Operator.AT_MOST, limit_s, "s"))


def snapshot_repeated(log: EventLog, rows_before: int) -> Check:
    """Judges the snapshot events; the tables had `rows_before` rows at the registration."""
    name, unit = "snapshot repeated", "events"
    objective = f"0 snapshot events beyond the {rows_before} of the first snapshot"
    if not log.complete:
        return not_measured(name, unit, objective, UNREAD)
    count = sum(e.envelope is not None and e.envelope.op == "r" for e in log.events)
    return passed_if(count <= rows_before, name, max(0, count - rows_before), unit, objective)
