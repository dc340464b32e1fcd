"""Random histories without an anomaly, and functions that add one anomaly to a history."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping

import numpy as np

from support.checks.rebalance import CRASH_S
from support.clock import NS_PER_S
from support.record.attempts import Attempts, Outcome
from support.record.damage import Damage
from support.record.history import History, LogRead
from support.record.observed import Observations
from support.record.sessions import Assignment, Commit, CommitOutcome, GroupRead, Session
from tests.checks.legal_groups import STEP, legal_group


def legal_history(luck: random.Random, groups: int = 1, *, doubt: bool = True) -> History:
    """Returns a history with retries, and groups with all legal events.

    Those are restarts, failed commits, a lost assignment and a second member. With `doubt`, some
    outcomes are unknown.
    """
    count, partitions = luck.randint(12, 40), luck.randint(1, 3)
    homes = [luck.randrange(partitions) for _ in range(count)]
    homes[:partitions] = range(partitions)
    homes[-2:] = [0, 0]
    log: list[list[int]] = [[] for _ in range(partitions)]
    outcome, offset, acked_ns = [], [], []
    for record, home in enumerate(homes):
        # The first and the last records are plain, for anomalies that need such records.
        plain = not partitions <= record < count - 2
        fate = 1.0 if plain else luck.uniform(0.0 if doubt else 0.1, 1.0)
        stored = fate > 0.05
        copies = 2 if stored and fate < 0.15 else 1
        outcome.append(Outcome.UNKNOWN if fate < 0.1 else Outcome.ACKED)
        offset.append(len(log[home]) if fate >= 0.1 else 0)
        acked_ns.append((record + 1) * STEP if fate >= 0.1 else 0)
        log[home] += [record] * copies if stored else []
    attempts = Attempts.of(
        sent_ns=[(record + 1) * STEP - 1 for record in range(count)],
        acked_ns=acked_ns,
        partition=homes,
        offset=offset,
        outcome=[int(each) for each in outcome],
    )
    rows = [(r, p, o) for p, ids in enumerate(log) for o, r in enumerate(ids)]
    ends = {p: len(ids) for p, ids in enumerate(log)}
    read = LogRead(Observations.of(rows), ends, ends, 0, dict.fromkeys(ends, 0))
    readers = tuple(legal_group(luck, number, log) for number in range(groups))
    return History(attempts, read, readers, ((1, 2),))


# -- anomalies: each returns the history with one of them, and no other -----------------


def _without(seen: Observations, *records: int) -> Observations:
    return seen.where(~np.isin(seen.id, records))


def _log(history: History, seen: Observations, **changes: object) -> History:
    log = dataclasses.replace(history.log, seen=seen, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(history, log=log)


def _everyone(history: History, change: Callable[[Session], Session]) -> History:
    groups = tuple(
        dataclasses.replace(group, sessions=tuple(change(each) for each in group.sessions))
        for group in history.groups
    )
    return dataclasses.replace(history, groups=groups)


def _last_session(history: History, **changes: object) -> History:
    group = history.groups[0]
    last = dataclasses.replace(group.sessions[-1], **changes)  # type: ignore[arg-type]
    changed = dataclasses.replace(group, sessions=(*group.sessions[:-1], last))
    return dataclasses.replace(history, groups=(changed, *history.groups[1:]))


def _plain(history: History) -> int:
    """Returns an acknowledged record with one copy, neither first nor last in its partition."""
    attempts, ends = history.attempts, history.log.end_offsets
    last = np.array([ends[int(home)] - 1 for home in attempts.partition])
    fit = (attempts.outcome == Outcome.ACKED) & (history.copies == 1)
    return int(np.flatnonzero(fit & (attempts.offset > 0) & (attempts.offset < last))[-1])


def lost(history: History) -> History:
    record = _plain(history)

    def forget(session: Session) -> Session:
        return dataclasses.replace(session, seen=_without(session.seen, record))

    seen = _without(history.log.seen, record)
    return _everyone(_log(history, seen), forget)


def phantom(history: History) -> History:
    seen, ends = history.log.seen, dict(history.log.end_offsets)
    more = Observations.of([(len(history.attempts) + 5, 0, ends[0])])
    ends[0] += 1
    return _everyone_is_given(
        _log(history, Observations.together([seen, more]), end_offsets=ends, reached=ends), more
    )


def _everyone_is_given(history: History, more: Observations) -> History:
    """Delivers one more record of partition 0 to each group, which commits it."""
    return dataclasses.replace(
        history, groups=tuple(_is_given(group, more) for group in history.groups)
    )


def _is_given(group: GroupRead, more: Observations) -> GroupRead:
    whose = max(range(len(group.sessions)), key=lambda n: _last_of_partition_0(group.sessions[n]))
    session, now = group.sessions[whose], max(each.ended_ns for each in group.sessions) + STEP
    later = dataclasses.replace(more, received_ns=np.array([now], np.int64))
    end = int(more.offset[0]) + 1
    commit = Commit(now + 1, 0, end, CommitOutcome.OK, now + 2)
    changed = dataclasses.replace(
        session,
        seen=Observations.together([session.seen, later]),
        commits=(*session.commits, commit),
    )
    sessions = (*group.sessions[:whose], changed, *group.sessions[whose + 1 :])
    return dataclasses.replace(group, sessions=sessions, committed={**group.committed, 0: end})


def _last_of_partition_0(session: Session) -> int:
    times = session.seen.received_ns[session.seen.partition == 0]
    return int(times.max(initial=-1))


def corrupt(history: History) -> History:
    record = _plain(history)

    def damage(seen: Observations) -> Observations:
        return dataclasses.replace(seen, intact=seen.intact & (seen.id != record))

    return _everyone(
        _log(history, damage(history.log.seen)),
        lambda session: dataclasses.replace(session, seen=damage(session.seen)),
    )


def reordered(history: History) -> History:
    """Swaps two neighbours of a partition, before anything was received."""
    record = len(history.attempts) - 1
    attempts = history.attempts
    home, place = int(attempts.partition[record]), int(attempts.offset[record])
    seen = history.log.seen
    before = int(seen.id[(seen.partition == home) & (seen.offset == place - 1)][0])

    def swap(rows: Observations) -> Observations:
        ids = rows.id.copy()
        here = rows.partition == home
        ids[here & (rows.offset == place)] = before
        ids[here & (rows.offset == place - 1)] = record
        return dataclasses.replace(rows, id=ids)

    offsets = attempts.offset.copy()
    offsets[record] = place - 1
    if attempts.outcome[before] == Outcome.ACKED and history.copies[before] == 1:
        offsets[before] = place
    swapped = _log(history, swap(seen))
    swapped = _everyone(swapped, lambda s: dataclasses.replace(s, seen=swap(s.seen)))
    columns = {name: getattr(attempts, name) for name in vars(attempts)}
    return dataclasses.replace(swapped, attempts=Attempts({**columns, "offset": offsets}))


def changed(history: History) -> History:
    """Damages a record that the group received intact."""
    record = _plain(history)
    seen = history.log.seen
    return _log(history, dataclasses.replace(seen, intact=seen.intact & (seen.id != record)))


def truncated(history: History) -> History:
    """Removes the end of a partition, with a record that was acknowledged there."""
    home = int(history.attempts.partition[-1])
    seen, ends = history.log.seen, dict(history.log.end_offsets)
    ends[home] -= 1
    kept = seen.where((seen.partition != home) | (seen.offset < ends[home]))
    return _log(history, kept, end_offsets=ends, reached=ends)


def retention(history: History) -> History:
    """Lets a partition start later than at offset 0."""
    starts = {**history.log.start_offsets, 0: 1}
    seen = history.log.seen
    return _log(
        history, seen.where((seen.partition != 0) | (seen.offset >= 1)), start_offsets=starts
    )


def unseen(history: History) -> History:
    """Lets the groups miss the last record of a partition, which no member committed."""
    home = int(history.attempts.partition[-1])
    last = history.log.end_offsets[home] - 1

    def miss(session: Session) -> Session:
        rows = session.seen
        commits = tuple(c for c in session.commits if (c.partition, c.offset) != (home, last + 1))
        kept = rows.where((rows.partition != home) | (rows.offset != last))
        return dataclasses.replace(session, seen=kept, commits=commits)

    missed = _everyone(history, miss)
    groups = tuple(
        dataclasses.replace(group, committed={**group.committed, home: last})
        for group in missed.groups
    )
    return dataclasses.replace(missed, groups=groups)


def poll_skip(history: History) -> History:
    """Adds a session that skips records which another one received."""
    home = max(history.log.end_offsets, key=lambda p: history.log.end_offsets[p])
    end = history.log.end_offsets[home]
    seen = history.log.seen
    rows = seen.where((seen.partition == home) & np.isin(seen.offset, (0, end - 1)))
    return _one_more_session(history, rows)


def poll_backwards(history: History) -> History:
    seen = history.log.seen
    rows = seen.where(seen.partition == 0)
    again = Observations.together([rows, rows.where(rows.offset == rows.offset.max())])
    return _one_more_session(history, again)


def _one_more_session(history: History, rows: Observations) -> History:
    """Adds a session without a commit, whose deliveries come after all others."""
    group = history.groups[0]
    now = group.sessions[-1].ended_ns + STEP
    times = now + np.arange(len(rows), dtype=np.int64) + 1
    more = Session(
        "another",
        dataclasses.replace(rows, received_ns=times),
        now,
        int(now + STEP * 99),
        assignments=(Assignment(now, "assigned", (0,)),),
    )
    changed_group = dataclasses.replace(group, sessions=(*group.sessions, more))
    return dataclasses.replace(history, groups=(changed_group, *history.groups[1:]))


def commit_ahead(history: History) -> History:
    """Commits the offset that was processed last, just before it was processed."""
    seen = history.groups[0].seen
    _, firsts = np.unique(seen.packed(), return_index=True)
    row = firsts[np.argmax(seen.received_ns[firsts])]
    moment = int(seen.received_ns[row]) - 1
    ahead = Commit(moment, int(seen.partition[row]), int(seen.offset[row]) + 1)
    return _last_session(history, commits=(*history.groups[0].sessions[-1].commits, ahead))


def commit_regression(history: History) -> History:
    last = history.groups[0].sessions[-1]
    now, end = last.ended_ns, history.log.end_offsets[0]
    back = tuple(Commit(now + n, 0, end - n, CommitOutcome.OK, now + n) for n in (0, 1))
    return _last_session(history, commits=(*last.commits, *back))


def final_commit(history: History) -> History:
    """Lets the broker lose a commit that it had confirmed."""
    last, end = history.groups[0].sessions[-1], history.log.end_offsets[0]
    commit = Commit(last.ended_ns, 0, end, CommitOutcome.OK, last.ended_ns + 1)
    history = _last_session(history, commits=(*last.commits, commit))
    group = history.groups[0]
    changed = dataclasses.replace(group, committed={**group.committed, 0: end - 1})
    return dataclasses.replace(history, groups=(changed, *history.groups[1:]))


def cross_talk(history: History) -> History:
    """Lets the first two groups divide every partition, as two members of one group would."""
    seen = history.log.seen
    middle = np.array([history.log.end_offsets[int(home)] // 2 for home in seen.partition])
    halves = (seen.where(seen.offset < middle), seen.where(seen.offset >= middle))
    groups = tuple(
        GroupRead(f"half-{n}", (Session(f"reader-{n}", _given_at(half, STEP)),), drained=n == 1)
        for n, half in enumerate(halves)
    )
    return dataclasses.replace(history, groups=(*groups, *history.groups[2:]))


def _given_at(seen: Observations, begin: int) -> Observations:
    times = begin + np.arange(len(seen), dtype=np.int64)
    return dataclasses.replace(seen, received_ns=times)


def accepted(history: History) -> History:
    """Lets a record be reported as sent without an offset."""
    attempts = history.attempts
    offsets = attempts.offset.copy()
    offsets[_plain(history)] = -1
    columns = {name: getattr(attempts, name) for name in vars(attempts)}
    return dataclasses.replace(history, attempts=Attempts({**columns, "offset": offsets}))


def damaged(history: History) -> History:
    """Damages a batch of one record, so that its checksum does not match."""
    record = _plain(history)
    home, place = (
        int(each[record]) for each in (history.attempts.partition, history.attempts.offset)
    )
    stretch = Damage("topic", home, place, place + 1, "_BAD_MSG: failed CRC32C check")
    return _log(history, _without(history.log.seen, record), damaged=(stretch,))


def rebalance(history: History) -> History:
    last = history.groups[0].sessions[-1]
    much_later = last.ended_ns + (CRASH_S + 1) * NS_PER_S
    again = Assignment(much_later, "assigned", (0,))
    return _last_session(history, assignments=(*last.assignments, again))


def stuck(history: History) -> History:
    """Lets the last record wait, although it was sent after the heal."""
    attempts = history.attempts
    columns = {name: getattr(attempts, name).copy() for name in vars(attempts)}
    columns["acked_ns"][-1] = 0
    columns["outcome"][-1] = Outcome.PENDING
    healed = int(columns["acked_ns"].max()) + 1
    columns["sent_ns"][-1] = healed + 1
    still = dataclasses.replace(history, attempts=Attempts(columns))
    return dataclasses.replace(still, disturbances=((1, healed),))


def leaderless(history: History) -> History:
    """Removes the leader of the last partition: nothing is known about it, which is no anomaly."""
    log, gone = history.log, max(history.log.end_offsets)
    rest = {p: end for p, end in log.end_offsets.items() if p != gone}
    seen = log.seen.where(log.seen.partition != gone)
    return _log(
        history, seen, end_offsets=rest, reached=rest, unreadable={gone: "it has no leader"}
    )


ANOMALIES: Mapping[str, tuple[Callable[[History], History], frozenset[str]]] = {
    "lost": (lost, frozenset({"lost"})),
    "phantom": (phantom, frozenset({"phantom"})),
    "corrupt": (corrupt, frozenset({"corrupt"})),
    # A record that can't be read is also lost.
    "damaged": (damaged, frozenset({"damaged", "lost"})),
    "accepted": (accepted, frozenset({"accepted"})),
    "reordered": (reordered, frozenset({"reordered"})),
    # A damaged record is also corrupt.
    "changed on re-read": (changed, frozenset({"changed on re-read", "corrupt"})),
    # The record at the end was acknowledged, so it is also lost.
    "log truncated": (truncated, frozenset({"log truncated", "lost"})),
    "retention violated": (retention, frozenset({"retention violated", "lost"})),
    "unseen": (unseen, frozenset({"unseen"})),
    "poll skip": (poll_skip, frozenset({"poll skip"})),
    "non-monotonic poll": (poll_backwards, frozenset({"non-monotonic poll"})),
    "commit ahead of processing": (commit_ahead, frozenset({"commit ahead of processing"})),
    "commit regression": (commit_regression, frozenset({"commit regression"})),
    "final commit": (final_commit, frozenset({"final commit"})),
    # Each group misses what the other one received.
    "group cross-talk": (cross_talk, frozenset({"group cross-talk", "unseen"})),
    "unexpected rebalance": (rebalance, frozenset({"unexpected rebalance"})),
    "stuck after heal": (stuck, frozenset({"stuck after heal"})),
}
"""Anomaly -> how it is put in, and every check that must see it; what one implies is said."""
