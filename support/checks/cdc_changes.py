"""Compares the changes that were made with the events that arrived.

CDC changes missing: a committed change without an event. A change that a snapshot covers needs no
event. A snapshot covers the changes of a row up to the version in the row's last snapshot event. It
also covers all changes of a row that was deleted before the snapshot and has no event at all.
"Before" means a commit below the LSN of the first snapshot, at which streaming begins. (A commit
just above that LSN can't be distinguished, and counts as one below it.)
CDC rolled back visible: an event of a change that was rolled back, or that no transaction made.
Triggers and referential actions make changes within a transaction of the writer. These count as
changes of the writer.
CDC duplicates: the events of a change beyond its first. At-least-once delivery allows them, so they
are counted.

INCONCLUSIVE when the topics were not read to their end, or when nothing was committed. A change
whose commit was cut off may have an event or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from support.checks.cdc_identity import Identity, doubt, identity, occurrence, of_change
from support.checks.judged import measured, none_of, not_measured
from support.record.changes import Change, TransactionOutcome, WrittenChanges
from support.record.events import EventLog
from support.results.schema import Check

NAME = "CDC changes missing"
EVENT: Final = "event"
SNAPSHOT: Final = "snapshot"
LAST, INCREMENTAL = "last", "incremental"
"""source.snapshot of the last row of a snapshot, and of every row of an incremental snapshot."""
MISSING: Final = "missing"


def changes_missing(log: EventLog, written: WrittenChanges) -> Check:
    """Judges whether every committed change has an event, or is in a snapshot."""
    name, unit = NAME, "changes"
    objective = "0 committed changes without an event"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    fates = Counter(how for _, _, how in _where_shown(log, written))
    missing = [
        f"{_described(change)} of a transaction '{kind}'"
        for kind, change in missing_changes(log, written)
    ]
    right = [f"{fates[EVENT]} have one"]
    if fates[SNAPSHOT]:
        right.append(f"{fates[SNAPSHOT]} are in the snapshot (LSN {_snapshot_lsn(log)})")
    return none_of(name, unit, objective, missing, right)


def missing_changes(log: EventLog, written: WrittenChanges) -> Iterator[tuple[str, Change]]:
    """Yields the changes that are missing, each with the kind of its transaction."""
    return ((kind, change) for kind, change, how in _where_shown(log, written) if how == MISSING)


def _where_shown(
    log: EventLog, written: WrittenChanges
) -> Iterator[tuple[str, Change, Literal["event", "snapshot", "missing"]]]:
    """Yields every committed change with the kind of its transaction and where it is shown."""
    seen = {what for what in map(identity, log.events) if what}
    shown, snapshot_lsn = _shown(seen), _snapshot_lsn(log)
    silent = written.deleted() - {(table, key) for _, table, key, _ in seen}
    for transaction in written.transactions:
        if transaction.outcome is not TransactionOutcome.COMMITTED:
            continue
        before = transaction.before_lsn
        not_streamed = before is not None and before < snapshot_lsn
        for change in transaction.changes:
            place = change.table, change.key
            # A snapshot that has the row does not cover its delete, which came later.
            covered = change.op != "d" and change.version <= shown.get(place, -1)
            came_and_went = not_streamed and place in silent
            if of_change(change) in seen:
                yield transaction.kind, change, EVENT
            else:
                yield transaction.kind, change, SNAPSHOT if covered or came_and_went else MISSING


def _snapshot_lsn(log: EventLog) -> int:
    """Returns the LSN at which streaming begins; 0 without a snapshot.

    That is the LSN of the first complete snapshot, which all its rows have. A snapshot without a
    last row was interrupted, and repeated before streaming began. Incremental snapshots do not
    count, because they are taken during streaming.
    """
    taken = [
        (event.envelope.source.snapshot, event.lsn)
        for event in log.events
        if event.envelope and event.envelope.op == "r"
    ]
    ended = [lsn for marker, lsn in taken if marker == LAST]
    whole = [lsn for marker, lsn in taken if marker != INCREMENTAL]
    return min(ended or whole, default=0)


def _shown(seen: Iterable[Identity]) -> dict[tuple[str, int], int]:
    """Returns (table, key) -> the latest version of the row in any snapshot."""
    shown: dict[tuple[str, int], int] = {}
    for op, table, key, version in seen:
        if op == "r":
            shown[table, key] = max(version, shown.get((table, key), -1))
    return shown


def rolled_back_visible(log: EventLog, written: WrittenChanges) -> Check:
    """Judges whether every event describes a change that was committed, or may have been."""
    name, unit = "CDC rolled back visible", "events"
    objective = "0 events of changes that were not made"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    made = (TransactionOutcome.COMMITTED, TransactionOutcome.UNKNOWN)
    possible = {of_change(c) for outcome in made for c in written.of(outcome)}
    undone = {of_change(c) for c in written.of(TransactionOutcome.ROLLED_BACK)} - possible
    own = {t.xid for t in written.transactions if t.outcome in made and t.xid is not None}
    found = []
    for event in log.events:
        what = identity(event)
        # Events of a snapshot or a TRUNCATE are no change of the writer. "CDC image" judges them.
        if what is None or event.envelope is None or what[0] in ("r", "t") or what in possible:
            continue
        if what in undone or event.envelope.source.txId not in own:
            reason = "was rolled back" if what in undone else "was never made"
            change = f"{what[0]} of {what[1]} {what[2]}, version {what[3]}"
            found.append(f"{event.place}: {change}, {reason}")
    return none_of(name, unit, objective, found)


def duplicates(log: EventLog, written: WrittenChanges) -> Check:
    """Counts the events of a change beyond its first."""
    name, objective = "CDC duplicates", "counted (any number is legal at least once)"
    why = doubt(log, written)
    if why:
        return not_measured(name, "events", objective, why)
    counts = Counter(what for what in map(occurrence, log.events) if what)
    surplus = sum(counts.values()) - len(counts)
    return measured(name, surplus, "events", [f"{len(counts)} different events"])


def _described(change: Change) -> str:
    return f"{change.op} of {change.table} {change.key}, version {change.version}"
