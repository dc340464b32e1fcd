"""The history of a load: what was sent, what the log holds, and what consumers received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from support.record.attempts import Attempts, Outcome
from support.record.damage import Damage
from support.record.observed import Observations, packed
from support.record.sessions import GroupRead


@dataclass(frozen=True)
class LogRead:
    """The whole topic, read once from the beginning by a fresh client after everything has settled.

    `end_offsets` (partition -> offset): where each partition ended before the reading. `reached`:
    the reader's final position. `start_offsets`: the first offset in the log; above 0, the broker
    has deleted the records before it.
    """

    seen: Observations
    end_offsets: Mapping[int, int]
    reached: Mapping[int, int]
    bytes: int = 0
    """Total size of the keys and values."""
    start_offsets: Mapping[int, int] = field(default_factory=dict)
    damaged: tuple[Damage, ...] = ()
    """Batches that the reader had to skip, because its client refused them."""
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """Partition -> why it was not read to its end. One without a leader has no end offset."""

    @property
    def complete(self) -> bool:
        """Whether every partition was read to its end, except for damaged batches."""
        return (
            bool(self.end_offsets)
            and not self.unreadable
            and all(
                self.reached.get(partition, 0) >= end for partition, end in self.end_offsets.items()
            )
        )


@dataclass(frozen=True)
class History:
    """The attempts, the log, the consumer groups that read along, and the times of the faults."""

    attempts: Attempts
    log: LogRead
    groups: tuple[GroupRead, ...] = ()
    disturbances: tuple[tuple[int, int], ...] = ()
    """From the injection of each fault to the start of its heal, in monotonic ns."""

    @cached_property
    def copies(self) -> NDArray[np.int64]:
        """Number of copies of each record in the log, by id."""
        return count_by_id(first_reads(self.log.seen).id, len(self.attempts))

    @cached_property
    def known_offsets(self) -> NDArray[np.int64]:
        """The offsets that a reader must receive, packed and ascending.

        They are in the log, or were acknowledged and then deleted from its start by retention. An
        offset that is missing within the log was lost by the broker, and not by a reader.
        """
        attempts, starts = self.attempts, self.log.start_offsets
        start = np.zeros(
            max([*starts, int(attempts.partition.max(initial=0))], default=0) + 1, np.int64
        )
        for partition, first in starts.items():
            start[partition] = first
        acked = (attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0)
        acked &= attempts.offset < start[attempts.partition]
        deleted = packed(attempts.partition[acked], attempts.offset[acked])
        return np.union1d(first_reads(self.log.seen).packed(), deleted)


def first_reads(seen: Observations) -> Observations:
    """Returns the first observation of each offset, however often it was read."""
    offsets = (seen.offset[seen.partition == partition] for partition in seen.partitions)
    if all(bool(np.all(np.diff(each) > 0)) for each in offsets):
        return seen
    _, first = np.unique(seen.packed(), return_index=True)
    return seen.where(np.sort(first))


def count_by_id(ids: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Returns how often each of the ids 0 to count - 1 occurs; other ids are ignored."""
    ours = ids[(ids >= 0) & (ids < count)]
    return np.bincount(ours, minlength=count)


def first_received(seen: Observations, count: int) -> NDArray[np.int64]:
    """Returns when each record was first delivered to the consumer, by id; 0 if it never was."""
    first = np.zeros(count, np.int64)
    ours = (seen.id >= 0) & (seen.id < count)
    # Backwards, so that the first of several deliveries remains.
    first[seen.id[ours][::-1]] = seen.received_ns[ours][::-1]
    return first
