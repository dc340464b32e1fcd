"""Compares one table with the events that were read of it, and looks at what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.audit.cut import Cut
from support.audit.details import Describer, events_at, first, rows_at
from support.audit.digests import Comparison
from support.audit.dump import TableDump
from support.audit.folding import Differences, compare_keyless_part, compare_part, row_type
from support.audit.notes import notes_of
from support.audit.spill import Spill
from support.audit.topic import TableEvents, TopicRead
from support.audit.unwrapped import read_whole
from support.clients.broker import BrokerClient
from support.interruption import check
from support.record.audit import DIFFERENT, AuditedTable, RowFinding

LOOKED_AT = 2_000
"""Rows of each kind whose values are looked at."""
SHOWN = 10
"""Rows of each kind that are recorded."""
EVERY = 20_000
"""Rows between two reports."""


@dataclass(frozen=True)
class TableReader:
    """Reads the rows of a table from its dump, and single events from its topic."""

    broker: BrokerClient
    folder: Path
    report: Callable[[str], None]
    patience: timedelta

    def rows(self, comparison: Comparison, dump: TableDump, cut: Cut, parts: int) -> Spill:
        """Returns the digests of every row, in as many parts as those of the events."""
        large = len(comparison.large)
        spill = Spill(row_type(len(comparison.shapes), large), parts, self.folder)
        keyed = bool(comparison.table.key)
        try:
            for line, values in enumerate(dump):
                key, rows, values_of_large = comparison.of_postgres(values)
                age = cut.age(int(values[-1] or 0))
                place = key if keyed else rows[0]
                spill.add((place, line, age, tuple(rows), tuple(values_of_large)))
                if line % EVERY == 0:
                    check()
                    self.report(f"{dump.table.title}: {line} of {dump.rows} rows compared")
        except BaseException:
            spill.close()
            raise
        return spill


def compare_table(
    reader: TableReader, taken: TopicRead, events: TableEvents, dump: TableDump
) -> AuditedTable:
    """Compares a table with its events."""
    comparison, table = events.comparison, dump.table
    audited = AuditedTable(
        *(table.title, taken.topic, dump.rows, events.events, table.key),
        unreadable=taken.illegal,
        first_unreadable=taken.first_illegal,
    )
    trouble = events.trouble or _trouble(taken, events)
    if trouble:
        return replace(audited, trouble=trouble)
    if not comparison.shapes:
        # No event shows which columns there are.
        comparison.row_of_event({each.name: None for each in comparison.columns})
    result = _Result(comparison, events, taken.whole)
    spill = reader.rows(comparison, dump, taken.cut, events.spill.parts)
    compare = compare_part if table.key else compare_keyless_part
    try:
        for part in range(spill.parts):
            check()
            found = compare(events.spill.part(part), spill.part(part), events.truncated_lsn)
            result.add(found)
    finally:
        spill.close()
    if events.resent and not table.key and result.differs:
        why = "it has no key, and events came again: equal rows can't be told apart"
        return replace(audited, trouble=why)
    result.describe(reader, taken, dump)
    return result.completed(audited, notes_of(taken, events, result.moved_keys))


def _trouble(taken: TopicRead, events: TableEvents) -> str:
    if taken.illegal and not events.events:
        return (
            f"{taken.illegal} records of {taken.topic} are no envelopes in JSON; the first: "
            f"{taken.first_illegal}"
        )
    if not events.comparison.table.key and taken.read is not read_whole:
        return "it has no key, and unwrapped records do not have the row before a change"
    if not events.comparison.table.key and len(events.comparison.shapes) > 1:
        return "it has no key, and its columns were changed"
    return ""


@dataclass
class _Result:
    """The differences of all parts of a table, the first of which are described."""

    comparison: Comparison
    events: TableEvents
    whole: bool
    missing: list[tuple[int, int]] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Kind of value that was not compared in some rows -> how many."""
    findings: list[RowFinding] = field(default_factory=list)
    confirmed: Counter[str] = field(default_factory=Counter)
    """Kind of finding -> rows whose values were looked at, and that differ."""
    unread: int = 0
    """Differing rows whose event was not read a second time."""
    judged: int = 0
    older: int = 0
    moved_keys: int = 0
    _uncompared: dict[str, int] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        return bool(self.missing or self.surplus or self.different)

    def add(self, found: Differences) -> None:
        """Adds the differences of a part."""
        judged = [each for each in found.missing if self._is_judged(each[1], each[2])]
        older = len(found.missing) - len(judged)
        self.older += older
        self.judged += found.judged - older
        self.missing += [(line, place) for line, place, _ in judged]
        self.surplus += found.surplus
        self.different += found.different
        self.moved_keys += found.moved_keys
        for shape, count in found.shapes.items():
            for name in self.comparison.absent_columns(shape):
                self.counts[f"the last event does not have the column {name}"] += count
        for counts, why in ((found.unsent, "no event has"), (found.absent, "the last event lacks")):
            for column, count in counts.items():
                self.counts[f"{why} the value of {self.comparison.large[column].name}"] += count
        self.counts["changed while the cut was made, and events have no txId"] += found.undecided

    def _is_judged(self, place: int, age: int) -> bool:
        """Whether a row must be in the topic: an earlier event may have been removed."""
        limit = self.events.youngest_of_first_minute
        return self.whole or place >= 0 or (limit is not None and age < limit)

    def describe(self, reader: TableReader, taken: TopicRead, dump: TableDump) -> None:
        """Reads the first differing rows and events once more."""
        if not self.differs:
            return
        reader.report(f"{dump.table.title}: looking at the rows that differ")
        missing, surplus = self.missing[:LOOKED_AT], self.surplus[:LOOKED_AT]
        different = self.different[:LOOKED_AT]
        rows = rows_at(dump, {line for line, _ in (*missing, *different)})
        places = [*surplus, *(place for _, place in (*missing, *different))]
        events = events_at(reader.broker, taken.topic, places, reader.patience, taken.read)
        describe = Describer(self.comparison)
        found = [
            *(describe.missing(rows[line], at, events.get(at)) for line, at in missing),
            *(describe.surplus(at, events.get(at)) for at in surplus),
            *(
                describe.different(rows[line], at, events[at], self._uncompared)
                for line, at in different
                if at in events
            ),
        ]
        self.unread = sum(at not in events for _, at in different)
        self.findings = [each for each in found if each is not None]
        self.confirmed = Counter(each.kind for each in self.findings)

    def completed(self, audited: AuditedTable, notes: tuple[str, ...]) -> AuditedTable:
        """Returns the table with everything that was found."""
        comparison = self.comparison
        # What was not looked at counts as different if anything that was looked at is.
        beyond = max(0, len(self.different) - LOOKED_AT)
        different = self.confirmed[DIFFERENT] + (beyond if self.confirmed[DIFFERENT] else 0)
        return replace(
            audited,
            compared=tuple(column.name for column in comparison.columns),
            skipped=comparison.skipped,
            partly={what: count for what, count in self._partly() if count},
            missing=len(self.missing),
            surplus=len(self.surplus),
            different=different,
            judged=self.judged,
            unverified=beyond + self.unread,
            findings=tuple(first(self.findings, SHOWN)),
            since=self._since(),
            notes=notes,
        )

    def _partly(self) -> Iterator[tuple[str, int]]:
        yield from self.counts.items()
        for name, count in self._uncompared.items():
            yield f"values of {name} can't be compared", count

    def _since(self) -> str:
        if self.whole:
            return ""
        if not self.events.events:
            return f"its topic has no event: {self.older} rows are not judged"
        first_ms, began = self.events.first_ms, "a change"
        if first_ms:
            moment = datetime.fromtimestamp(first_ms / 1000, UTC)
            began = f"a change of {moment:%Y-%m-%d %H:%M:%S} UTC"
        return (
            f"its topic begins with {began}, and not with a snapshot: {self.older} rows that no "
            "event has are older, and not judged"
        )
