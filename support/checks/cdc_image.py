"""Applies the events in order, and compares the resulting rows with the rows of PostgreSQL.

CDC image: the events, applied in order, give the rows of the tables, in every column that both
have. FAIL when a row differs, exists on one side only, or lacks a column that its last event must
have. The last event must have

- every column that the table had before the first change;
- a column that was added later, if the row changed after that. The row did if the LSN of its last
  event is at least that of the first event with the column, or above the LSN at which a sample of
  the table first showed the column.

GENERATED columns are exempt, because PostgreSQL does not replicate them. After a change of a
column's type, a value that differs does not count if its row may not have changed since.
CDC schema changes: counts the columns that were added, dropped or given another type.

INCONCLUSIVE when the topics were not read to their end, when nothing was committed, or when no
event has an added column and it is not known whether any row changed after it was added.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from support.checks.cdc_fold import Folded, fold, since_when, truncates
from support.checks.cdc_identity import UNREAD, doubt
from support.checks.column_values import same
from support.checks.judged import measured, not_measured, passed_if, some
from support.record.changes import WrittenChanges
from support.record.events import Altered, EventLog
from support.record.tables import Row, Tables
from support.results.schema import Check

AT_SOME_TIME = Altered(0, sys.maxsize)


def image(log: EventLog, written: WrittenChanges, tables: Tables) -> Check:
    """Judges whether events and tables have the same rows."""
    name, unit = "CDC image", "rows"
    objective = "0 rows that differ between the folded events and PostgreSQL"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    comparison = _Comparison(tables, since_when(log.events), log.full_identity)
    folded = fold(log.events)
    places = tables.places()
    for place in sorted(folded.keys() | places):
        comparison.compare(place, folded.get(place), tables.row(*place))
    notes = [*comparison.notes(), *truncates(log.events)]
    if comparison.rows:
        evidence = (*some(comparison.found()), *notes)
        return passed_if(False, name, comparison.rows, unit, objective, evidence)
    if comparison.doubtful:
        return not_measured(name, unit, objective, "; ".join(comparison.doubts()))
    return passed_if(True, name, 0, unit, objective, (f"{len(places)} rows equal", *notes))


def schema_changes(log: EventLog, tables: Tables) -> Check:
    """Counts the columns that were altered while changes were made."""
    name, unit = "CDC schema changes", "columns"
    if not log.complete:
        return not_measured(name, unit, "no limit", UNREAD)
    lines, since = [], since_when(log.events)
    for table, now in tables.columns.items():
        before = tables.columns_before.get(table, {})
        for column in now.keys() - before.keys():
            first = since.get((table, column))
            seen = "no event has it" if first is None else f"events have it from LSN {first} on"
            lines.append(f"{table}: column {column} ({now[column].kind}) was added; {seen}")
        lines += [f"{table}: column {column} was dropped" for column in before.keys() - now.keys()]
        lines += [
            f"{table}: column {column} was {before[column].kind} and is {now[column].kind}"
            for column in now.keys() & before.keys()
            if now[column].kind != before[column].kind
        ]
    return measured(name, len(lines), unit, some(sorted(lines)))


@dataclass
class _Comparison:
    """Compares row after row, and collects what it finds."""

    tables: Tables
    since: Mapping[tuple[str, str], int]
    """(table, column) -> LSN of the first event that has the column."""
    full_identity: bool
    rows: int = 0
    """Number of rows that differ."""
    differences: list[str] = field(default_factory=list)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(table, column, why it was not compared) -> rows."""
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(table, added column) -> rows whose last event lacks it, and of which it is not known whether
    that event is older than the column."""
    only_in_events: int = 0

    def compare(self, place: tuple[str, int], mine: Folded | None, real: Row | None) -> None:
        before = self.rows, sum(self.missing.values())
        if mine is None or real is None:
            self.only_in_events += real is None
            where = "PostgreSQL" if mine is None else "the events"
            self.differences.append(f"{place[0]} {place[1]}: only in {where}")
            self.rows += 1
            return
        differing = list(self._columns(place[0], mine, real))
        if differing:
            self.differences.append(f"{place[0]} {place[1]}: {', '.join(differing)}")
        self.rows = before[0] + bool(differing or sum(self.missing.values()) > before[1])

    def _columns(self, table: str, mine: Folded, real: Row) -> Iterator[str]:
        """Yields differences; counts what is missing and what can't be compared."""
        for name, column in self.tables.columns[table].items():
            if name not in mine.row:
                self._absent(table, name, mine.lsn)
                continue
            if name in mine.unsent and not self.full_identity:
                self.skipped[
                    table, name, "a change of the key did not touch it, and no event has it"
                ] += 1
                continue
            equal = same(column.kind, real[name], mine.row[name])
            if not equal and self._may_be_of_the_type_before(table, name, mine.lsn):
                self.skipped[table, name, "its type was changed meanwhile"] += 1
            elif equal is None:
                self.skipped[table, name, f"a value of type {column.kind} is not compared"] += 1
            elif not equal:
                values = f"{str(mine.row[name])[:40]!r} and {str(real[name])[:40]!r}"
                yield f"the events and PostgreSQL have {name} {values}{self._cause(table, name)}"

    def _absent(self, table: str, name: str, lsn: int) -> None:
        added, since = self._altered(table, name), self.since.get((table, name))
        if added is not None and since is not None and since < added.not_yet:
            # The event is older than the column: it has a dropped column of the same name.
            since = None
        if self.tables.columns[table][name].generated:
            self.skipped[table, name, "PostgreSQL does not replicate a GENERATED column"] += 1
        elif added is None or lsn > added.seen or (since is not None and lsn >= since):
            self.missing[table, name] += 1
        elif since is not None or lsn <= added.not_yet:
            self.skipped[table, name, "it was added after the row's last event"] += 1
        else:
            self.doubtful[table, name] += 1

    def _altered(self, table: str, name: str) -> Altered | None:
        """Returns when a column was added or given another type; None if neither happened."""
        column = self.tables.columns[table][name]
        before = self.tables.columns_before.get(table, {}).get(name)
        same_as_ever = before is not None and before.kind == column.kind
        unseen = None if same_as_ever else replace(AT_SOME_TIME, retyped=before is not None)
        return self.tables.altered.get(table, {}).get(name, unseen)

    def _may_be_of_the_type_before(self, table: str, name: str, lsn: int) -> bool:
        """Whether the row's last event may have the value as the column's earlier type wrote it.

        Without REPLICA IDENTITY FULL, later events do not have a large value that they do not
        touch, so the value is that of an earlier event.
        """
        altered = self._altered(table, name)
        if altered is None or not altered.retyped:
            return False
        return lsn <= altered.seen or not self.full_identity

    def _cause(self, table: str, name: str) -> str:
        cause = self.tables.touched.get(table, {}).get(name, "")
        return f" ({cause})" if cause else ""

    def found(self) -> list[str]:
        """Returns the findings, missing columns first."""
        lines = [
            f"column {name} of {table} is missing in the events of {count} rows"
            f"{self._cause(table, name)}"
            for (table, name), count in sorted(self.missing.items())
        ]
        if self.only_in_events and self.tables.skips_truncate:
            lines.append(
                "the connector leaves out TRUNCATE (skipped.operations): rows that one "
                "removed stay in the events"
            )
        return lines + self.differences

    def doubts(self) -> Iterator[str]:
        """Yields why it is not known whether a column is missing."""
        for (table, name), count in sorted(self.doubtful.items()):
            yield (
                f"no event has the column {name} that was added to {table}; it is not known "
                f"whether {count} rows changed after that"
            )

    def notes(self) -> list[str]:
        """Returns what was not compared, and why."""
        return [
            f"column {name} of {table} is not compared in {count} rows: {why}"
            f"{self._cause(table, name)}"
            for (table, name, why), count in sorted(self.skipped.items())
        ]
