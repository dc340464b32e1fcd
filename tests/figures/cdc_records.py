"""Hand-written records of change data capture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.checks.cdc_identity import identity
from support.clock import NS_PER_S, ClockOffset
from support.record.arrivals import ARRIVALS, Arrivals, ArrivalsRecord
from support.record.changes import CHANGES, Change, Transaction, TransactionOutcome, WrittenChanges
from support.record.envelope import Envelope, Row, Source
from support.record.events import EVENTS, Event, EventLog
from support.record.faults import FAULTS, FaultsRecord, RecordedFault
from support.record.record import Record

SAME = ClockOffset(0, 0)
"""A database whose wall clock counts from the same moment as our monotonic one."""


def event(version: int, commit_s: float, handed_s: float) -> Event:
    """An insert of users that was committed, and handed to Connect's producer, at these seconds."""
    ms = int(commit_s * 1000)
    source = Source("2.5", "postgresql", "dbserver", ms, "false", "app", "public", "users", 0)
    after: Row = {"id": version, "version": version}
    envelope = Envelope("c", source, 1, None, after)
    return Event("users", 0, version, version, envelope, int(handed_s * 1000))


def arrived(*pairs: tuple[Event, float | None]) -> Arrivals:
    """Events that arrived at these seconds; None before the reader began."""
    found = Arrivals()
    for each, at_s in pairs:
        change = identity(each)
        assert change is not None
        found.note(each, change, None if at_s is None else int(at_s * NS_PER_S))
    return found


def written(count: int) -> WrittenChanges:
    """Transactions that insert rows 1 to `count`, each committed at as many ns as its number."""
    return WrittenChanges(
        [
            Transaction("test", (Change("c", "users", n, n),), TransactionOutcome.COMMITTED, n)
            for n in range(1, count + 1)
        ]
    )


def fault(down_s: float, heal_s: float, healed_s: float, name: str = "crash") -> RecordedFault:
    """A fault that was injected and proven at `down_s`."""
    down, heal, healed = (int(each * NS_PER_S) for each in (down_s, heal_s, healed_s))
    return RecordedFault(name, down, ((down, heal),), healed, ("gone",))


def recorded(
    folder: Path,
    events: Sequence[Event],
    arrivals: Arrivals,
    did: WrittenChanges,
    clocks: ClockOffset = SAME,
    *,
    until_s: float = 0,
    broken: RecordedFault | None = None,
) -> Record:
    """A record of these events, arrivals and changes, and of a fault."""
    record = Record(folder)
    record.write(EVENTS, EventLog(events, [], True))
    record.write(CHANGES, did)
    until_ns = int(until_s * NS_PER_S)
    record.write(ARRIVALS, ArrivalsRecord(tuple(arrivals.all), clocks, until_ns))
    if broken is not None:
        record.write(FAULTS, FaultsRecord((broken,)))
    return record
