"""The state folded from the events against the rows of PostgreSQL.

CDC image: the state folded from the events is not the state of the tables. Rows are compared in
every column that both sides know. A column that was added meanwhile, or given another type, is
compared in rows that changed since: in those whose last event lies behind the first event that has
the column, or behind the place in the write-ahead log at which it was first seen in PostgreSQL. A
column that events do not have is missing in the rows that changed since, and in every row where the
table had it from the start, unless PostgreSQL does not replicate it (GENERATED).
CDC schema changes: columns that were added, dropped or given another type meanwhile; counted.

INCONCLUSIVE when the topics were not read to their end, when nothing was committed, or when no
event has an added column and whether a row changed since is not known.
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
from support.record.events import Altered, EventLog, Tables
from support.results.schema import Check

AT_SOME_TIME = Altered(0, sys.maxsize)


def image(log: EventLog, written: WrittenChanges, tables: Tables) -> Check:
    name, unit = "CDC image", "rows"
    objective = "0 rows that differ between the folded events and PostgreSQL"
    why = doubt(log, written)
    if why:
        return not_measured(name, unit, objective, why)
    comparison = _Comparison(tables, since_when(log.events), log.full_identity)
    folded = fold(log.events)
    for place in sorted(folded.keys() | tables.rows.keys()):
        comparison.compare(place, folded.get(place), tables.rows.get(place))
    notes = [*comparison.notes(), *truncates(log.events)]
    if comparison.rows:
        evidence = (*some(comparison.found()), *notes)
        return passed_if(False, name, comparison.rows, unit, objective, evidence)
    if comparison.doubtful:
        return not_measured(name, unit, objective, "; ".join(comparison.doubts()))
    return passed_if(True, name, 0, unit, objective, (f"{len(tables.rows)} rows equal", *notes))


def schema_changes(log: EventLog, tables: Tables) -> Check:
    name, unit = "CDC schema changes", "columns"
    if not log.complete:
        return not_measured(name, unit, "no limit", UNREAD)
    told, since = [], since_when(log.events)
    for table, now in tables.columns.items():
        before = tables.columns_before.get(table, {})
        for column in now.keys() - before.keys():
            first = since.get((table, column))
            seen = "no event has it" if first is None else f"events have it from LSN {first} on"
            told.append(f"{table}: column {column} ({now[column].kind}) was added; {seen}")
        told += [f"{table}: column {column} was dropped" for column in before.keys() - now.keys()]
        told += [
            f"{table}: column {column} was {before[column].kind} and is {now[column].kind}"
            for column in now.keys() & before.keys()
            if now[column].kind != before[column].kind
        ]
    return measured(name, len(told), unit, some(sorted(told)))


@dataclass
class _Comparison:
    """Findings of row after row."""

    tables: Tables
    since: Mapping[tuple[str, str], int]
    """(table, column) -> LSN of the first event that has it."""
    full_identity: bool
    rows: int = 0
    """That differ."""
    differences: list[str] = field(default_factory=list)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(table, column, why it was not compared) -> rows."""
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(table, added column) -> rows that changed before or after it was added, without it."""
    only_in_events: int = 0

    def compare(
        self, place: tuple[str, int], mine: Folded | None, real: Mapping[str, str | None] | None
    ) -> None:
        before = self.rows, sum(self.missing.values())
        if mine is None or real is None:
            self.only_in_events += real is None
            where = "PostgreSQL" if mine is None else "the events"
            self.differences.append(f"{place[0]} {place[1]}: only in {where}")
            self.rows += 1
            return
        told = list(self._columns(place[0], mine, real))
        if told:
            self.differences.append(f"{place[0]} {place[1]}: {', '.join(told)}")
        self.rows = before[0] + bool(told or sum(self.missing.values()) > before[1])

    def _columns(self, table: str, mine: Folded, real: Mapping[str, str | None]) -> Iterator[str]:
        """Differences; counts what is missing, and what can't be compared."""
        for name, column in self.tables.columns[table].items():
            if name not in mine.row:
                self._absent(table, name, mine.lsn)
                continue
            if name in mine.unsent and not self.full_identity:
                self.skipped[
                    table, name, "a change of the key left it alone, and no event has it"
                ] += 1
                continue
            equal = same(column.kind, real[name], mine.row[name])
            if not equal and self._may_be_of_the_type_before(table, name, mine.lsn):
                self.skipped[table, name, "its type was changed meanwhile"] += 1
            elif equal is None:
                self.skipped[table, name, f"a value of type {column.kind} is not compared"] += 1
            elif not equal:
                told = f"{str(mine.row[name])[:40]!r} and {str(real[name])[:40]!r}"
                yield f"the events and PostgreSQL have {name} {told}{self._cause(table, name)}"

    def _absent(self, table: str, name: str, lsn: int) -> None:
        added, since = self._altered(table, name), self.since.get((table, name))
        if added is not None and since is not None and since < added.not_yet:
            # Of a column by that name that was dropped before.
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
        """None of a column that was always what it is."""
        column = self.tables.columns[table][name]
        before = self.tables.columns_before.get(table, {}).get(name)
        same_as_ever = before is not None and before.kind == column.kind
        unseen = None if same_as_ever else replace(AT_SOME_TIME, retyped=before is not None)
        return self.tables.altered.get((table, name), unseen)

    def _may_be_of_the_type_before(self, table: str, name: str, lsn: int) -> bool:
        """Whether the row's last event may have it in the form of the type before. Without REPLICA
        IDENTITY FULL, a large value that is left alone keeps it in later events."""
        altered = self._altered(table, name)
        if altered is None or not altered.retyped:
            return False
        return lsn <= altered.seen or not self.full_identity

    def _cause(self, table: str, name: str) -> str:
        cause = self.tables.touched.get((table, name), "")
        return f" ({cause})" if cause else ""

    def found(self) -> list[str]:
        """Missing columns first."""
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
        """Why it is not known whether a column is missing."""
        for (table, name), count in sorted(self.doubtful.items()):
            yield (
                f"no event has the column {name} that was added to {table}: the last change of "
                f"{count} rows was before or after that"
            )

    def notes(self) -> list[str]:
        """What was not compared, and why."""
        return [
            f"column {name} of {table} is not compared in {count} rows: {why}"
            f"{self._cause(table, name)}"
            for (table, name, why), count in sorted(self.skipped.items())
        ]
