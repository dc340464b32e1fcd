"""Checks of Debezium's snapshot, and of what was logged meanwhile.

snapshot rows: every row of every table is in its topic, once, exactly as in PostgreSQL. Rows are
compared by key and by a digest of the columns whose type has the same form on both sides. FAIL
names the keys that are missing, that differ, that PostgreSQL does not have, or that come more than
once. A snapshot that was begun again may repeat rows, which are only counted. INCONCLUSIVE when the
topics were not read to their end, or when the tables are empty.
logged errors: lines of level ERROR or FATAL that are not on the list of the harmless ones.
INCONCLUSIVE when the log of a part was not read, or not understood, and the others have no error;
SKIPPED when this target can't read it.
changed meanwhile: whether changes were committed while the snapshot was taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from support.checks.judged import left_out, measured, none_of, not_measured, passed_if, some
from support.clock import NS_PER_S
from support.record.part_logs import LoggedErrors
from support.record.snapshot import Rows
from support.results.schema import Check

HARMLESS: tuple[str, ...] = ()
"""Texts of log lines that do not count as errors, each with the reason."""


def snapshot_rows(
    events: Mapping[str, Rows],
    tables: Mapping[str, Rows],
    complete: bool,
    *,
    once: bool = True,
    others: Sequence[str] = (),
) -> Check:
    """Judges whether Kafka and PostgreSQL have the same rows.

    `events` and `tables`: table -> its rows in Kafka and in PostgreSQL. With `once` no row may come
    twice. `others`: columns that are not compared, because events have them in another form.
    """
    name, unit = "snapshot rows", "rows"
    objective = f"every row {'once' if once else 'at least once'}, exactly as in PostgreSQL"
    total = sum(len(keys) for keys, _ in tables.values())
    if not complete or not total:
        why = "the topics were not read to their end" if not complete else "the tables are empty"
        return not_measured(name, unit, objective, why)
    found, lines = list[str](), [f"not compared: column {name}" for name in others]
    for table, real in tables.items():
        found += _differences(table, events[table], real)
        surplus = len(events[table][0]) - len(np.unique(events[table][0]))
        lines.append(f"{table}: {len(real[0])} rows, {surplus} of them sent again")
        if surplus and once:
            found.append(f"{table}: {surplus} events more than rows")
    return passed_if(not found, name, total, unit, objective, some(found) if found else lines)


def _differences(table: str, seen: Rows, real: Rows) -> Iterator[str]:
    keys = np.unique(seen[0])
    for key in np.setdiff1d(real[0], keys)[:100]:
        yield f"{table} {key}: only in PostgreSQL"
    for key in np.setdiff1d(keys, real[0])[:100]:
        yield f"{table} {key}: only in Kafka"
    # Repeated events are compared as well.
    place = np.searchsorted(real[0], seen[0]).clip(max=max(0, len(real[0]) - 1))
    differ = (real[0][place] == seen[0]) & (real[1][place] != seen[1]) if len(real[0]) else []
    for key in seen[0][differ][:100]:
        yield f"{table} {key}: other values in Kafka than in PostgreSQL"


def logged_errors(logs: Mapping[str, LoggedErrors]) -> Check:
    """Judges whether a part of the stack logged an error; `logs` is by part."""
    name, objective = "logged errors", "0 lines of level ERROR or FATAL beyond the known harmless"
    found = [
        f"{part}: {line[:200]}"
        for part, log in logs.items()
        for line in log.errors
        if not any(harmless in line for harmless in HARMLESS)
    ]
    lacking = [log.lacking for log in logs.values() if log.lacking]
    unread = [f"{part}: {log.trouble}" for part, log in logs.items() if log.trouble]
    if not found and lacking:
        return left_out(name, "lines", objective, "; ".join(dict.fromkeys(lacking)))
    if not found and (unread or not logs):
        return not_measured(name, "lines", objective, "; ".join(unread) or "no log was read")
    read = [f"{part}: {log.lines} lines" for part, log in logs.items()]
    return none_of(name, "lines", objective, found, read)


def changed_meanwhile(taken_ns: Sequence[int], committed_ns: Sequence[tuple[int, int]]) -> Check:
    """Counts the changes that were committed while a snapshot was taken.

    `taken_ns`: arrivals of the snapshot's events. `committed_ns`: earliest and latest moment at
    which each change may have been committed. All are monotonic, by this host's clock.
    """
    name, unit, objective = "changed meanwhile", "changes", "at least 1 during the snapshot"
    if not taken_ns:
        return not_measured(name, unit, objective, "no snapshot event was seen to arrive")
    first, last = min(taken_ns), max(taken_ns)
    inside = sum(first <= earliest and latest <= last for earliest, latest in committed_ns)
    if not inside:
        return not_measured(name, unit, objective, "no change fell into the snapshot")
    count = f"{len(taken_ns)} snapshot events in {(last - first) / NS_PER_S:.1f} s"
    return measured(name, inside, unit, (count,))
