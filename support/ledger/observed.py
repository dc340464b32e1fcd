"""What a reader saw, in the order in which it saw it; appended to a file as it comes."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROW = np.dtype(
    {
        "names": ["id", "partition", "offset", "received_ns", "intact"],
        "formats": ["<i8", "<i2", "<i8", "<i8", "u1"],
    }
)
_PACK = struct.Struct("<qhqqB")

FOREIGN = -1
"""The id of a record whose key is not one of ours."""


@dataclass(frozen=True)
class Observations:
    """Parallel arrays in reading order. `intact` is false where key and payload disagree."""

    id: NDArray[np.int64]
    partition: NDArray[np.int16]
    offset: NDArray[np.int64]
    received_ns: NDArray[np.int64]
    intact: NDArray[np.bool_]

    @classmethod
    def read(cls, path: Path) -> Observations:
        """From a journal; a last row cut off by a crash is left out."""
        raw = path.read_bytes()
        rows = np.frombuffer(raw[: len(raw) // ROW.itemsize * ROW.itemsize], dtype=ROW)
        return cls(
            rows["id"].astype(np.int64),
            rows["partition"].astype(np.int16),
            rows["offset"].astype(np.int64),
            rows["received_ns"].astype(np.int64),
            rows["intact"].astype(np.bool_),
        )

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int] | tuple[int, int, int, bool]]) -> Observations:
        """From (id, partition, offset[, intact]) literals, for hand-written histories."""
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


class ObservationJournal:
    """Appends observations to a file; flushed to the operating system by flush()."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self.path = path

    def append(
        self, record_id: int, partition: int, offset: int, received_ns: int, intact: bool
    ) -> None:
        self._file.write(_PACK.pack(record_id, partition, offset, received_ns, intact))

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> Observations:
        """End the journal; everything in it."""
        self._file.close()
        return Observations.read(self.path)
