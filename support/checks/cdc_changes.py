"""Changes that were made against the events that arrived.

CDC changes missing: a committed change without an event. What a snapshot already showed needs
none: changes of a row up to the version of its snapshot event, and rows that came and went before
the snapshot saw them.
CDC rolled back visible: an event of a change that was rolled back, or that nobody made.
CDC duplicates: a change with several events; legal at least once, so counted.

INCONCLUSIVE when the topics were not read to their end, or when nothing was committed. A change
whose commit was cut off may have an event or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from support.checks.cdc_identity import doubt, identity, of_change
from support.checks.judged import measured, none_of, not_measured
from support.ledger.changes import Change, Fate, WrittenChanges
from support.ledger.events import EventLog
from support.results.schema import Check


def changes_missing(log: EventLog, written: WrittenChanges) -> Check:
    name, unit = "CDC changes missing", "changes"
    objective = "0 committed changes without an event"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    missing = list(missing_changes(log, written))
    told = [f"{_tell(change)} of a transaction '{kind}'" for kind, change in missing]
    return none_of(name, unit, objective, told, [f"{len(written.of(Fate.COMMITTED))} have one"])


def missing_changes(log: EventLog, written: WrittenChanges) -> Iterator[tuple[str, Change]]:
    """With the kind of their transactions."""
    seen = {what for what in map(identity, log.events) if what}
    shown = {(table, key): version for op, table, key, version in seen if op == "r"}
    silent = written.deleted() - {(table, key) for _, table, key, _ in seen}
    for transaction in written.transactions:
        if transaction.fate is not Fate.COMMITTED:
            continue
        for change in transaction.changes:
            place = change.table, change.key
            covered = change.version <= shown.get(place, -1)
            came_and_went = bool(shown) and place in silent
            if of_change(change) not in seen and not covered and not came_and_went:
                yield transaction.kind, change


def rolled_back_visible(log: EventLog, written: WrittenChanges) -> Check:
    name, unit = "CDC rolled back visible", "events"
    objective = "0 events of changes that were not made"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    possible = {of_change(c) for fate in (Fate.COMMITTED, Fate.UNKNOWN) for c in written.of(fate)}
    undone = {of_change(c) for c in written.of(Fate.ROLLED_BACK)}
    found = []
    for event in log.events:
        what = identity(event)
        # The image is judged on what a snapshot shows of a row; it may be older than the writer.
        if what and what[0] != "r" and what not in possible:
            reason = "was rolled back" if what in undone else "was never made"
            told = f"{what[0]} of {what[1]} {what[2]}, version {what[3]}"
            found.append(f"{event.place}: {told}, {reason}")
    return none_of(name, unit, objective, found)


def duplicates(log: EventLog, written: WrittenChanges) -> Check:
    name, objective = "CDC duplicates", "counted (any number is legal at least once)"
    why = doubt(log, written)
    if why:
        return not_measured(name, "events", objective, why)
    counts = Counter(what for what in map(identity, log.events) if what)
    surplus = sum(counts.values()) - len(counts)
    return measured(name, surplus, "events", [f"{len(counts)} different events"])


def _tell(change: Change) -> str:
    return f"{change.op} of {change.table} {change.key}, version {change.version}"
