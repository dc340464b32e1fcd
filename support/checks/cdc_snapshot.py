"""snapshot rows: every row of every table is in its topic, once, exactly as in PostgreSQL.

Compared by key and a digest of the values of all columns whose type has one form. FAIL names the
keys that are missing, that differ, that PostgreSQL does not have, or that are there more often: a
snapshot that was begun again may repeat rows, which are counted then. INCONCLUSIVE when the topics
were not read to their end, or when the tables are empty.

logged errors: lines of level ERROR or FATAL in a log that are not on the list of those that are
known to be harmless. INCONCLUSIVE when the log of a part was not read, or not understood, and
nothing was found in the others.
changed meanwhile: whether changes were committed while the snapshot was taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import measured, none_of, not_measured, passed_if, some
from support.clock import NS_PER_S
from support.metrics.log_levels import error_lines
from support.metrics.part_logs import PartLog
from support.results.schema import Check

Rows = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Keys, ascending, and the digests of their rows."""

HARMLESS: tuple[str, ...] = ()
"""Parts of lines that are no trouble, each with its reason beside it."""


def snapshot_rows(
    events: Mapping[str, Rows],
    tables: Mapping[str, Rows],
    complete: bool,
    *,
    once: bool = True,
    others: Sequence[str] = (),
) -> Check:
    """`events` and `tables`: table -> its rows by Kafka and by PostgreSQL; `others`: columns that
    are not compared, because events have their values in another form."""
    name, unit = "snapshot rows", "rows"
    objective = f"every row {'once' if once else 'at least once'}, exactly as in PostgreSQL"
    total = sum(len(keys) for keys, _ in tables.values())
    if not complete or not total:
        why = "the topics were not read to their end" if not complete else "the tables are empty"
        return not_measured(name, unit, objective, why)
    found, told = list[str](), [f"not compared: column {name}" for name in others]
    for table, real in tables.items():
        found += _differences(table, events[table], real)
        surplus = len(events[table][0]) - len(np.unique(events[table][0]))
        told.append(f"{table}: {len(real[0])} rows, {surplus} of them sent again")
        if surplus and once:
            found.append(f"{table}: {surplus} events more than rows")
    return passed_if(not found, name, total, unit, objective, some(found) if found else told)


def _differences(table: str, seen: Rows, real: Rows) -> Iterator[str]:
    keys = np.unique(seen[0])
    for key in np.setdiff1d(real[0], keys)[:100]:
        yield f"{table} {key}: only in PostgreSQL"
    for key in np.setdiff1d(keys, real[0])[:100]:
        yield f"{table} {key}: only in Kafka"
    # Of every event, also of those that were sent again.
    place = np.searchsorted(real[0], seen[0]).clip(max=max(0, len(real[0]) - 1))
    differ = (real[0][place] == seen[0]) & (real[1][place] != seen[1]) if len(real[0]) else []
    for key in seen[0][differ][:100]:
        yield f"{table} {key}: other values in Kafka than in PostgreSQL"


def logged_errors(logs: Mapping[str, PartLog]) -> Check:
    """`logs`: part -> what it logged meanwhile, for every part that is spoken of."""
    name, objective = "logged errors", "0 lines of level ERROR or FATAL beyond the known harmless"
    found = [
        f"{part}: {line[:200]}"
        for part, log in logs.items()
        for line in error_lines(log.text)
        if not any(harmless in line for harmless in HARMLESS)
    ]
    unread = [f"{part}: {log.trouble}" for part, log in logs.items() if log.trouble]
    if not found and (unread or not logs):
        return not_measured(name, "lines", objective, "; ".join(unread) or "no log was read")
    read = [f"{part}: {len(log.text.splitlines())} lines" for part, log in logs.items()]
    return none_of(name, "lines", objective, found, read)


def changed_meanwhile(taken_ns: Sequence[int], committed_ns: Sequence[tuple[int, int]]) -> Check:
    """`taken_ns`: arrivals of the snapshot's events; `committed_ns`: earliest and latest moment at
    which each change may have been committed; all by this host's clock."""
    name, unit, objective = "changed meanwhile", "changes", "at least 1 during the snapshot"
    if not taken_ns:
        return not_measured(name, unit, objective, "no snapshot event was seen to arrive")
    first, last = min(taken_ns), max(taken_ns)
    inside = sum(first <= earliest and latest <= last for earliest, latest in committed_ns)
    if not inside:
        return not_measured(name, unit, objective, "no change fell into the snapshot")
    told = f"{len(taken_ns)} snapshot events in {(last - first) / NS_PER_S:.1f} s"
    return measured(name, inside, unit, (told,))
