"""A finished trial as facts: what the checks judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from support.record.attempts import Attempts, Outcome
from support.record.damage import Damage
from support.record.observed import Observations, places
from support.record.sessions import GroupRead


@dataclass(frozen=True)
class LogRead:
    """The whole topic, read once from the beginning by a fresh client after everything settled.

    `end_offsets` (partition -> offset) is where each partition ended before the reading began,
    `reached` is the position that the reader got to, `start_offsets` the first offset that was
    still there: above 0 the broker has deleted what stood before.
    """

    seen: Observations
    end_offsets: Mapping[int, int]
    reached: Mapping[int, int]
    bytes: int = 0
    """Of the keys and values read."""
    start_offsets: Mapping[int, int] = field(default_factory=dict)
    damaged: tuple[Damage, ...] = ()
    """What the reader had to pass over, because its client refused it."""
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """Partition -> why it was not read to its end; one without a leader has no end offset."""

    @property
    def complete(self) -> bool:
        """Whether every partition was read up to its end, damaged batches apart."""
        return (
            bool(self.end_offsets)
            and not self.unreadable
            and all(
                self.reached.get(partition, 0) >= end for partition, end in self.end_offsets.items()
            )
        )


@dataclass(frozen=True)
class History:
    """Attempts, the log, the groups that read along, and when something was broken on purpose."""

    attempts: Attempts
    log: LogRead
    groups: tuple[GroupRead, ...] = ()
    disturbances: tuple[tuple[int, int], ...] = ()
    """Monotonic ns: from the injection of each fault to the moment at which its heal began."""

    @cached_property
    def copies(self) -> NDArray[np.int64]:
        """By record: at how many places of the log it stands."""
        return count_by_id(first_looks(self.log.seen).id, len(self.attempts))

    @cached_property
    def known_places(self) -> NDArray[np.int64]:
        """Places that a reader must be given, ascending: in the log, or acknowledged and then
        deleted from its beginning by retention. A hole is the broker's loss and no reader's."""
        attempts, starts = self.attempts, self.log.start_offsets
        start = np.zeros(
            max([*starts, int(attempts.partition.max(initial=0))], default=0) + 1, np.int64
        )
        for partition, first in starts.items():
            start[partition] = first
        acked = (attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0)
        acked &= attempts.offset < start[attempts.partition]
        told = places(attempts.partition[acked], attempts.offset[acked])
        return np.union1d(first_looks(self.log.seen).places(), told)


def first_looks(seen: Observations) -> Observations:
    """Each place of the log once, however often it was read."""
    offsets = (seen.offset[seen.partition == partition] for partition in seen.partitions)
    if all(bool(np.all(np.diff(each) > 0)) for each in offsets):
        return seen
    _, first = np.unique(seen.places(), return_index=True)
    return seen.where(np.sort(first))


def count_by_id(ids: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How often each of the records 0 .. count - 1 occurs; others are left out."""
    ours = ids[(ids >= 0) & (ids < count)]
    return np.bincount(ours, minlength=count)


def first_received(seen: Observations, count: int) -> NDArray[np.int64]:
    """When each record was first given to the consumer; 0 when it never was."""
    first = np.zeros(count, np.int64)
    ours = (seen.id >= 0) & (seen.id < count)
    # Backwards, so that of several deliveries the first one stays.
    first[seen.id[ours][::-1]] = seen.received_ns[ours][::-1]
    return first
