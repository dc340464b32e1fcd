"""The producer's attempts and their outcomes: columns on disk with one entry a record, by its id.

The load generator writes them through memory-mapped files while it runs: they are the journal,
which survives a crash, the live progress and the evidence.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Outcome(IntEnum):
    """The producer's knowledge of a record. ACKED: its delivery report had no error."""

    NOT_SENT = 0
    PENDING = 1
    ACKED = 2
    REJECTED = 3
    UNKNOWN = 4
    """Timed out or cut off: it may be in the log or not."""


COLUMNS = {
    "sent_ns": "q",
    "acked_ns": "q",
    "partition": "h",
    "offset": "q",
    "outcome": "B",
    "error": "h",
    "size": "i",
}
"""Column -> array type code. Columns start as zeros; `sent_ns` and `acked_ns` are monotonic."""


class AttemptColumns:
    """Writable views of the columns for the generator's inner loop (95 ns for each timestamp)."""

    def __init__(self, folder: Path, views: dict[str, memoryview]) -> None:
        self.folder = folder
        self.sent_ns, self.acked_ns = views["sent_ns"], views["acked_ns"]
        self.partition, self.offset = views["partition"], views["offset"]
        self.outcome, self.error, self.size = views["outcome"], views["error"], views["size"]

    @classmethod
    def create(cls, folder: Path, count: int) -> AttemptColumns:
        """Makes columns of `count` zeros, in files `<column>.<type code>` under `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        views = {}
        for name, code in COLUMNS.items():
            path = folder / f"{name}.{code}"
            size = max(1, count) * np.dtype(code).itemsize
            with path.open("wb") as file:
                file.truncate(size)
            with path.open("r+b") as file:
                views[name] = memoryview(mmap.mmap(file.fileno(), size)).cast(code)[:count]  # type: ignore[call-overload]
        return cls(folder, views)


class Attempts:
    """Read-only arrays over the columns; they change while the generator writes."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        self.sent_ns = arrays["sent_ns"].astype(np.int64, copy=False)
        self.acked_ns = arrays["acked_ns"].astype(np.int64, copy=False)
        self.partition = arrays["partition"].astype(np.int16, copy=False)
        self.offset = arrays["offset"].astype(np.int64, copy=False)
        self.outcome = arrays["outcome"].astype(np.uint8, copy=False)
        self.error = arrays["error"].astype(np.int16, copy=False)
        self.size = arrays["size"].astype(np.int32, copy=False)

    @classmethod
    def open(cls, folder: Path) -> Attempts:
        """Maps the columns in `folder` into memory."""
        return cls(
            {
                name: np.memmap(folder / f"{name}.{code}", dtype=code, mode="r")
                for name, code in COLUMNS.items()
            }
        )

    @classmethod
    def of(cls, **columns: Sequence[int]) -> Attempts:
        """Makes attempts of literals, for hand-written histories; other columns are zeros."""
        length = max(len(column) for column in columns.values())
        return cls(
            {
                name: np.array(columns.get(name, [0] * length), dtype=code)
                for name, code in COLUMNS.items()
            }
        )

    def followed_by(self, later: Attempts, first: int) -> Attempts:
        """Joins these attempts with those of a second producer that continued at record `first`.

        Records that were in flight when the first producer died are UNKNOWN, unless one of the two
        producers got their acknowledgement.
        """
        total = max(len(self), first + len(later))
        arrays = {name: np.zeros(total, code) for name, code in COLUMNS.items()}
        for name, column in arrays.items():
            column[: len(self)] = getattr(self, name)
        outcome = arrays["outcome"]
        outcome[outcome == Outcome.PENDING] = Outcome.UNKNOWN
        fresh = np.flatnonzero(later.outcome != Outcome.NOT_SENT)
        fresh = fresh[outcome[fresh + first] != Outcome.ACKED]
        # A rejection says nothing about the first copy, which may have been stored.
        doubt = (outcome[fresh + first] == Outcome.UNKNOWN) & (
            later.outcome[fresh] == Outcome.REJECTED
        )
        fresh = fresh[~doubt]
        for name, column in arrays.items():
            column[fresh + first] = getattr(later, name)[fresh]
        return Attempts(arrays)

    def __len__(self) -> int:
        return len(self.outcome)

    def ids(self, outcome: Outcome) -> NDArray[np.int64]:
        """Returns the ids with an outcome, ascending."""
        return np.flatnonzero(self.outcome == outcome).astype(np.int64)

    def count(self, outcome: Outcome) -> int:
        """Returns the number of records with an outcome."""
        return int(np.count_nonzero(self.outcome == outcome))

    @property
    def attempted(self) -> int:
        """Number of records handed to the producer, whatever their outcome."""
        return int(np.count_nonzero(self.outcome))
