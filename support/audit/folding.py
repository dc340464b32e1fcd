"""Applies the events of a topic in order and compares the rows that they give with a table's.

Pure functions of records: an event is a record of `event_type`, a row of the table one of
`row_type`. Records of one key are all in the same part (spill.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.audit.digests import ABSENT, LEFT_ALONE, UNSENT
from support.audit.spill import Records

PARTITION_BITS = 48
"""A place in a topic is the partition, shifted by so many bits, and the offset."""

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Kind(IntEnum):
    """The statement of an event about its row."""

    GONE = 0
    THERE = 1
    LATER = 2
    """It is of a snapshot that was taken after the cut."""
    OPEN = 3
    """It is not known whether its transaction belongs to the cut."""


def place_of(partition: int, offset: int) -> int:
    """Returns a place in a topic as one number, ordered within a partition."""
    return partition << PARTITION_BITS | offset


def partition_and_offset(place: int) -> tuple[int, int]:
    """Returns the parts of a place."""
    return place >> PARTITION_BITS, place & ((1 << PARTITION_BITS) - 1)


def event_type(large: int) -> np.dtype[Any]:
    """Returns the type of an event: digests of key, row and large values, place, LSN, kind and
    shape."""
    return np.dtype(
        [
            *((name, np.int64) for name in ("key", "place", "lsn", "row")),
            *(("kind", np.int8), ("shape", np.int8), ("large", np.int64, (large,))),
        ]
    )


def row_type(shapes: int, large: int) -> np.dtype[Any]:
    """Returns the type of a table's row: digests, its line in the dump, and the age of the
    transaction that wrote it."""
    return np.dtype(
        [
            *(("key", np.int64), ("line", np.int64), ("age", np.int64)),
            *(("rows", np.int64, (shapes,)), ("large", np.int64, (large,))),
        ]
    )


@dataclass
class Differences:
    """The differences in one part. Places are of the last event of a row, lines of the dump.

    `missing`: (line, place or -1 if no event has the row, age); `surplus`: place;
    `different`: (line, place). `unsent` and `absent`: number of rows by large column.
    `shapes`: number of equal or different rows by shape.
    """

    missing: list[tuple[int, int, int]] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    judged: int = 0
    """Number of the table's rows that were compared, also of those that are missing."""
    undecided: int = 0
    unsent: dict[int, int] = field(default_factory=dict)
    absent: dict[int, int] = field(default_factory=dict)
    shapes: dict[int, int] = field(default_factory=dict)
    moved_keys: int = 0
    """Number of keys whose events are in several partitions; these are ordered by LSN."""


def compare_part(events: Records, rows: Records, truncated_lsn: int) -> Differences:
    """Compares the events and the rows of one part.

    `truncated_lsn`: LSN of the last TRUNCATE before the cut; 0 if there is none.
    """
    found = Differences()
    open_keys = np.unique(events["key"][events["kind"] == Kind.OPEN])
    later_keys = np.unique(events["key"][events["kind"] == Kind.LATER])
    last = last_events(events[events["kind"] < Kind.LATER], found)
    last = last[~np.isin(last["key"], open_keys)]
    there = (last["kind"] == Kind.THERE) & (last["lsn"] >= truncated_lsn)
    rows = rows[np.argsort(rows["key"], kind="stable")]
    unknown = np.isin(rows["key"], open_keys)
    unknown |= np.isin(rows["key"], later_keys) & ~np.isin(rows["key"], last["key"])
    found.undecided = int(unknown.sum())
    rows = rows[~unknown]
    found.judged = len(rows)
    _, mine, real = np.intersect1d(
        last["key"], rows["key"], assume_unique=True, return_indices=True
    )
    both = there[mine]
    _missing(found, rows, last, (mine, real), both)
    surplus = there.copy()
    surplus[mine] = False
    found.surplus = last["place"][surplus].tolist()
    _different(found, last[mine[both]], rows[real[both]])
    return found


def last_events(events: Records, found: Differences) -> Records:
    """Returns the last event of each key, ordered by key, with its large values filled in.

    Events are ordered by their offsets; those of a key that is in several partitions, by LSN.
    """
    order = np.lexsort((events["place"], events["key"]))
    events = events[order]
    moved = _moved(events)
    if moved.any():
        found.moved_keys = len(np.unique(events["key"][moved]))
        lsn = np.where(moved, events["lsn"], 0)
        events = events[np.lexsort((events["place"], lsn, events["key"]))]
    if not len(events):
        return events
    ends = np.append(np.flatnonzero(np.diff(events["key"])), len(events) - 1)
    starts = np.append(0, ends[:-1] + 1)
    last: Records = events[ends].copy()
    for column in range(events["large"].shape[1]):
        last["large"][:, column] = _filled(events["large"][:, column], starts, ends)
    return last


def _moved(events: Records) -> Flags:
    """Returns which events have a key whose events are in more than one partition."""
    partition = events["place"] >> PARTITION_BITS
    change = (np.diff(partition) != 0) & (np.diff(events["key"]) == 0)
    moved: Flags = np.isin(events["key"], np.unique(events["key"][1:][change]))
    return moved


def _filled(values: Ints, starts: Ints, ends: Ints) -> Ints:
    """Returns the last value of each key that an update did not leave alone."""
    own = np.where(values != LEFT_ALONE, np.arange(len(values)), -1)
    at = np.maximum.accumulate(own)[ends]
    return np.where(at >= starts, values[at], UNSENT)


def _missing(
    found: Differences, rows: Records, last: Records, common: tuple[Ints, Ints], both: Flags
) -> None:
    """Notes the rows that the events do not have, or have as deleted."""
    mine, real = common
    place = np.full(len(rows), -1, np.int64)
    place[real] = last["place"][mine]
    absent = np.ones(len(rows), np.bool_)
    absent[real[both]] = False
    columns = rows["line"][absent], place[absent], rows["age"][absent]
    found.missing = list(zip(*(each.tolist() for each in columns), strict=True))


def _different(found: Differences, mine: Records, real: Records) -> None:
    shapes = mine["shape"].astype(np.int64)
    differ = mine["row"] != real["rows"][np.arange(len(real)), shapes]
    for column in range(mine["large"].shape[1]):
        value = mine["large"][:, column]
        compared = (value != UNSENT) & (value != ABSENT)
        differ |= compared & (value != real["large"][:, column])
        for name, mark in ((found.unsent, UNSENT), (found.absent, ABSENT)):
            name[column] = int((value == mark).sum())
    found.different = list(
        zip(real["line"][differ].tolist(), mine["place"][differ].tolist(), strict=True)
    )
    numbers, counts = np.unique(shapes, return_counts=True)
    found.shapes = dict(zip(numbers.tolist(), counts.tolist(), strict=True))


def compare_keyless_part(events: Records, rows: Records, truncated_lsn: int) -> Differences:
    """Compares rows without a key as multisets: `key` is the digest of the whole row.

    An update is the removal of the row before it, and the addition of the one after it.
    """
    undecided = int((events["kind"] >= Kind.LATER).sum())
    found = Differences(judged=len(rows), undecided=undecided)
    events = events[(events["kind"] < Kind.LATER) & (events["lsn"] >= truncated_lsn)]
    keys = np.unique(np.concatenate([events["key"], rows["key"]]))
    signs = np.where(events["kind"] == Kind.THERE, 1, -1)
    net = np.bincount(np.searchsorted(keys, events["key"]), signs, len(keys)).astype(np.int64)
    real = np.bincount(np.searchsorted(keys, rows["key"]), minlength=len(keys))
    for key in np.flatnonzero(net > real):
        places = events["place"][events["key"] == keys[key]]
        found.surplus += places[-(net[key] - real[key]) :].tolist()
    for key in np.flatnonzero(net < real):
        records = rows[rows["key"] == keys[key]][: real[key] - max(0, net[key])]
        found.missing += [(int(each["line"]), -1, int(each["age"])) for each in records]
    found.shapes = {0: len(rows)}
    return found
