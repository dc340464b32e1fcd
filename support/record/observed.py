"""Records that a reader received, in the order of reading, and its journal on disk."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROW = np.dtype(
    {
        "names": ["id", "partition", "offset", "received_ns", "intact"],
        "formats": ["<i8", "<i2", "<i8", "<i8", "u1"],
    }
)
_PACK = struct.Struct("<qhqqB")

OFFSET_BITS = 48

FOREIGN = -1
"""The id of a record whose key is not one of ours."""


@dataclass(frozen=True)
class Observations:
    """Received records as parallel arrays in reading order.

    `id` is FOREIGN for a key that is not ours, `received_ns` is monotonic, and `intact` is False
    where the payload is not the one that belongs to the key.
    """

    id: NDArray[np.int64]
    partition: NDArray[np.int16]
    offset: NDArray[np.int64]
    received_ns: NDArray[np.int64]
    intact: NDArray[np.bool_]

    @classmethod
    def read(cls, path: Path) -> Observations:
        """Reads a journal; a last row that a crash cut off is ignored."""
        count = path.stat().st_size // ROW.itemsize
        # Mapped, so that only the columns below take memory. An empty file can't be mapped.
        rows = np.memmap(path, ROW, "r", shape=(count,)) if count else np.empty(0, ROW)
        return cls(
            rows["id"].astype(np.int64),
            rows["partition"].astype(np.int16),
            rows["offset"].astype(np.int64),
            rows["received_ns"].astype(np.int64),
            rows["intact"].astype(np.bool_),
        )

    @classmethod
    def together(cls, parts: Sequence[Observations]) -> Observations:
        """Joins the observations of several readers in the order of their times."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.of([])
        joined = cls(
            np.concatenate([part.id for part in parts]),
            np.concatenate([part.partition for part in parts]),
            np.concatenate([part.offset for part in parts]),
            np.concatenate([part.received_ns for part in parts]),
            np.concatenate([part.intact for part in parts]),
        )
        return joined.where(np.argsort(joined.received_ns, kind="stable"))

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Observations:
        """Returns the rows that a mask or an index selects."""
        return Observations(
            self.id[chosen],
            self.partition[chosen],
            self.offset[chosen],
            self.received_ns[chosen],
            self.intact[chosen],
        )

    def packed(self) -> NDArray[np.int64]:
        """Returns partition and offset of each row as one number."""
        return packed(self.partition, self.offset)

    def of_partition(self, partition: int) -> Observations:
        """Returns the rows of one partition."""
        return self.where(self.partition == partition)

    @property
    def partitions(self) -> list[int]:
        """The partitions that occur, ascending."""
        return [int(each) for each in np.unique(self.partition)]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int] | tuple[int, int, int, bool]]) -> Observations:
        """Makes observations of (id, partition, offset[, intact]), for hand-written histories."""
        full = [(r[0], r[1], r[2], n, r[3] if len(r) > 3 else True) for n, r in enumerate(rows)]
        columns = list(zip(*full, strict=True)) or [(), (), (), (), ()]
        return cls(
            np.array(columns[0], np.int64),
            np.array(columns[1], np.int16),
            np.array(columns[2], np.int64),
            np.array(columns[3], np.int64),
            np.array(columns[4], np.bool_),
        )

    def __len__(self) -> int:
        return len(self.id)


def packed(partition: NDArray[np.integer[Any]], offset: NDArray[np.int64]) -> NDArray[np.int64]:
    """Packs each partition and offset into one number, which sorts by partition, then offset."""
    return (partition.astype(np.int64) << OFFSET_BITS) | offset


class ObservationJournal:
    """Appends observations to a file; flush() hands them to the operating system."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self.path = path

    def append(
        self, record_id: int, partition: int, offset: int, received_ns: int, intact: bool
    ) -> None:
        """Adds one observation."""
        self._file.write(_PACK.pack(record_id, partition, offset, received_ns, intact))

    def flush(self) -> None:
        """Hands all observations to the operating system, so that a crash keeps them."""
        self._file.flush()

    def close(self) -> Observations:
        """Ends the journal; returns everything in it."""
        self._file.close()
        return Observations.read(self.path)


def write_journal(seen: Observations, path: Path) -> None:
    """Writes a whole journal at once, in the format that Observations.read() reads."""
    rows = np.empty(len(seen), ROW)
    for name in ROW.names or ():
        rows[name] = getattr(seen, name)
    rows.tofile(path)
