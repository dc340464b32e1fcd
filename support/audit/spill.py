"""Records of fixed size, kept on disk in parts that fit into memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

PENDING = 50_000
"""Records that wait in memory until they are written."""
PART_BYTES = 24 * 1024 * 1024
MOST_PARTS = 256
"""Limit for all spills that are open together. A part is an open file, of which a process may often
have only 1024."""

Records = NDArray[Any]


def parts_for(records: int, size: int, spills: int = 1) -> int:
    """Returns the number of parts of a spill: a power of two, so that each is about PART_BYTES.

    Each of `spills` that are open together may have so many records. They have at most MOST_PARTS
    together, or one each: then parts are larger.
    """
    wanted = max(1, -(-records * size // PART_BYTES))
    share = max(1, MOST_PARTS // spills)
    return int(min(1 << (share.bit_length() - 1), 1 << (wanted - 1).bit_length()))


def nameless_file(folder: Path) -> IO[bytes]:
    """Returns an open file without a name, which ends with the process."""
    return tempfile.TemporaryFile(dir=folder)


class Spill:
    """Records in parts by their field `key`; a part has all records of a key.

    The files have no name: nothing is left when the process ends in any way.
    """

    def __init__(self, dtype: np.dtype[Any], parts: int, folder: Path) -> None:
        self.dtype, self.parts, self.count = dtype, parts, 0
        self._files = [nameless_file(folder) for _ in range(parts)]
        self._pending: list[tuple[Any, ...]] = []

    def add(self, record: tuple[Any, ...]) -> None:
        """Adds a record, a tuple in the order of the fields."""
        self._pending.append(record)
        if len(self._pending) >= PENDING:
            self.flush()

    def flush(self) -> None:
        """Writes the records that wait."""
        if not self._pending:
            return
        records = np.array(self._pending, self.dtype)
        self.count += len(records)
        self._pending.clear()
        which = records["key"] & (self.parts - 1)
        for part in np.unique(which):
            self._files[int(part)].write(records[which == part].tobytes())

    def part(self, number: int) -> Records:
        """Returns the records of a part, in the order in which they were added."""
        self.flush()
        file = self._files[number]
        file.seek(0)
        return np.frombuffer(file.read(), self.dtype)

    def close(self) -> None:
        """Frees the disk space."""
        for file in self._files:
            file.close()
